"""Answers of the service as predictions."""

from __future__ import annotations

import pytest
from google.protobuf import text_format

from quoth.v1 import AttributeQuotesResponse
from quoth_cli.evaluation.answers import prediction_of, widened
from quoth_cli.evaluation.documents import Answered, NotStatement

ANSWER = """
statements {
  statement_id: "s1" kind: STATEMENT_KIND_MIXED factuality: FACTUALITY_DENIED
  content_spans { start_offset: 5 end_offset: 9 }
  cue { span { start_offset: 0 end_offset: 4 } }
  speaker {
    speaker_id: "p" span { start_offset: 12 end_offset: 15 }
    role { span { start_offset: 16 end_offset: 20 text: "mayor" } }
  }
  date { %s }
}
statements {
  statement_id: "s2" kind: STATEMENT_KIND_DIRECT parent_statement_id: "s1"
  content_spans { start_offset: 5 end_offset: 7 }
}
speakers { speaker_id: "p" display_name: "Ana Ruiz" type: SPEAKER_TYPE_PERSON }
rejected_quotations {
  span { start_offset: 1 end_offset: 3 } reason: REJECTION_REASON_SCARE_QUOTES
}
"""
DAY = "date { year: 2024 month: 5 day: 7 }"


def answer(date: str) -> AttributeQuotesResponse:
    return text_format.Parse(ANSWER % date, AttributeQuotesResponse())


@pytest.mark.parametrize(
    ("date", "written"),
    [
        (f"{DAY} granularity: DATE_GRANULARITY_DAY", "2024-05-07"),
        (f"{DAY} granularity: DATE_GRANULARITY_WEEK", "2024-05"),
        (f"{DAY} granularity: DATE_GRANULARITY_MONTH", "2024-05"),
        (f"{DAY} granularity: DATE_GRANULARITY_YEAR", "2024"),
        (DAY, None),
        ("granularity: DATE_GRANULARITY_DAY", None),
        ("", None),
    ],
)
def test_dates_are_as_fine_as_they_are_stated(date: str, written: str | None) -> None:
    assert prediction_of("a", "", answer(date)).statements[0].date == written


def test_every_part_is_taken_over() -> None:
    found = prediction_of("a", "said “it was”", answer(""))
    first, second = found.statements
    assert (first.content, first.kind, first.factuality) == (((5, 9),), "MIXED", "DENIED")
    assert first.speaker == Answered("Ana Ruiz", "PERSON")
    assert (first.roles, second.roles, second.speaker) == (("mayor",), (), None)
    (attribution,) = found.attributions  # not the one inside it
    assert (attribution.cue, attribution.source) == (((0, 4),), ((12, 15),))
    assert found.rejected == (NotStatement((1, 3), "SCARE_QUOTES"),)


@pytest.mark.parametrize(
    ("body", "words", "wide"),
    [
        ("He said “go”.", "go", "“go”"),
        ("“Go,” he said.", "Go", "“Go,”"),
        ("``Go.'' he said.", "Go", "``Go.''"),
        ("He said go.", "go", "go"),
        ("go", "go", "go"),
    ],
)
def test_the_marks_around_a_content_are_added(body: str, words: str, wide: str) -> None:
    start = body.index(words)
    s, e = widened(body, start, start + len(words))
    assert body[s:e] == wide
