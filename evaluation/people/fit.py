"""Learns the model: a logistic regression, drawn to what was expected, and its correction."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from evaluation.people.correction import corrected
from evaluation.people.gold import Pair
from quoth_server.archive.people import evidence, profile
from quoth_server.archive.people.model import Model
from quoth_server.archive.people.name_sets import best_agreement

__all__ = ["Example", "Lesson", "example", "fit", "write"]

Example = Mapping[str, float]
FloatArray = npt.NDArray[np.floating[Any]]

_PENALTY = 2.0
_STEPS = 500
_EXPECTED = {
    "always": 0.0,
    "fit same": 1.0,
    "fit turned": 1.0,
    "fit extended": -1.0,
    "fit single": -1.0,
    "fit first": -1.5,
    "given name": 1.5,
    "family name": 1.0,
    "middle name": 1.0,
    "middle name left out": -0.3,
    "generation": -1.0,
    "particles": -3.0,
    "loose particles": -0.5,
    "article": -0.3,
    "common family name": -1.0,
    "common name": -0.5,
    "double family name": 1.0,
    "spelled otherwise, nothing shared": -1.0,
    "heard of": 0.5,
    "rare family name": 0.3,
    "rare given name": 0.3,
    "rare, other field": 0.2,
    "rare, roles at odds": 0.2,
    "rare, no topic shared": 0.2,
    "rare, role vague": 0.2,
    "rare, no role": 0.2,
    "no role": -0.5,
    "same office": 1.0,
    "same general office": 0.5,
    "same post": 1.5,
    "same field": 1.0,
    "near field": 0.3,
    "other field": -1.5,
    "other field, both public": 0.5,
    "role shared": 1.0,
    "roles at odds": -1.5,
    "same office at odds": -1.0,
    "same kin": 1.0,
    "trade and situation": 0.5,
    "career onward": 0.7,
    "career backward": -0.7,
    "bodies at odds": -1.0,
    "same body": 0.5,
    "same body, other field": 0.5,
    "other region": -1.0,
    "same office, other region": -1.5,
    "other gender": -4.0,
    "role in topics": 0.5,
    "everyday": -0.5,
    "same country": 0.5,
    "other country": -1.5,
    "other country, field of any": 0.7,
    "other country in titles": 0.5,
    "other country in roles": -6.0,
    "topics shared": 1.5,
    "no topic shared": -0.5,
    "one course": 0.5,
    "two courses": -0.5,
    "gap": -0.3,
    "long gap": -3.0,
    "same weeks": 0.5,
    "held before given up": 0.5,
    "given up before held": -0.5,
    "other field, soon": -1.0,
    "roles at odds, soon": -0.5,
    "no topic shared, soon": -0.5,
    "no topic shared, same trade": 0.2,
    "soon": 0.5,
    "common, gap": -0.3,
    "one life": 1.0,
    "two lives": -1.0,
    "roles of one life": 1.0,
    "roles of two lives": -1.0,
    "weak, gap": -1.0,
    "weak, common family name": -0.5,
    "weak, no role": -0.5,
    "weak, same post": 0.5,
    "weak, same office, gap": -0.7,
    "weak, soon": 1.0,
    "weak, role in topics": 0.5,
    "weak, topics shared": 0.5,
    "weak, one life": 0.3,
    "weak, two lives": -0.3,
    "weak, roles of one life": 0.3,
    "weak, roles of two lives": -0.3,
    "weak, given up before held": -1.0,
    "common, other field": -1.0,
    "common, roles at odds": -1.0,
    "common, role vague": -1.0,
    "common, same field": -0.3,
    "common, one life": 0.3,
    "common, two lives": -0.3,
    "common, roles of one life": 0.3,
    "common, roles of two lives": -0.3,
}
"""What each feature was expected to weigh, before any pair was seen; 0 where it is not here."""
_LEAST = {"other country": -1.5}
"""Bounds: the titles of the pairs name countries more often than those of newspapers."""
_FOLDER = Path(str(resources.files("quoth_server.archive.people"))) / "data"


def example(pair: Pair) -> Example | None:
    """The evidence of a pair; None where the names alone tell that it is two people."""
    one, other = profile.of_voice(pair.one), profile.of_voice(pair.other)
    names = best_agreement(one, other)
    return None if names is None else evidence.evidence(one, other, names)


@dataclass(frozen=True, slots=True)
class Lesson:
    """The evidence of a pair, whether it is one person, and how much it counts."""

    example: Example
    same: bool
    share: float


def fit(lessons: Sequence[Lesson], bound: float, lead: float) -> Model:
    """The weights of all features, and what corrects them."""
    features = sorted({*_EXPECTED, *(key for each in lessons for key in each.example)})
    x = np.array([[each.example.get(key, 0.0) for key in features] for each in lessons])
    y = np.array([each.same for each in lessons], dtype=float)
    share = np.array([each.share for each in lessons])
    weights = _regression(features, x, y, share)
    single = (each.astype(np.float32) for each in (x, x @ weights, y, share))
    told = {k: round(float(w), 4) for k, w in zip(features, weights, strict=True) if w}
    return Model(told, corrected(features, *single), bound, lead)


def _regression(
    features: Sequence[str], x: FloatArray, y: FloatArray, share: FloatArray
) -> FloatArray:
    """The weights of a regression.

    They are drawn to what was expected, and have its sign: a few hundred pairs, chosen to mislead,
    would teach that what speaks for one person speaks against it.
    """
    expected = np.array([_EXPECTED.get(key, 0.0) for key in features])
    least = np.where(expected > 0, 0.0, [_LEAST.get(key, -np.inf) for key in features])
    most = np.where(expected < 0, 0.0, np.inf)
    rate = 1 / (np.linalg.norm(x, 2) ** 2 / 4 + _PENALTY)
    weights = ahead = expected
    for step in range(_STEPS):
        slope = x.T @ (share * (1 / (1 + np.exp(-x @ ahead)) - y)) + _PENALTY * (ahead - expected)
        before, weights = weights, np.clip(ahead - rate * slope, least, most)
        ahead = weights + step / (step + 3) * (weights - before)
    return weights


def write(model: Model) -> None:
    """Puts a model into the package."""
    told = {"weights": model.weights, "same": model.same, "lead": model.lead}
    (_FOLDER / "weights.json").write_text(f"{json.dumps(told, indent=1)}\n", "utf-8")
    correction = model.correction
    np.savez_compressed(
        _FOLDER / "correction.npz",
        features=np.array(correction.features),
        hidden=correction.hidden.astype(np.float16),
        hidden_bias=correction.hidden_bias.astype(np.float16),
        out=correction.out.astype(np.float16),
        out_bias=np.float32(correction.out_bias),
        most=np.float32(correction.most),
    )
