"""Statements of an archive as messages."""

from __future__ import annotations

import datetime

import pytest

from quoth import v1
from quoth_cli.table.rows import ArticleMeta, statement_rows
from quoth_server.archive import attributed
from quoth_server.archive.messages import Writer
from quoth_server.archive.statement import Span, Statement
from tests.unit.cli.example import answer, article

ARTICLE, RESPONSE = article(), answer()
UTF8, UTF16, UTF32 = 1, 2, 3
TEXT = "😀 “Ä,” she said, “and b.” " + "After it. " * 40
SAID = Statement(
    kind="direct",
    content="Ä and b",
    content_spans=(Span(3, 4), Span(18, 23)),
    quoted_spans=(Span(3, 4), Span(18, 23)),
)


@pytest.mark.parametrize(
    ("encoding", "starts"), [(UTF8, [8, 28]), (UTF16, [4, 19]), (UTF32, [3, 18])]
)
def test_offsets_are_in_the_unit_asked_for(encoding, starts):
    message = Writer(SAID, TEXT, encoding).archived().statement
    assert [span.start_offset for span in message.content_spans] == starts
    assert [span.text for span in message.content_spans] == ["Ä", "and b"]
    assert message.quoted_spans == message.content_spans


def test_the_context_is_the_article_around_the_content():
    before, after = Writer(SAID, TEXT, UTF32).context()
    assert before == "😀 “"
    assert after.startswith(".” After it. ")
    assert len(after) <= 240
    assert after.endswith("After")
    assert Writer(SAID, None, UTF32).context() == ("", "")


@pytest.mark.parametrize(
    ("place", "text", "start"),
    [
        (Span(0, 1), "Ä", 3),
        (Span(2, 5), "and", 18),
        (Span(6, 7), "b", 22),
        (Span(0, 5), "Ä,” she said, “and", 3),
    ],
)
def test_a_stretch_of_the_content_is_found_in_the_article(place, text, start):
    said = Writer(SAID, TEXT, UTF32).said(place)
    assert (said.text, said.start_offset, said.end_offset) == (text, start, start + len(text))


def test_a_row_without_places_has_its_words():
    message = Writer(Statement(content="x y"), None, UTF32)
    assert [span.text for span in message.archived().statement.content_spans] == ["x y"]
    assert message.said(Span(2, 3)).text == "y"


def test_an_article_has_the_statements_that_its_rows_would_have():
    """Verify sees an article as it sees an archive of it."""
    meta = ArticleMeta(ARTICLE.article_id, title=ARTICLE.title)
    rows = statement_rows(0, meta, RESPONSE, ARTICLE.body)
    found = list(attributed.statements(ARTICLE, RESPONSE))
    assert len(found) == len(rows) > 2
    for statement, row in zip(found, rows, strict=True):
        for name in ("content", "kind", "speaker", "speaker_type", "mention", "role", "date_text",
                     "date", "cue", "cue_start", "factuality", "addressee", "medium",
                     "statement_id", "role_start", "parent_statement_id"):  # fmt: skip
            assert getattr(statement, name) == row[name], name
        spans = [{"start": span.start, "end": span.end} for span in statement.content_spans]
        assert spans == row["content_spans"]


def test_a_statement_comes_back_from_its_row():
    for given, statement in zip(
        RESPONSE.statements, attributed.statements(ARTICLE, RESPONSE), strict=True
    ):
        message = Writer(statement, ARTICLE.body, UTF32).archived().statement
        for part in ("statement_id", "kind", "content_spans", "quoted_spans", "cue", "factuality",
                     "parent_statement_id", "confidence"):  # fmt: skip
            assert getattr(message, part) == getattr(given, part), part
        assert message.speaker.span == given.speaker.span
        assert message.speaker.role == given.speaker.role
        # A row has the words of a date, and not where they are.
        assert message.date.span.text == given.date.span.text
        assert message.date.date == given.date.date


def test_a_day_is_that_of_the_article():
    statement = Statement(anchor_date=datetime.date(2024, 5, 9))
    article = Writer(statement, None, UTF32).archived().article
    assert article.anchor_date == v1.CalendarDate(year=2024, month=5, day=9)
