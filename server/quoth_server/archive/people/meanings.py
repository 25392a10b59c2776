"""What roles and titles mean: how likely one life has both of two.

A small network gives each text a direction, so that the product of two directions is the logarithm
of how much likelier they are in one life than in two. It was taught by invented lives, see
`training/meanings.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

import numpy as np
import numpy.typing as npt
import onnxruntime  # type: ignore[import-untyped]

from quoth_server.archive.people.pieces import pieces
from quoth_server.engine.attributions.encoder import UNKNOWN

__all__ = ["LONGEST", "NOTHING", "USUAL", "Meanings", "Told", "likeness", "of"]

FloatArray = npt.NDArray[np.float32]

LONGEST = 48
"""Pieces of a text that are read."""
USUAL = "usual"
"""What the file of the network calls the product of any two texts, which tells nothing."""
_STEP = 3.0


@dataclass(frozen=True, slots=True)
class Told:
    """What one article tells of a speaker: the roles, in a row, its title, and when it is of.

    The year has decimals where the day is known; it is None where nothing is.
    """

    roles: str
    title: str
    year: float | None = None

    @property
    def whole(self) -> str:
        """Both as one text."""
        return f"{self.roles or 'unknown'}. {self.title}" if self.title else self.roles


@dataclass(frozen=True, slots=True, eq=False)
class Meanings:
    """Directions, of several articles each: articles × directions.

    Attributes:
        wholes: Of roles and title as one text.
        roles: Of the roles; 0 where an article gives none.
        known: 1 for each article that gives a role, else 0.
        years: When each is of; not a number where that is not known.
    """

    wholes: FloatArray
    roles: FloatArray
    known: FloatArray
    years: FloatArray


def of(texts: Sequence[Told]) -> Meanings:
    """What the texts of a speaker mean; of an article that tells nothing, nothing."""
    texts = [each for each in texts if each.roles or each.title]
    return Meanings(
        _rows([_direction(each.whole) for each in texts]),
        _rows([_direction(each.roles) for each in texts]),
        np.array([bool(each.roles) for each in texts], dtype=np.float32),
        np.array([each.year for each in texts], dtype=np.float32),
    )


def likeness(one: Meanings, other: Meanings) -> Mapping[str, float]:
    """How likely two are one life: the mean of the articles, halfway to the nearest two."""
    if not (len(one.known) and len(other.known)):
        return NOTHING
    known = one.known[:, None] * other.known[None, :]
    usual = _usual()
    wholes = one.wholes @ other.wholes.T - usual
    roles = np.where(known > 0, one.roles @ other.roles.T - usual, 0.0)
    near, roles_near = (float(each.mean() + each.max()) / 2 / _STEP for each in (wholes, roles))
    return {
        "one life": max(near, 0.0),
        "two lives": max(-near, 0.0),
        "roles of one life": max(roles_near, 0.0),
        "roles of two lives": max(-roles_near, 0.0),
    }


NOTHING: Mapping[str, float] = {
    "one life": 0.0,
    "two lives": 0.0,
    "roles of one life": 0.0,
    "roles of two lives": 0.0,
}


def _rows(directions: Sequence[FloatArray]) -> FloatArray:
    return np.stack(directions) if directions else np.zeros((0, 0), dtype=np.float32)


@lru_cache(maxsize=4096)
def _direction(text: str) -> FloatArray:
    """The direction of a text; 0 of an empty one."""
    read = np.array([pieces(text)[:LONGEST] or [UNKNOWN]], dtype=np.int64)
    found: FloatArray = _network().run(None, {"pieces": read})[0][0]
    return found if text else np.zeros_like(found)


@cache
def _usual() -> float:
    return float(_network().get_modelmeta().custom_metadata_map[USUAL])


@cache
def _network() -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    file = (resources.files(__package__) / "data" / "meanings.onnx").read_bytes()
    return onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
