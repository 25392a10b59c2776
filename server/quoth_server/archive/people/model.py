"""How likely two speakers are one person, by learned weights of the evidence.

A regression weighs each feature (`data/weights.json`); a small network corrects it by what features
mean together (`data/correction.npz`). `python -m evaluation.people --fit` makes both, from the
pairs in `evaluation/people`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

import numpy as np
import numpy.typing as npt

from quoth_server.archive.people.evidence import evidence
from quoth_server.archive.people.name_sets import best_agreement
from quoth_server.archive.people.profile import Profile

__all__ = ["Correction", "Model", "shipped"]

FloatArray = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Correction:
    """A network of one hidden layer that adds to what the regression says.

    Attributes:
        features: The names of those that it reads, in their order.
        hidden: Features × units.
        hidden_bias: Units.
        out: Units.
        out_bias: A number.
        most: What it adds or takes away at most, so that it cannot outweigh what is known, such as
            that the ministers of two countries are two people.
    """

    features: Sequence[str]
    hidden: FloatArray
    hidden_bias: FloatArray
    out: FloatArray
    out_bias: float
    most: float
    _places: Mapping[str, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        places = {name: place for place, name in enumerate(self.features)}
        object.__setattr__(self, "_places", places)

    def of(self, found: Mapping[str, float]) -> float:
        """What is to be added to the logarithm of the odds."""
        known = [name for name, value in found.items() if value and name in self._places]
        places = [self._places[name] for name in known]
        values = np.array([found[name] for name in known], dtype=np.float32)
        units = values @ self.hidden[places] + self.hidden_bias
        return self.most * math.tanh(float(np.maximum(units, 0) @ self.out) + self.out_bias)


@dataclass(frozen=True, slots=True)
class Model:
    """Weights, and what the scores that they make mean.

    Attributes:
        weights: Of the features of `evidence`, by name.
        correction: What is added to their sum.
        same: From this score on two speakers are one person.
        lead: How much more likely than the next one the likeliest is, if it is meant: a factor of
            odds, as a logarithm.
    """

    weights: Mapping[str, float]
    correction: Correction
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
        told = sum(self.weights.get(key, 0.0) * value for key, value in found.items() if value)
        return told + self.correction.of(found)


@cache
def shipped() -> Model:
    """The model of this package."""
    folder = resources.files(__package__) / "data"
    with (folder / "correction.npz").open("rb") as file, np.load(file) as arrays:
        correction = Correction(
            [str(name) for name in arrays["features"]],
            arrays["hidden"].astype(np.float32),
            arrays["hidden_bias"].astype(np.float32),
            arrays["out"].astype(np.float32),
            float(arrays["out_bias"]),
            float(arrays["most"]),
        )
    return Model(correction=correction, **json.loads((folder / "weights.json").read_text("utf-8")))
