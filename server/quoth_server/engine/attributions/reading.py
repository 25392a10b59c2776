"""Reads a document's words through the network, window by window, in bounded memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from quoth_server.engine.attributions import encoder
from quoth_server.engine.attributions.decoding import FloatArray, IntArray, Scores
from quoth_server.engine.types import Quotation

__all__ = [
    "HIDDEN",
    "NAMES",
    "ROLES",
    "FloatArray",
    "Network",
    "Seen",
    "quoted_words",
    "score_words",
]

Network = Callable[[encoder.Inputs], Mapping[str, npt.NDArray[np.float32]]]
"""What the network says of a batch: `tags` (windows, words, TAGS), `cue_of` and `source_of`
(windows, words, 1 + words), of which place 0 is none and place i + 1 the window's word i,
`role` and `name` (windows, words, tags) and `vectors` (windows, words, hidden)."""

ROLES = ("O", "B-role", "I-role")
"""Tags of the words of a role that a speaker holds."""
NAMES = ("O", "B-PERSON", "I-PERSON", "B-ORGANIZATION", "I-ORGANIZATION", "B-PLACE", "I-PLACE")
"""Tags of the names of those who speak."""
HIDDEN = 384
"""Numbers of a word's vector."""
WINDOW = 288
"""Pieces and separators of a window, as many as in training."""
EDGE, SEAM = encoder.Margins(24, 8), encoder.Margins(64, 32)
"""Around whole paragraphs little is needed: attributions hardly ever leave theirs. Wider edges,
64 and 32, cost a quarter of the speed and did not help on PolNeAR's development part."""
_HEADS = 6
"""Heads kept of each word's pointer; the rest holds next to no probability."""


def quoted_words(
    words: encoder.Words, quotations: Sequence[Quotation]
) -> tuple[tuple[int, int], ...]:
    """The closed outermost quotations as ranges of words, in text order and apart."""
    ranges: list[tuple[int, int]] = []
    for quotation in quotations:
        if quotation.depth or not quotation.closed:
            continue
        first = int(np.searchsorted(words.ends, quotation.outer.start_offset, side="right"))
        last = int(np.searchsorted(words.starts, quotation.outer.end_offset, side="left"))
        if first < last and (not ranges or first >= ranges[-1][1]):
            ranges.append((first, last))
    return tuple(ranges)


@dataclass(frozen=True, slots=True)
class Seen:
    """What the network makes of each word besides attributions.

    Shape: `roles` words × len(ROLES) and `names` words × len(NAMES), probabilities; `vectors`
    words × HIDDEN.
    """

    roles: FloatArray
    names: FloatArray
    vectors: FloatArray


def score_words(network: Network, words: encoder.Words) -> tuple[Scores, Seen]:
    """Scores every word of a document, each in the window of which it is in the core.

    Windows are read one at a time: what comes out does not depend on what else is read, no
    padding is computed, and memory is that of one window.

    Returns:
        The scores, and what else the network makes of the words.
    """
    rows = list(_score_windows(network, words))
    if not rows:
        none = np.zeros((0, _HEADS))
        heads, masses = none.astype(np.int64), none.astype(np.float32)
        scores = Scores(np.zeros((0, 7), dtype=np.float32), heads, masses, heads, masses)
        empty = (np.zeros((0, size), dtype=np.float32) for size in (len(ROLES), len(NAMES), HIDDEN))
        return scores, Seen(*empty)
    *parts, roles, names, vectors = (np.concatenate(parts) for parts in zip(*rows, strict=True))
    return Scores(*parts), Seen(roles, names, vectors)


def _score_windows(network: Network, words: encoder.Words) -> Iterator[tuple[Any, ...]]:
    for window in encoder.core_windows(words, WINDOW, EDGE, SEAM):
        found = network(encoder.pack(words, [window]))
        core = slice(window.core_first - window.first, window.core_last - window.first)
        yield (
            _log_softmax(found["tags"][0, core]),
            *_heads(found["cue_of"][0, core], window.first),
            *_heads(found["source_of"][0, core], window.first),
            np.exp(_log_softmax(found["role"][0, core])),
            np.exp(_log_softmax(found["name"][0, core])),
            found["vectors"][0, core],
        )


def _log_softmax(scores: FloatArray) -> FloatArray:
    shifted = scores - scores.max(axis=-1, keepdims=True)
    logs: FloatArray = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return logs


def _heads(scores: FloatArray, first: int) -> tuple[IntArray, FloatArray]:
    """The likeliest heads of each word as word indices of the document (-1: none), and masses."""
    masses = np.exp(_log_softmax(scores))
    count = min(_HEADS, masses.shape[1])
    places = np.argpartition(-masses, count - 1, axis=1)[:, :count]
    kept = np.take_along_axis(masses, places, axis=1)
    heads = np.where(places == 0, -1, places - 1 + first)
    if count < _HEADS:
        missing = ((0, 0), (0, _HEADS - count))
        heads = np.pad(heads, missing, constant_values=-1)
        kept = np.pad(kept, missing)
    return heads, kept
