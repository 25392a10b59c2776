"""How likely two speakers are one person: learned weights of the evidence, in `data/weights.json`.

`python -m evaluation.people --fit` makes them, from the pairs in `evaluation/people`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from quoth_server.archive.people.evidence import evidence
from quoth_server.archive.people.name_sets import best_agreement
from quoth_server.archive.people.profile import Profile

__all__ = ["Model", "shipped"]


@dataclass(frozen=True, slots=True)
class Model:
    """Weights, and what the scores that they make mean.

    Attributes:
        weights: Of the features of `evidence`, by name.
        same: From this score on two speakers are one person.
        lead: How much more likely than the next one the likeliest is, if it is meant: a factor of
            odds, as a logarithm.
    """

    weights: Mapping[str, float]
    same: float
    lead: float

    def score(self, one: Profile, other: Profile) -> float | None:
        """How likely they are one person; None where their names contradict each other.

        It is the logarithm of the odds.
        """
        names = best_agreement(one, other)
        if names is None:
            return None
        found = evidence(one, other, names)
        return sum(self.weights.get(key, 0.0) * value for key, value in found.items() if value)


@cache
def shipped() -> Model:
    """The model of this package."""
    text = (resources.files(__package__) / "data" / "weights.json").read_text("utf-8")
    return Model(**json.loads(text))
