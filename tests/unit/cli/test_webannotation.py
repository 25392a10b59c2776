"""The annotations are held against a schema of the model, and their selectors against the text."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quoth.v1 import Article, AttributeQuotesResponse, Statement, TextSpan
from quoth_cli.formats import Format, renderer
from quoth_cli.formats.webannotation import collection
from tests.unit.cli import example

SCHEMA = json.loads(Path(__file__).with_name("web_annotation.schema.json").read_text())
VALIDATOR = jsonschema.Draft202012Validator(
    SCHEMA, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
)
Node = dict[str, Any]


def made() -> Node:
    return collection(example.META, example.article(), example.answer())


def annotation(statement: int) -> Node:
    found: Node = made()["first"]["items"][statement - 1]
    return found


def tags(one: Node) -> list[str]:
    return [each["value"] for each in one["body"] if each["purpose"] == "tagging"]


def quoted(body: str, selector: Node) -> list[int]:
    """Where a TextQuoteSelector finds its text, as section 4.2.4 has it."""
    around = selector["prefix"] + selector["exact"] + selector["suffix"]
    places = []
    at = body.find(around)
    while at >= 0:
        places.append(at + len(selector["prefix"]))
        at = body.find(around, at + 1)
    return places


def resolved(body: str, target: Node) -> tuple[int, int]:
    """The place that both selectors of a target agree on."""
    quote, position = target["selector"]
    start, end = position["start"], position["end"]
    assert body[start:end] == quote["exact"]
    assert start in quoted(body, quote)
    return start, end


def test_it_is_of_the_model() -> None:
    VALIDATOR.check_schema(SCHEMA)
    VALIDATOR.validate(made())


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("id",), "no iri"),
        (("first", "items", 0, "motivation"), "saying"),
        (("first", "items", 0, "target"), []),
        (("first", "items", 0, "target", 0, "source"), "quay.txt"),
        (("first", "items", 0, "target", 0, "selector", 1, "start"), -1),
        (("first", "items", 0, "body", 0, "speaker"), "Mira Sole"),
    ],
)
def test_the_schema_refuses_what_is_not(path: tuple[str | int, ...], value: object) -> None:
    wrong: Any = made()
    owner = wrong
    for step in path[:-1]:
        owner = owner[step]
    owner[path[-1]] = value
    assert not VALIDATOR.is_valid(wrong)


def test_targets_are_the_parts_of_what_was_said() -> None:
    for statement, item in zip(example.answer().statements, made()["first"]["items"], strict=False):
        places = [resolved(example.BODY, target) for target in item["target"]]
        assert places == [(each.start_offset, each.end_offset) for each in statement.content_spans]


def test_a_split_quotation_has_several_targets() -> None:
    exact = [target["selector"][0]["exact"] for target in annotation(1)["target"]]
    assert exact == ["We load at dawn,", "And we\r\nleave at noon."]


def test_text_alone_finds_what_stands_once() -> None:
    quote = annotation(2)["target"][0]["selector"][0]
    assert quoted(example.BODY, quote) == [example.BODY.index("that the “old")]


def test_a_statement_is_described_and_tagged() -> None:
    one = annotation(1)
    assert one["motivation"] == "describing"
    assert one["body"][0]["value"] == (
        "Mira Sole, harbor chief (Quay Council): direct, Friday, May 15, 2026 (“Friday”)"
    )
    assert "kind: direct" in tags(one)
    assert "speaker: Mira Sole" in tags(one)
    assert "role: harbor chief" in tags(one)
    assert "date: 2026-05-15" in tags(one)
    assert "factuality: denied" in tags(annotation(4))
    assert "parent_statement_id: s8" in tags(annotation(9))


def test_what_was_not_said_is_described_as_such() -> None:
    assert annotation(4)["body"][0]["value"] == "Mira Sole: denied, indirect"
    assert annotation(10)["body"][0]["value"] == "Speaker not known: indirect"


def test_a_speaker_is_identified_where_they_are_named() -> None:
    one = made()["first"]["items"][10]
    assert one["motivation"] == "identifying"
    assert one["body"][0] == {
        "type": "TextualBody",
        "purpose": "identifying",
        "value": "Mira Sole",
        "format": "text/plain",
        "language": "en",
    }
    exact = [target["selector"][0]["exact"] for target in one["target"]]
    assert exact == ["Mira Sole", "Ms. Sole"]


def test_the_total_is_that_of_the_items() -> None:
    assert made()["total"] == len(made()["first"]["items"]) == 17


def test_identifiers_are_the_same_each_time_and_unlike_each_other() -> None:
    assert made() == made()
    ids = [made()["id"], made()["first"]["id"], *(each["id"] for each in made()["first"]["items"])]
    assert len(set(ids)) == len(ids)


def test_without_an_address_the_source_names_the_very_text() -> None:
    """The digest of `Hello World!` is the example of RFC 6920, section 8.1."""
    response = AttributeQuotesResponse(
        statements=[
            Statement(
                statement_id="s1",
                content_spans=[TextSpan(start_offset=0, end_offset=5, text="Hello")],
            )
        ]
    )
    meta = example.ArticleMeta("hello.txt")
    one = collection(meta, Article(body="Hello World!"), response)
    VALIDATOR.validate(one)
    source = one["first"]["items"][0]["target"][0]["source"]
    assert source == "ni:///sha-256;f4OxZX_x_FO5LcGBSKHWXfwtSx-j1ncoSt3SABJtkGk"


@given(body=st.text(min_size=1), data=st.data())
def test_selectors_find_every_span(body: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(body) - 1))
    end = data.draw(st.integers(start + 1, len(body)))
    span = TextSpan(start_offset=start, end_offset=end, text=body[start:end])
    response = AttributeQuotesResponse(
        statements=[Statement(statement_id="s1", content_spans=[span])]
    )
    one = collection(example.ArticleMeta("x"), Article(body=body), response)
    VALIDATOR.validate(one)
    assert resolved(body, one["first"]["items"][0]["target"][0]) == (start, end)


def test_a_document_an_article() -> None:
    out = io.StringIO()
    form = renderer(Format.WEBANNOTATION, out)
    form.write(example.META, example.article(), example.answer())
    form.close()
    assert json.loads(out.getvalue()) == made()
