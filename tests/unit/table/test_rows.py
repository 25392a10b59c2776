from __future__ import annotations

import datetime
import json
import subprocess
import sys
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from quoth.v1 import (
    AnchorBasis,
    AnchorDate,
    AttributeQuotesResponse,
    CalendarDate,
    Cue,
    DateBasis,
    DateGranularity,
    NonresponseKind,
    Notice,
    NoticeReason,
    Relay,
    Role,
    RoleStatus,
    Speaker,
    SpeakerMention,
    SpeakerType,
    Statement,
    StatementDate,
    TextSpan,
)
from quoth_cli.table.rows import ArticleMeta, Row, article_row, calendar_text, statement_rows
from quoth_cli.table.schema import (
    NONRESPONSE_FIELDS,
    Rows,
    fields_of_rows,
    parquet_schema,
    table_of,
)
from tests.unit.cli.build import span, statement

BODY = "“We sail,” said Nora Halvik, the mayor, on Thursday. “At noon.” It was raining."
META = ArticleMeta("f1", title="Ferry", published="2026-05-15", author="A. Reed")


def answer() -> AttributeQuotesResponse:
    mayor = Role(
        span=span(BODY, "the mayor"), organization="Oslo", status=RoleStatus.ROLE_STATUS_CURRENT
    )
    said = statement(
        BODY,
        "We sail,",
        "At noon.",
        quoted=("We sail,", "At noon."),
        kind="direct",
        cue="said",
        speaker=SpeakerMention(
            span=span(BODY, "Nora Halvik"),
            speaker_id="p1",
            role=mayor,
            confidence=0.9,
            role_confidence=0.8,
        ),
        date=StatementDate(
            span=span(BODY, "Thursday"),
            date=CalendarDate(year=2026, month=5, day=14),
            granularity=DateGranularity.DATE_GRANULARITY_DAY,
            basis=DateBasis.DATE_BASIS_CUE,
            confidence=0.7,
        ),
    )
    said.relays.append(
        Relay(span=span(BODY, "Nora"), speaker_id="p1", cue=Cue(span=span(BODY, "said")))
    )
    return AttributeQuotesResponse(
        statements=[said, statement(BODY, "It was raining.", statement_id="s2")],
        speakers=[
            Speaker(
                speaker_id="p1",
                display_name="Nora Halvik",
                type=SpeakerType.SPEAKER_TYPE_PERSON,
                roles=[mayor],
                mentions=[span(BODY, "Nora Halvik")],
            )
        ],
        language_code="en",
        engine_version="e1",
        anchor_date=AnchorDate(
            date=CalendarDate(year=2026, month=5, day=15), basis=AnchorBasis.ANCHOR_BASIS_REQUEST
        ),
        notices=[
            Notice(
                reason=NoticeReason.NOTICE_REASON_UNBALANCED_QUOTATION_MARKS,
                message="open",
                span=TextSpan(start_offset=1, end_offset=2),
            )
        ],
    )


def test_a_row_has_what_the_statement_has() -> None:
    first, _ = statement_rows(7, META, answer(), BODY)
    assert first == {
        "position": 7,
        "article_id": "f1",
        "title": "Ferry",
        "published": "2026-05-15",
        "updated": None,
        "url": None,
        "author": "A. Reed",
        "section": None,
        "anchor_date": "2026-05-15",
        "anchor_basis": "request",
        "language": "en",
        "statement_id": "s1",
        "kind": "direct",
        "content": "We sail, […] At noon.",
        "content_spans": [{"start": 1, "end": 9}, {"start": 54, "end": 62}],
        "quoted_spans": [{"start": 1, "end": 9}, {"start": 54, "end": 62}],
        "cue": "said",
        "cue_lemma": "said",
        "cue_start": 11,
        "cue_end": 15,
        "speaker_id": "p1",
        "speaker": "Nora Halvik",
        "speaker_type": "person",
        "mention": "Nora Halvik",
        "mention_start": 16,
        "mention_end": 27,
        "role": "the mayor",
        "role_organization": "Oslo",
        "role_status": "current",
        "role_start": 29,
        "role_end": 38,
        "date_text": "Thursday",
        "date": "2026-05-14",
        "date_from": "2026-05-14",
        "date_to": "2026-05-14",
        "date_granularity": "day",
        "date_basis": "cue",
        "addressee": None,
        "medium": None,
        "medium_type": None,
        "parent_statement_id": None,
        "factuality": "asserted",
        "relays": [{"mention": "Nora", "speaker_id": "p1", "cue": "said"}],
        "confidence": 0.9,
        "speaker_confidence": 0.9,
        "role_confidence": 0.8,
        "date_confidence": 0.7,
        "record_confidence": 0.0,
        "engine_version": "e1",
    }


def test_what_is_unset_is_none() -> None:
    row = statement_rows(0, ArticleMeta("f1"), answer(), BODY)[1]
    unset = ("cue", "cue_start", "speaker", "mention_end", "role", "date", "date_from", "published")
    assert [row[name] for name in unset] == [None] * len(unset)
    assert [row[f"{name}_confidence"] for name in ("speaker", "role", "date")] == [None] * 3


@pytest.mark.parametrize("with_text", [False, True])
@pytest.mark.parametrize("rows", Rows)
def test_rows_have_just_the_fields_of_their_schema(rows: Rows, with_text: bool) -> None:
    made = (
        statement_rows(0, META, answer(), BODY, with_text=with_text)
        if rows is Rows.STATEMENTS
        else [article_row(0, META, answer(), BODY, with_text=with_text)]
    )
    names = [name for name, _, _ in fields_of_rows(rows, with_text=with_text)]
    assert all(list(row) == names for row in made)
    assert parquet_schema(rows, with_text=with_text).names == names


def test_the_row_of_an_article_has_who_did_not_answer() -> None:
    given = answer()
    given.nonresponses.add(
        kind=NonresponseKind.NONRESPONSE_KIND_NOT_REACHED,
        cue=Cue(span=span(BODY, "said"), lemma="say"),
        speaker=SpeakerMention(span=span(BODY, "Nora Halvik"), speaker_id="p1"),
    )
    (silent,) = article_row(0, META, given, BODY)["nonresponses"]
    assert list(silent) == [name for name, _, _ in NONRESPONSE_FIELDS]
    told = {name: silent[name] for name in ("kind", "cue", "speaker", "date")}
    assert told == {"kind": "not_reached", "cue": "said", "speaker": "Nora Halvik", "date": None}
    made = table_of([article_row(0, META, given, BODY)], parquet_schema(Rows.ARTICLES))
    assert made.to_pylist()[0]["nonresponses"] == [silent]


def test_the_row_of_an_article_says_why_a_source_has_no_name() -> None:
    given = answer()
    given.speakers[0].anonymity.reason.CopyFrom(span(BODY, "It was raining"))
    row = article_row(0, META, given, BODY)["speakers"][0]
    assert (row["anonymity"], row["anonymity_reason"]) == (None, "It was raining")


@pytest.mark.parametrize("rows", Rows)
def test_rows_come_back_from_parquet_and_json(rows: Rows, tmp_path: Any) -> None:
    made: list[Row] = (
        statement_rows(0, META, answer(), BODY, with_text=True)
        if rows is Rows.STATEMENTS
        else [article_row(0, META, answer(), BODY, with_text=True)]
    )
    assert json.loads(json.dumps(made)) == made
    table = table_of(made, parquet_schema(rows, with_text=True))
    pq.write_table(table, tmp_path / "rows.parquet")
    read = pq.read_table(tmp_path / "rows.parquet")
    assert read.schema.equals(parquet_schema(rows, with_text=True))
    first = read.to_pylist()[0]
    assert first["anchor_date"] == datetime.date(2026, 5, 15)
    said = first if rows is Rows.STATEMENTS else first["statements"][0]
    assert said["date_to"] == datetime.date(2026, 5, 14)
    assert said["content_spans"] == [{"start": 1, "end": 9}, {"start": 54, "end": 62}]
    assert first["text"] == BODY


def test_no_rows_make_an_empty_table() -> None:
    schema = parquet_schema(Rows.STATEMENTS)
    assert table_of([], schema).schema.equals(schema)
    assert table_of([], schema).num_rows == 0
    assert schema.field("date_from").type == pa.date32()


@pytest.mark.parametrize(
    ("date", "granularity", "text", "first", "last"),
    [
        (CalendarDate(year=2024), "YEAR", "2024", "2024-01-01", "2024-12-31"),
        (CalendarDate(year=2024, month=2), "MONTH", "2024-02", "2024-02-01", "2024-02-29"),
        (CalendarDate(year=2024, month=5, day=6), "WEEK", "2024-05-06", "2024-05-06", "2024-05-12"),
        (CalendarDate(year=2024, month=5, day=6), "DAY", "2024-05-06", "2024-05-06", "2024-05-06"),
        (CalendarDate(year=476), "YEAR", "0476", "0476-01-01", "0476-12-31"),
        (
            CalendarDate(year=9999, month=12, day=27),
            "WEEK",
            "9999-12-27",
            "9999-12-27",
            "9999-12-31",
        ),
    ],
)
def test_a_date_has_the_days_that_it_can_mean(
    date: CalendarDate, granularity: str, text: str, first: str, last: str
) -> None:
    dated = Statement(
        date=StatementDate(
            date=date, granularity=DateGranularity.Value(f"DATE_GRANULARITY_{granularity}")
        )
    )
    (row,) = statement_rows(0, META, AttributeQuotesResponse(statements=[dated]), "")
    assert calendar_text(date) == row["date"] == text
    assert (row["date_from"], row["date_to"]) == (first, last)


@pytest.mark.slow
def test_rows_need_no_pyarrow() -> None:
    code = (
        "import sys; import quoth, quoth_cli.table.rows, quoth_cli.table.schema; "
        "sys.exit('pyarrow' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
