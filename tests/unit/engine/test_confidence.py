"""Confidence: a probability that grows with what it rests on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from quoth_server.engine import confidence
from quoth_server.engine.statements import Draft
from quoth_server.engine.types import Mention, Span

DRAFT = Draft((Span(10, 20),), cue=Span(5, 9), source=Span(0, 4), score=0.8)
MENTION = Mention(Span(0, 4), "p1", confidence=0.9)


def test_no_link_has_no_confidence() -> None:
    assert confidence.of_link(DRAFT, None) == 0.0
    assert confidence.of_link(DRAFT, Mention(Span(0, 4))) == 0.0


@pytest.mark.parametrize("score", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("choice", [0.0, 0.5, 1.0])
def test_probabilities(score: float, choice: float) -> None:
    draft, mention = replace(DRAFT, score=score), replace(MENTION, confidence=choice)
    assert 0 < confidence.of_link(draft, mention) < 1
    assert 0 < confidence.of_statement(draft, mention) < 1


def test_a_surer_choice_is_more_likely() -> None:
    unsure = replace(MENTION, confidence=0.3)
    assert confidence.of_link(DRAFT, MENTION) > confidence.of_link(DRAFT, unsure)


def test_a_surer_finder_is_more_likely() -> None:
    unsure = replace(DRAFT, score=0.2)
    assert confidence.of_statement(DRAFT, MENTION) > confidence.of_statement(unsure, MENTION)
