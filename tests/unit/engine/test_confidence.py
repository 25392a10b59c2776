"""Confidence: probabilities that grow with what they rest on."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from quoth_server.engine import confidence
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

from .marked import Marked, read

ROLE = Role(Span(0, 5))
MENTION = SpeakerMention(Span(6, 10), "p1", ROLE, confidence=0.9)
DATE = StatementDate(None, CalendarDate(2024, 5, 6), DateGranularity.DAY, DateBasis.CUE)
ALL = [
    confidence.of_statement,
    confidence.of_link,
    confidence.of_role,
    confidence.of_date,
    confidence.of_record,
]


@cache
def marked() -> Marked:
    return read("Mayor ((Lund)) <<said>> on Monday [[that it rained]].")


def features(
    mention: SpeakerMention | None = MENTION, date: StatementDate | None = DATE, **changes: Any
) -> dict[str, float]:
    """What describes a draft of a score of 0.8, or as it is changed."""
    draft = replace(marked().drafts[0], **{"score": 0.8, **changes})
    return confidence.features(marked().doc, draft, mention, date)


@pytest.mark.parametrize("of", ALL)
@pytest.mark.parametrize("score", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("choice", [0.0, 0.5, 1.0])
def test_probabilities(of, score: float, choice: float) -> None:
    mention = replace(MENTION, confidence=choice)
    assert 0 < of(features(mention, score=score)) < 1


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
    unsure = features(score=0.3)
    for of in (confidence.of_statement, confidence.of_record):
        assert of(features()) > of(unsure)


def test_a_record_is_less_likely_than_its_statement() -> None:
    """It asks for role and date too, and these were learned apart."""
    for values in (features(), features(score=0.3), features(kind=StatementKind.DIRECT)):
        assert confidence.of_record(values) < confidence.of_statement(values) + 0.05
