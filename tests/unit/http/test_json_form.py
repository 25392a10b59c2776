"""Requests and answers as JSON."""

from __future__ import annotations

import json

import pytest

from quoth import v1
from quoth_server.http import json_form
from quoth_server.http.json_form import MOST_ELEMENTS
from quoth_server.service.errors import ServiceError

NAME = "quoth.v1.AttributeQuotesRequest"


def read(text: str) -> v1.AttributeQuotesRequest:
    return json_form.read(text.encode(), v1.AttributeQuotesRequest)


def wrong(text: str) -> ServiceError:
    with pytest.raises(ServiceError) as caught:
        read(text)
    return caught.value


def violations(text: str) -> list[tuple[str, str, str]]:
    return [(each.field, each.reason, each.description) for each in wrong(text).violations]


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ('{"article": {"publishTime": "Tuesday"}}', "article.publish_time"),
        ('{"article": {"publish_time": "Tuesday"}}', "article.publish_time"),
        ('{"article": {"body": 7}}', "article.body"),
        ('{"article": [{}]}', "article"),
        ('{"article": {"publishTime": 7}}', "article.publish_time"),
        ('{"options": {"minConfidence": "much"}}', "options.min_confidence"),
        ('{"options": {"kinds": [{}]}}', "options"),
        ('{"options": {"kinds": [["STATEMENT_KIND_DIRECT"]]}}', "options"),
        ('{"article": {"body": {"at X.title": 1}}}', "article.body"),
        # What stands in place of a name, and is none, is not repeated.
        ('{" at Secret.words": 1, " at Secret.words": 2}', ""),
        ("{", ""),
        ("7", ""),
        ("[]", ""),
        ('"', ""),
        ("[" * 500, ""),
        ('{"article": {"body": "\\ud800"}}', "article.body"),
    ],
)
def test_the_field_that_cannot_be_read_is_named(text: str, field: str) -> None:
    error = wrong(text)
    assert NAME in error.message
    named = [each.field for each in error.violations]
    assert named[0].startswith(field) if field else not named
    assert "ecret" not in error.message


def test_json_goes_both_ways() -> None:
    request = v1.AttributeQuotesRequest(article=v1.Article(body="“Ja” 🎉", time_zone="UTC"))
    data = json_form.write(request)
    assert json.loads(data) == {"article": {"body": "“Ja” 🎉", "timeZone": "UTC"}}
    assert json_form.read(data, v1.AttributeQuotesRequest) == request


def test_no_data_is_an_empty_message() -> None:
    assert json_form.read(b"", v1.GetServerInfoRequest) == v1.GetServerInfoRequest()


def test_what_is_not_utf_8() -> None:
    with pytest.raises(ServiceError, match=f"{NAME}: byte 2 is not UTF-8"):
        json_form.read(b'{"\xff": 1}', v1.AttributeQuotesRequest)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('{"article": {"body": "x"', "line 1, column 25 is not JSON (Expecting ',' delimiter)"),
        ('{\n"article": x}', "line 2, column 12 is not JSON (Expecting value)"),
        ('{"article": {"body": "Secret', "line 1, column 22 is not JSON (Unterminated string"),
        ("[]", "the JSON is not an object"),
        ('{" at Secret.words": 1, " at Secret.words": 2}', "a name occurs twice"),
        ("[" * 500 + "]" * 500, "the JSON is not an object"),
    ],
)
def test_malformed_json_says_where(text: str, why: str) -> None:
    message = wrong(text).message
    assert message.startswith(f"the bytes are not a valid {NAME}: {why}")
    assert "Secret" not in message


@pytest.mark.parametrize(
    ("text", "field", "known"),
    [
        ('{"article": 7}', "article", "articleId, title, body"),
        ('{"article": {"publishDate": "2019-05-25"}}', "article.publish_date", "year, month, day"),
        ('{"article": {"publish_date": 2019}}', "article.publish_date", "year, month, day"),
    ],
)
def test_a_value_in_place_of_an_object_says_what_the_object_has(
    text: str, field: str, known: str
) -> None:
    ((path, reason, description),) = violations(text)
    assert (path, reason) == (field, "MALFORMED_REQUEST")
    assert f"send an object with: {known}" in description


def test_null_means_not_given() -> None:
    assert read('{"article": {"publishDate": null}}') == v1.AttributeQuotesRequest(
        article=v1.Article()
    )


# ---- names that the contract does not have ------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "field", "known"),
    [
        ('{"offsetEncoding": "UTF8"}', "offsetEncoding", "article, options"),
        ('{"article": {"body": "x", "byline": 1}}', "article.byline", "publishTime"),
        ('{"options": {"min_confidance": 1}}', "options.min_confidance", "minConfidence"),
        ('{"options": {"offset-encoding": 1}}', "options.?", "offsetEncoding"),
        ('{"article": {"body": null}, "Der Text": []}', "?", "article, options"),
    ],
)
def test_an_unknown_field_is_named_with_those_that_there_are(
    text: str, field: str, known: str
) -> None:
    ((path, reason, description),) = violations(text)
    assert (path, reason) == (field, "MALFORMED_REQUEST")
    assert known in description
    assert "Der Text" not in description


@pytest.mark.parametrize("name", ["offsetEncoding", "offset_encoding"])
def test_an_unknown_name_of_an_enum_is_named_with_those_that_there_are(name: str) -> None:
    ((path, reason, description),) = violations(f'{{"options": {{"{name}": "UTF8"}}}}')
    assert (path, reason) == ("options.offset_encoding", "INVALID_ENUM_VALUE")
    assert description.startswith("'UTF8' is not a value of OffsetEncoding")
    assert "OFFSET_ENCODING_UTF8" in description


def test_a_name_in_a_list_too() -> None:
    text = '{"options": {"kinds": ["STATEMENT_KIND_DIRECT", "DIRECT", "He said so."]}}'
    assert [each[:2] for each in violations(text)] == [("options.kinds", "INVALID_ENUM_VALUE")] * 2
    assert "He said so" not in str(violations(text))


def test_the_first_of_them_are_named_and_the_rest_counted() -> None:
    text = '{"options": {"view": "ALL", "kind": 1}, "other": {}}'
    assert [path for path, _, _ in violations(text)] == ["options.view", "options.kind", "other"]
    many = {f"name{number}": 1 for number in range(200)}
    error = wrong(json.dumps(many))
    assert (len(error.violations), error.metadata["moreViolations"]) == (8, "192")


def test_numbers_of_enums_are_left_to_the_service() -> None:
    assert isinstance(read('{"options": {"view": 77}}'), v1.AttributeQuotesRequest)


# ---- bounds -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        '{"options": {"kinds": [' + "77," * 100_000 + "1]}}",
        "[" * 100_000,
        '{"article": {' + '"a":' * 100_000,
        "[" + " " * 1_000_000 + "," * 2_000,
        '["",' + '"a",' * 100_000 + "1]",
    ],
)
def test_more_elements_than_any_request_has_are_refused_unparsed(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("json.loads", lambda *_, **__: pytest.fail("it is parsed"))
    with pytest.raises(ServiceError, match="more than 1000") as caught:
        read(text)
    assert caught.value.reason == "MALFORMED_REQUEST"
    assert caught.value.metadata == {"maxElements": str(MOST_ELEMENTS)}


@pytest.mark.parametrize("body", ['[{,:"]}' * 30_000, "\\" * 100_000, "🎉, " * 50_000, '\\"' * 999])
def test_a_text_may_have_any_number_of_them(body: str) -> None:
    for ascii_only in (True, False):
        for space in (None, 2):
            request = {"article": {"body": body}}
            decoded = read(json.dumps(request, ensure_ascii=ascii_only, indent=space))
            assert isinstance(decoded, v1.AttributeQuotesRequest)
            assert decoded.article.body == body


def test_long_texts_are_not_looked_at_one_character_at_a_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    parsed = []

    def parse(tree: object, message: object) -> None:
        parsed.append(json.dumps(tree))

    monkeypatch.setattr("google.protobuf.json_format.ParseDict", parse)
    body = "“x”" * 10_000
    decoded = read(json.dumps({"article": {"body": body, "title": "T", "time_zone": body}}))
    assert isinstance(decoded, v1.AttributeQuotesRequest)
    assert (decoded.article.body, decoded.article.time_zone) == (body, body)
    assert len(parsed[0]) < 100


@pytest.mark.parametrize("half", [0xD800, 0xDC00])
@pytest.mark.parametrize("name", ["body", "title", "timeZone", "time_zone"])
def test_half_of_a_pair_in_a_long_text(half: int, name: str) -> None:
    ((field, _, _),) = violations(json.dumps({"article": {name: "x" * 10_000 + chr(half)}}))
    assert field == f"article.{'time_zone' if 'ime' in name else name}"


@pytest.mark.parametrize(
    "text", ['{"options": {"view": "%s"}}', '{"article": {"publishTime": "%s"}}']
)
def test_a_long_text_in_the_place_of_something_else(text: str) -> None:
    assert wrong(text % ("9" * 100_000)).reason in ("INVALID_ENUM_VALUE", "MALFORMED_REQUEST")


def test_as_many_as_may_be() -> None:
    kinds = ", ".join(["77"] * (MOST_ELEMENTS - 20))
    assert isinstance(read(f'{{"options": {{"kinds": [{kinds}]}}}}'), v1.AttributeQuotesRequest)
