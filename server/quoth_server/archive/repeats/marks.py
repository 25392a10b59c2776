"""Marks of texts: a few of the hashes of their runs of words, chosen so that texts share them.

Two texts that have seven words in a row in common share a mark, wherever in them the words are
(winnowing: of each four runs in a row, the one with the least hash is kept).
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["RUN", "Hashes", "hash_of", "marks", "runs"]

RUN = 4
"""Words in a run; a text with fewer has no mark."""
_WINDOW = 4
_FACTOR = np.uint64(0x9E3779B97F4A7C15)  # odd, so that nothing is lost
_SHIFT = np.uint64(29)
_NONE = np.uint64(0xFFFF_FFFF_FFFF_FFFF)

Hashes = npt.NDArray[np.uint64]


def hash_of(words: Sequence[str]) -> int:
    """A hash of a whole text, the same in every process."""
    text = " ".join(words).encode()
    return zlib.crc32(text) << 32 | zlib.crc32(text, 0x5BD1E995)


def marks(texts: Sequence[Sequence[str]]) -> tuple[Hashes, npt.NDArray[np.uint32]]:
    """The marks of texts, and of which text each is, by its place among them."""
    lengths = np.array([len(text) for text in texts], dtype=np.int64)
    words = np.array(
        [zlib.crc32(word.encode()) for text in texts for word in text], dtype=np.uint64
    )
    owner = np.repeat(np.arange(len(texts), dtype=np.uint32), lengths)
    if len(words) < RUN:
        return np.empty(0, np.uint64), np.empty(0, np.uint32)
    count = len(words) - RUN + 1
    runs = np.zeros(count, np.uint64)
    for at in range(RUN):
        runs = (runs ^ words[at : at + count]) * _FACTOR
        runs ^= runs >> _SHIFT
    whole = owner[:count] == owner[RUN - 1 :]
    runs[~whole] = _NONE
    least = runs.copy()
    for at in range(1, min(_WINDOW, count)):
        ahead = np.full(count, _NONE)
        same = owner[: count - at] == owner[at:count]
        ahead[: count - at][same] = runs[at:][same]
        np.minimum(least, ahead, out=least)
    kept = least != _NONE
    found, text = least[kept], owner[:count][kept]
    order = np.lexsort((found, text))
    found, text = found[order], text[order]
    fresh = np.ones(len(found), dtype=bool)
    fresh[1:] = (found[1:] != found[:-1]) | (text[1:] != text[:-1])
    return found[fresh], text[fresh]


def runs(values: npt.NDArray[Any]) -> Iterator[tuple[int, int]]:
    """The places `[start, end)` of each stretch of equal values in an array that is in order."""
    if not len(values):
        return
    starts = np.flatnonzero(np.r_[True, values[1:] != values[:-1]]).tolist()
    yield from zip(starts, [*starts[1:], len(values)], strict=True)
