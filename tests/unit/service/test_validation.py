from __future__ import annotations

import base64
import datetime
import math
from urllib.parse import quote

import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from hypothesis import example, given
from hypothesis import strategies as st

from quoth import v1
from quoth_server.engine.types import StatementKind
from quoth_server.service import errors
from quoth_server.service.errors import ServiceError, Violation
from quoth_server.service.statuses import trailers
from quoth_server.service.validation import Job, Options, Rules, validate, validate_item

RULES = Rules(max_body_characters=100, min_confidence=0.25)


def request(**fields: object) -> v1.AttributeQuotesRequest:
    return v1.AttributeQuotesRequest(article=v1.Article(**{"body": "Text.", **fields}))


def with_options(**fields: object) -> v1.AttributeQuotesRequest:
    return v1.AttributeQuotesRequest(
        article=v1.Article(body="Text."), options=v1.AttributionOptions(**fields)
    )


def rejected(request: v1.AttributeQuotesRequest) -> dict[str, str]:
    with pytest.raises(ServiceError) as caught:
        validate(request, RULES)
    assert caught.value.reason == caught.value.violations[0].reason
    return {violation.field: violation.reason for violation in caught.value.violations}


@pytest.mark.parametrize(
    "body",
    [
        "a\0b",
        "one\rtwo\r\nthree",
        "\u202eright to left",
        "שלום עולם",
        "👩‍👩‍👧 e\u0301",
        "“”",
        " x ",
        "y" * 100,
        "😀" * 100,
    ],
)
def test_any_text_within_the_limit_is_taken_as_it_is(body: str) -> None:
    assert validate(request(body=body), RULES).article.body == body


@pytest.mark.parametrize(
    ("fields", "field", "reason"),
    [
        ({"body": ""}, "article.body", "EMPTY_BODY"),
        ({"body": " \n\t\u00a0\u2003"}, "article.body", "EMPTY_BODY"),
        ({"body": "y" * 101}, "article.body", "BODY_TOO_LONG"),
        ({"body": " " * 101}, "article.body", "EMPTY_BODY"),
        ({"title": "t" * 2001}, "article.title", "FIELD_TOO_LONG"),
        ({"article_id": "t" * 2001}, "article.article_id", "FIELD_TOO_LONG"),
        ({"source_uri": "t" * 2001}, "article.source_uri", "FIELD_TOO_LONG"),
        ({"time_zone": "Mars/Olympus"}, "article.time_zone", "INVALID_TIME_ZONE"),
        ({"time_zone": "America"}, "article.time_zone", "INVALID_TIME_ZONE"),
        ({"time_zone": "../../etc/passwd"}, "article.time_zone", "INVALID_TIME_ZONE"),
        ({"time_zone": "+02:00"}, "article.time_zone", "INVALID_TIME_ZONE"),
        ({"language_code": "english please"}, "article.language_code", "INVALID_LANGUAGE_CODE"),
        ({"language_code": "en_US"}, "article.language_code", "INVALID_LANGUAGE_CODE"),
        ({"language_code": "e"}, "article.language_code", "INVALID_LANGUAGE_CODE"),
        ({"language_code": "en-"}, "article.language_code", "INVALID_LANGUAGE_CODE"),
        ({"language_code": "de"}, "article.language_code", "UNSUPPORTED_LANGUAGE"),
        ({"language_code": "zh-Hant-TW"}, "article.language_code", "UNSUPPORTED_LANGUAGE"),
    ],
)
def test_a_bad_field_of_the_article_is_named(
    fields: dict[str, object], field: str, reason: str
) -> None:
    assert rejected(request(**fields)) == {field: reason}


@pytest.mark.parametrize(
    ("options", "field", "reason"),
    [
        ({"offset_encoding": 99}, "options.offset_encoding", "INVALID_ENUM_VALUE"),
        ({"view": -1}, "options.view", "INVALID_ENUM_VALUE"),
        ({"kinds": [1, 42]}, "options.kinds[1]", "INVALID_ENUM_VALUE"),
        ({"kinds": [0]}, "options.kinds[0]", "INVALID_ENUM_VALUE"),
        ({"min_confidence": -0.1}, "options.min_confidence", "INVALID_CONFIDENCE"),
        ({"min_confidence": 1.5}, "options.min_confidence", "INVALID_CONFIDENCE"),
        ({"min_confidence": math.nan}, "options.min_confidence", "INVALID_CONFIDENCE"),
        ({"min_confidence": math.inf}, "options.min_confidence", "INVALID_CONFIDENCE"),
    ],
)
def test_a_bad_option_is_named(options: dict[str, object], field: str, reason: str) -> None:
    assert rejected(with_options(**options)) == {field: reason}


def test_every_bad_field_is_named_at_once() -> None:
    bad = v1.AttributeQuotesRequest(
        article=v1.Article(
            body="",
            time_zone="nowhere",
            language_code="fr",
            publish_time=Timestamp(seconds=10**15),
        ),
        options=v1.AttributionOptions(view=9, min_confidence=2),
    )
    assert rejected(bad) == {
        "article.body": "EMPTY_BODY",
        "article.time_zone": "INVALID_TIME_ZONE",
        "article.publish_time": "INVALID_PUBLISH_TIME",
        "article.language_code": "UNSUPPORTED_LANGUAGE",
        "options.view": "INVALID_ENUM_VALUE",
        "options.min_confidence": "INVALID_CONFIDENCE",
    }


def test_an_article_is_required() -> None:
    assert rejected(v1.AttributeQuotesRequest()) == {"article": "MISSING_FIELD"}


def test_figures_are_in_the_metadata_and_text_is_nowhere() -> None:
    with pytest.raises(ServiceError) as caught:
        validate(request(body="secret" * 20), RULES)
    assert caught.value.metadata == {"bodyCharacters": "120", "maxBodyCharacters": "100"}
    assert "120" in caught.value.message
    assert "secret" not in caught.value.message


@pytest.mark.parametrize("code", ["", "en", "EN", "en-US", "en-gb-oxendict"])
def test_english_is_taken_however_it_is_written(code: str) -> None:
    assert validate(request(language_code=code), RULES).article.body == "Text."


@pytest.mark.parametrize(
    ("seconds", "zone", "day"),
    [
        (0, "", datetime.date(1970, 1, 1)),
        (1558828800, "", datetime.date(2019, 5, 26)),
        (1558828800, "America/New_York", datetime.date(2019, 5, 25)),
        (1558828799, "Asia/Tokyo", datetime.date(2019, 5, 26)),
        (1558828800, "Pacific/Kiritimati", datetime.date(2019, 5, 26)),
        (-62135596800, "UTC", datetime.date(1, 1, 1)),
        (253402300799, "UTC", datetime.date(9999, 12, 31)),
    ],
)
def test_the_day_of_publication_is_that_at_the_dateline(
    seconds: int, zone: str, day: datetime.date
) -> None:
    job = validate(request(publish_time=Timestamp(seconds=seconds), time_zone=zone), RULES)
    assert job.article.published == day


@pytest.mark.parametrize(
    ("seconds", "nanos", "zone"),
    [
        (-62135596801, 0, "UTC"),
        (253402300800, 0, "UTC"),
        (2**63 - 1, 0, "UTC"),
        (-(2**63), 0, "UTC"),
        (0, -1, "UTC"),
        (0, 1_000_000_000, "UTC"),
        (-62135596800, 0, "America/New_York"),
        (253402300799, 0, "Asia/Tokyo"),
    ],
)
def test_a_time_out_of_the_calendar_is_named(seconds: int, nanos: int, zone: str) -> None:
    bad = request(publish_time=Timestamp(seconds=seconds, nanos=nanos), time_zone=zone)
    assert rejected(bad) == {"article.publish_time": "INVALID_PUBLISH_TIME"}


@given(st.integers(-(2**63), 2**63 - 1), st.integers(-(2**31), 2**31 - 1))
def test_no_publish_time_is_more_than_a_bad_field(seconds: int, nanos: int) -> None:
    fields: list[str] = []
    try:
        validate(request(publish_time=Timestamp(seconds=seconds, nanos=nanos)), RULES)
    except ServiceError as error:
        fields = [violation.field for violation in error.violations]
    assert fields in ([], ["article.publish_time"])


def test_a_day_is_taken_as_it_is() -> None:
    asked = request(
        publish_date=v1.CalendarDate(year=2019, month=5, day=25), time_zone="Pacific/Kiritimati"
    )
    assert validate(asked, RULES).article.published == datetime.date(2019, 5, 25)


@given(st.integers(-(2**31), 2**31 - 1), st.integers(-1, 13), st.integers(-1, 32))
@example(2019, 2, 29)
@example(2019, 5, 0)
@example(2019, 0, 0)
@example(0, 5, 25)
@example(10_000, 5, 25)
def test_what_is_not_a_day_is_named(year: int, month: int, day: int) -> None:
    asked = request(publish_date=v1.CalendarDate(year=year, month=month, day=day))
    try:
        expected = datetime.date(year, month, day)
    except ValueError:
        assert rejected(asked) == {"article.publish_date": "INVALID_PUBLISH_DATE"}
    else:
        assert validate(asked, RULES).article.published == expected


def test_without_a_publish_time_there_is_no_day() -> None:
    assert validate(request(time_zone="Europe/Paris"), RULES).article.published is None


def test_what_is_not_asked_for_is_the_default() -> None:
    assert validate(request(), RULES).options == Options(min_confidence=0.25)


def test_options_are_taken_over() -> None:
    job = validate(
        with_options(
            offset_encoding=v1.OffsetEncoding.OFFSET_ENCODING_UTF16,
            kinds=[v1.StatementKind.STATEMENT_KIND_DIRECT, v1.StatementKind.STATEMENT_KIND_MIXED],
            min_confidence=0,
            view=v1.StatementView.STATEMENT_VIEW_BASIC,
            include_rejected_quotations=True,
            include_nonresponses=True,
            include_sentences=True,
        ),
        RULES,
    )
    assert job.options == Options(
        encoding=v1.OffsetEncoding.OFFSET_ENCODING_UTF16,
        kinds=frozenset({StatementKind.DIRECT, StatementKind.MIXED}),
        min_confidence=0,
        full=False,
        rejected=True,
        nonresponses=True,
        sentences=True,
    )


def item(item_id: str, **fields: object) -> v1.BulkAttributeQuotesRequest:
    return v1.BulkAttributeQuotesRequest(item_id=item_id, request=request(**fields))


def test_an_item_is_a_request_with_an_id() -> None:
    assert validate_item(item("a-1_B"), set(), RULES) == Job(
        validate(request(), RULES).article, Options(min_confidence=0.25), "request.article."
    )


@pytest.mark.parametrize("item_id", ["", "a b", "ä", "x" * 65, "a\n", "a/b"])
def test_a_bad_item_id_is_named_with_the_rest(item_id: str) -> None:
    with pytest.raises(ServiceError) as caught:
        validate_item(item(item_id, body=""), set(), RULES)
    assert [(v.field, v.reason) for v in caught.value.violations] == [
        ("item_id", "INVALID_ITEM_ID"),
        ("request.article.body", "EMPTY_BODY"),
    ]


def test_an_id_may_not_come_twice() -> None:
    with pytest.raises(ServiceError) as caught:
        validate_item(item("a"), {"a"}, RULES)
    assert [(v.field, v.reason) for v in caught.value.violations] == [
        ("item_id", "DUPLICATE_ITEM_ID")
    ]


def test_an_item_without_a_request_is_named() -> None:
    with pytest.raises(ServiceError) as caught:
        validate_item(v1.BulkAttributeQuotesRequest(item_id="a"), set(), RULES)
    assert [(v.field, v.reason) for v in caught.value.violations] == [("request", "MISSING_FIELD")]


def test_many_values_are_one_mistake_and_none_is_looked_at() -> None:
    asked = request()
    asked.options.kinds.extend([42] * 1_000_000)
    with pytest.raises(ServiceError) as caught:
        validate(asked, RULES)
    assert [(v.field, v.reason) for v in caught.value.violations] == [
        ("options.kinds", "FIELD_TOO_LONG")
    ]
    assert caught.value.metadata == {"values": "1000000", "maxValues": "16"}


@given(
    st.text(max_size=3_000),
    st.text(max_size=3_000),
    st.lists(st.integers(-(2**31), 2**31 - 1), max_size=40),
    st.integers(-(2**31), 2**31 - 1),
)
@example("😀" * 3_000, "😀" * 3_000, [-(2**31)] * 16, -(2**31))
@example("\x00" * 3_000, "\U000e0001" * 3_000, [-(2**31)] * 16, -(2**31))
def test_whatever_is_wrong_the_error_is_one_that_every_client_takes(
    zone: str, code: str, kinds: list[int], number: int
) -> None:
    """gRPC for Java takes 8 KB of trailers; in those, bytes of UTF-8 are three in a message."""
    asked = v1.AttributeQuotesRequest(
        article=v1.Article(
            body="",
            article_id="x" * 3_000,
            title=zone or "x" * 3_000,
            source_uri="x" * 3_000,
            time_zone=zone,
            language_code=code,
        ),
        options=v1.AttributionOptions(
            kinds=kinds, offset_encoding=number, view=number, min_confidence=number
        ),
    )
    asked.article.publish_time.nanos = -1
    with pytest.raises(ServiceError) as caught:
        validate(asked, RULES)
    assert len(caught.value.violations) <= 8
    message = len(quote(caught.value.message, safe=" !\"#$&'()*+,/:;<=>?@[\\]^`{|}"))
    sent = message + sum(
        len(base64.b64encode(value)) if isinstance(value, bytes) else len(value)
        for _, value in trailers(caught.value)
    )
    assert sent < 7_500


def test_many_violations_are_counted() -> None:
    error = errors.invalid([Violation(f"f[{n}]", "bad", "MISSING_FIELD") for n in range(100)])
    assert len(error.violations) == 8
    assert error.message.endswith("; and 92 more")
    assert error.metadata["moreViolations"] == "92"


def test_a_code_far_too_long_is_none_however_well_formed() -> None:
    assert rejected(request(language_code="en" + "-a1" * 1_000_000)) == {
        "article.language_code": "INVALID_LANGUAGE_CODE"
    }
