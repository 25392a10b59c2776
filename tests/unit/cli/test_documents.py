from __future__ import annotations

import io
import json

from quoth.v1 import (
    Article,
    AttributeQuotesResponse,
    GetServerInfoResponse,
    SpeakerMention,
    Statement,
)
from quoth_cli.formats import Format, renderer
from quoth_cli.formats.document import fields
from quoth_cli.table.rows import ArticleMeta
from tests.unit.cli.build import statement

BODY = "“Żółw – é”, she said."
RESPONSE = AttributeQuotesResponse(
    statements=[
        statement(
            BODY,
            "Żółw – é",
            quoted=("Żółw – é",),
            kind="direct",
            cue="said",
            speaker=SpeakerMention(speaker_id="p1"),
        )
    ]
)


def written(form: Format, *names: str) -> str:
    out = io.StringIO()
    for name in names:
        renderer(form, out).write(ArticleMeta(name), Article(body=BODY), RESPONSE)
    return out.getvalue()


def test_names_are_those_of_the_proto() -> None:
    got = fields(RESPONSE)["statements"][0]
    assert list(got) == [
        name
        for name in (field.name for field in Statement.DESCRIPTOR.fields)
        if name not in ("addressee", "medium", "date")
    ]
    assert got["kind"] == "STATEMENT_KIND_DIRECT"
    assert got["content_spans"] == [{"start_offset": 1, "end_offset": 9, "text": "Żółw – é"}]


def test_zeros_and_empty_lists_are_there_and_unset_messages_are_not() -> None:
    empty = fields(AttributeQuotesResponse(statements=[statement(BODY, "“")]))
    assert empty["statements"][0]["content_spans"][0]["start_offset"] == 0
    assert empty["statements"][0]["quoted_spans"] == []
    assert empty["speakers"] == []
    assert "speaker" not in empty["statements"][0]
    assert "anchor_date" not in empty


def test_well_known_types_keep_their_form() -> None:
    info = GetServerInfoResponse()
    info.limits.max_deadline.FromSeconds(60)
    assert fields(info)["limits"]["max_deadline"] == "60s"


def test_json_is_a_document_an_article() -> None:
    text = written(Format.JSON, "a.txt", "b.txt")
    first, end = json.JSONDecoder().raw_decode(text)
    second = json.loads(text[end:])
    assert (first["id"], second["id"]) == ("a.txt", "b.txt")
    assert text.startswith('{\n  "id"')
    assert "Żółw" in text


def test_jsonl_is_a_line_an_article() -> None:
    first, second = written(Format.JSONL, "a.txt", "b.txt").splitlines()
    assert json.loads(first)["id"] == "a.txt"
    assert json.loads(second) == {"id": "b.txt", **fields(RESPONSE)}


def test_jsonl_keeps_line_separators_of_unicode_on_one_line() -> None:
    out = io.StringIO()
    body = "one\u2028two\nthree"
    response = AttributeQuotesResponse(statements=[statement(body, body)])
    renderer(Format.JSONL, out).write(ArticleMeta("a"), Article(body=body), response)
    assert out.getvalue().count("\n") == 1
