"""How the regression and its correction make a score."""

from __future__ import annotations

import numpy as np
import pytest

from evaluation.people.correction import corrected
from evaluation.people.fit import Lesson, fit
from quoth_server.archive.people.model import Correction, shipped

CORRECTION = Correction(
    ["same office", "gap"],
    np.array([[1.0, -1.0], [0.5, 0.0]], dtype=np.float32),
    np.array([0.0, 0.5], dtype=np.float32),
    np.array([2.0, 1.0], dtype=np.float32),
    0.25,
    1.5,
)


@pytest.mark.parametrize(
    ("found", "sum_of_units"),
    [
        ({}, 0.5 + 0.25),
        ({"unheard of": 3.0}, 0.5 + 0.25),
        ({"same office": 1.0}, 2.0 + 0.25),
        ({"same office": 1.0, "gap": 2.0, "article": 0.0}, 4.0 + 0.25),
    ],
)
def test_units_are_added_up(found: dict[str, float], sum_of_units: float) -> None:
    assert CORRECTION.of(found) == pytest.approx(1.5 * np.tanh(sum_of_units))


def test_the_correction_has_a_bound() -> None:
    assert CORRECTION.of({"same office": 1e6}) == pytest.approx(1.5)


def test_what_features_mean_together_is_learned() -> None:
    chance = np.random.default_rng(3)
    x = chance.integers(0, 2, (1500, 3)).astype(np.float32)
    same = (x[:, 0] != x[:, 1]).astype(np.float32)  # no weights of single features tell that
    ones, zeros = np.ones_like(same), np.zeros_like(same)
    names = ["a", "b", "c"]
    learned = corrected(names, x, zeros, same, ones)
    found = [learned.of(dict(zip(names, map(float, row), strict=True))) for row in x[:200]]
    assert np.mean((np.array(found) > 0) == same[:200]) > 0.95


def test_pairs_that_count_more_are_heeded_more() -> None:
    for one, two in ((True, False), (False, True)):
        lessons = [Lesson({"gap": 1.0}, one, 1.0), Lesson({"gap": 1.0}, two, 0.1)] * 200
        model = fit(lessons, 0.5, 0.6)
        odds = model.weights.get("always", 0.0) + model.weights.get("gap", 0.0)
        odds += model.correction.of({"gap": 1.0})
        assert (odds > 0) == one


def test_the_shipped_correction_reads_what_the_regression_weighs() -> None:
    assert shipped().weights.keys() <= set(shipped().correction.features)
