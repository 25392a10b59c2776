"""Confidence: probabilities that grow with what they rest on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from quoth_server.engine import confidence
from quoth_server.engine.statements import Draft
from quoth_server.engine.types import (
    CalendarDate,
    DateBasis,
    DateGranularity,
    Role,
    Span,
    SpeakerMention,
    StatementDate,
    StatementKind,
)

from .marked import read

MARKED = read("Mayor ((Lund)) <<said>> on Monday [[that it rained]].")
DRAFT = replace(MARKED.drafts[0], score=0.8)
ROLE = Role(Span(0, 5))
MENTION = SpeakerMention(DRAFT.source, "p1", ROLE, confidence=0.9)
DATE = StatementDate(None, CalendarDate(2024, 5, 6), DateGranularity.DAY, DateBasis.CUE)
ALL = [
    confidence.of_statement,
    confidence.of_link,
    confidence.of_role,
    confidence.of_date,
    confidence.of_record,
]


def features(
    draft: Draft = DRAFT,
    mention: SpeakerMention | None = MENTION,
    date: StatementDate | None = DATE,
) -> dict[str, float]:
    return confidence.features(MARKED.doc, draft, mention, date)


@pytest.mark.parametrize("of", ALL)
@pytest.mark.parametrize("score", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("choice", [0.0, 0.5, 1.0])
def test_probabilities(of, score: float, choice: float) -> None:
    mention = replace(MENTION, confidence=choice)
    assert 0 < of(features(replace(DRAFT, score=score), mention)) < 1


def test_what_is_not_there_has_no_confidence() -> None:
    assert confidence.of_link(features(mention=None)) == 0.0
    assert confidence.of_link(features(mention=SpeakerMention(Span(0, 4)))) == 0.0
    assert confidence.of_role(features(mention=replace(MENTION, role=None))) == 0.0
    assert confidence.of_date(features(date=None)) == 0.0
    assert confidence.of_date(features(date=replace(DATE, date=None))) == 0.0


def test_a_surer_choice_is_more_likely() -> None:
    unsure = features(mention=replace(MENTION, confidence=0.3))
    for of in (confidence.of_statement, confidence.of_link, confidence.of_record):
        assert of(features()) > of(unsure)


def test_a_surer_finder_is_more_likely() -> None:
    unsure = features(replace(DRAFT, score=0.3))
    for of in (confidence.of_statement, confidence.of_record):
        assert of(features()) > of(unsure)


def test_a_record_is_less_likely_than_its_statement() -> None:
    """It asks for role and date too, and these were learned apart."""
    for draft in (DRAFT, replace(DRAFT, score=0.3), replace(DRAFT, kind=StatementKind.DIRECT)):
        values = features(draft)
        assert confidence.of_record(values) < confidence.of_statement(values) + 0.05
