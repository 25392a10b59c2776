"""What roles and titles mean, as directions: the nearer two are, the likelier one life has both.

The network is a small one that was taught to tell the same directions as MiniLM, which is many
times larger; `training/meanings.py` makes it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

import numpy as np
import numpy.typing as npt
import onnxruntime  # type: ignore[import-untyped]
from tokenizers import Tokenizer

from quoth_server.engine.attributions.encoder import UNKNOWN, load_tokenizer
from quoth_server.engine.attributions.model import DIRECTORY, TOKENIZER

__all__ = ["NOTHING", "Meanings", "Told", "likeness", "of"]

FloatArray = npt.NDArray[np.float32]

_LONGEST = 48  # pieces of a text that are read
_USUAL_ROLE, _USUAL_TITLE, _USUAL_CROSS, _USUAL_BOTH = 0.35, 0.2, 0.15, 0.3
"""How alike any two are, which tells nothing."""
_STEP = 4.0


@dataclass(frozen=True, slots=True)
class Told:
    """What one article tells of a speaker: the roles, in a row, and its title."""

    roles: str
    title: str


@dataclass(frozen=True, slots=True, eq=False)
class Meanings:
    """Directions, of several articles each: articles × directions, of length 1 or 0.

    Attributes:
        roles: Of the roles; 0 where an article gives none.
        titles: Of the titles.
        both: Of roles and title as one text.
        known: 1 for each article that gives a role, else 0.
    """

    roles: FloatArray
    titles: FloatArray
    both: FloatArray
    known: FloatArray


def of(texts: Sequence[Told]) -> Meanings:
    """What the texts of a speaker mean."""
    return Meanings(
        _rows([_direction(each.roles) for each in texts]),
        _rows([_direction(each.title) for each in texts]),
        _rows([_direction(f"{each.roles or 'unknown'}. {each.title}") for each in texts]),
        np.array([bool(each.roles) for each in texts], dtype=np.float32),
    )


def likeness(one: Meanings, other: Meanings) -> Mapping[str, float]:
    """How near two are: the mean of the articles, halfway to the nearest two; 0 as usual."""
    if not (len(one.known) and len(other.known)):
        return NOTHING
    known = one.known[:, None] * other.known[None, :]
    roles = np.where(known > 0, one.roles @ other.roles.T, _USUAL_ROLE)
    there = np.where(one.known[:, None] > 0, one.roles @ other.titles.T, -1.0)
    back = np.where(other.known[None, :] > 0, one.titles @ other.roles.T, -1.0)
    crossed = np.maximum(there, back)
    crossed = np.where(crossed > -1.0, crossed, _USUAL_CROSS)
    return {
        "roles alike": _told(roles, _USUAL_ROLE),
        "titles alike": _told(one.titles @ other.titles.T, _USUAL_TITLE),
        "role like title": _told(crossed, _USUAL_TITLE),
        "all alike": _told(one.both @ other.both.T, _USUAL_BOTH),
    }


NOTHING: Mapping[str, float] = {
    "roles alike": 0.0,
    "titles alike": 0.0,
    "role like title": 0.0,
    "all alike": 0.0,
}


def _told(found: FloatArray, usual: float) -> float:
    return _STEP * (float(found.mean() + found.max()) / 2 - usual)


def _rows(directions: Sequence[FloatArray]) -> FloatArray:
    return np.stack(directions) if directions else np.zeros((0, 0), dtype=np.float32)


@lru_cache(maxsize=4096)
def _direction(text: str) -> FloatArray:
    """The direction of a text; 0 of an empty one."""
    session, tokenizer = _network()
    pieces = tokenizer.encode(text, add_special_tokens=False).ids[:_LONGEST]
    read = np.array([pieces or [UNKNOWN]], dtype=np.int64)
    found: FloatArray = session.run(None, {"pieces": read})[0][0]
    return found if text else np.zeros_like(found)


@cache
def _network() -> tuple[onnxruntime.InferenceSession, Tokenizer]:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    file = (resources.files(__package__) / "data" / "meanings.onnx").read_bytes()
    session = onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
    return session, load_tokenizer(str(DIRECTORY / TOKENIZER))
