"""How likely what two articles tell is the course of one life, given the years between them.

A captain of a team may be a coach ten years later, and hardly within weeks; the reverse is
rare. A small network has learned that from invented lives, see `training/courses.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
import numpy.typing as npt

from quoth_server.archive.people.meanings import Meanings

__all__ = ["NOTHING", "Course", "Weights", "course", "of", "scores"]

FloatArray = npt.NDArray[np.float32]

NOTHING: Mapping[str, float] = {"one course": 0.0, "two courses": 0.0}


@dataclass(frozen=True, slots=True)
class Weights:
    """A network with one layer of hidden units.

    Attributes:
        read_early: What is read of an article that is the earlier one of two: directions of roles
            and title, then those of roles × numbers.
        read_early_bias: Numbers.
        early: What these numbers, and whether there are roles, mean to the units.
        read_late: As `read_early`, for the later article.
        read_late_bias: Numbers.
        late: As `early`.
        products: What the products of the directions of two articles mean to the units.
        told: What it means to them that both have roles, then the logarithm of the years between
            them and one more, one by the years and one more, and that the years are known.
        bias: Units.
        out: Units.
        out_bias: One number.
    """

    read_early: FloatArray
    read_early_bias: FloatArray
    early: FloatArray
    read_late: FloatArray
    read_late_bias: FloatArray
    late: FloatArray
    products: FloatArray
    told: FloatArray
    bias: FloatArray
    out: FloatArray
    out_bias: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """What the articles of a speaker mean to the network.

    Attributes:
        directions: Of roles and title, then of roles: articles × twice the directions.
        known: 1 for each article that gives a role, else 0.
        years: When each is of; not a number where that is not known.
        early: What each means as the earlier one of two articles: articles × units.
        late: As the later one.
    """

    directions: FloatArray
    known: FloatArray
    years: FloatArray
    early: FloatArray
    late: FloatArray


def of(told: Meanings) -> Course:
    """Reads the articles of a speaker."""
    return _read(_shipped(), told)


def course(one: Course, other: Course) -> Mapping[str, float]:
    """How likely two are one life: the mean of all two articles, halfway to the likeliest two."""
    if not (len(one.known) and len(other.known)):
        return NOTHING
    found = scores(_shipped(), one, other)
    near = float(found.mean() + found.max()) / 2
    return {"one course": max(near, 0.0), "two courses": max(-near, 0.0)}


def scores(weights: Weights, one: Course, other: Course) -> FloatArray:
    """How much likelier two articles are of one life than of two, as logarithms.

    Each article of one is compared with each of the other.
    """
    years = other.years - one.years[:, None]
    dated = years == years  # not a number equals nothing
    past = np.where(dated, np.abs(years), 0.0)
    both = one.known[:, None] * other.known
    units = (one.directions[:, None] * other.directions) @ weights.products
    told = np.stack((both, np.log1p(past), dated / (1 + past), dated), 2, dtype=np.float32)
    units += told @ weights.told
    units += np.where(
        (years < 0)[:, :, None],
        one.late[:, None] + other.early,
        one.early[:, None] + other.late,
    )
    found: FloatArray = np.maximum(units + weights.bias, 0) @ weights.out + weights.out_bias
    return found


def _read(weights: Weights, told: Meanings) -> Course:
    if not len(told.known):
        none = np.zeros((0, 0), dtype=np.float32)
        return Course(none, told.known, told.years, none, none)
    directions = np.concatenate([told.wholes, told.roles], 1)
    known = told.known[:, None]
    early = np.tanh(directions @ weights.read_early + weights.read_early_bias)
    late = np.tanh(directions @ weights.read_late + weights.read_late_bias)
    return Course(
        directions,
        told.known,
        told.years,
        np.concatenate([early, known], 1) @ weights.early,
        np.concatenate([late, known], 1) @ weights.late,
    )


@cache
def _shipped() -> Weights:
    file = resources.files(__package__) / "data" / "courses.npz"
    with file.open("rb") as opened, np.load(opened) as arrays:
        return Weights(**{name: arrays[name].astype(np.float32) for name in arrays})
