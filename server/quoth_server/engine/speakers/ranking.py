"""Chooses whom a phrase refers to: a linear ranker over features of the parse and the document.

The weights are learned (server/training/rank_speakers.py) and lie beside the word lists. A choice
is a softmax over the candidates and "none of them".
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from quoth_server.engine.logistic import dot, weights

__all__ = ["NONE", "PRONOUNS", "Choice", "Features", "Kind", "choose"]

Features = Mapping[str, float]


class Kind(StrEnum):
    """What is to be linked; each has its own weights."""

    PERSON = "person"
    BODY = "body"
    SEVERAL = "several"
    DESCRIPTION = "description"
    NAME = "name"
    QUOTATION = "quotation"
    LATER = "later"


PRONOUNS = frozenset({Kind.PERSON, Kind.BODY, Kind.SEVERAL})
"""Kinds of pronouns."""
NONE: Features = {"none": 1.0}
"""The features of the choice "none of the candidates"."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The chosen candidate's index, None for "none of them", and how likely it is.

    `runner_up` is the probability of the next best candidate.
    """

    index: int | None
    probability: float
    runner_up: float = 0.0


def choose(kind: Kind, candidates: Sequence[Features]) -> Choice:
    """The likeliest candidate, or none; a pronoun that speaks means somebody."""
    known = weights("speaker_ranker")[kind]
    scores = [dot(known, features) for features in (NONE, *candidates)]
    if kind in PRONOUNS and any("speaks" in features for features in candidates):
        scores[0] = -math.inf
    top = max(scores)
    likely = [math.exp(s - top) for s in scores]
    total = sum(likely)
    best = max(range(len(scores)), key=lambda i: (scores[i], -i))
    others = [p for i, p in enumerate(likely) if i not in (0, best)]
    return Choice(
        index=best - 1 if best else None,
        probability=likely[best] / total,
        runner_up=max(others, default=0.0) / total,
    )
