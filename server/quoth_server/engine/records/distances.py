"""How far apart two words are, in classes: the record network attends more or less to each.

Serving and training share this module, as they share `table`.
"""

from __future__ import annotations

import math

import numpy as np

from quoth_server.engine.records.table import IntArray

__all__ = ["PARAGRAPHS", "WORDS", "between"]

_BUCKETS, _FARTHEST = 16, 256
_BACK = 3  # paragraphs before that are told apart
WORDS, PARAGRAPHS = 2 * _BUCKETS, 8
"""How many classes words, and their paragraphs, have; those of both are one number, words first."""


def between(paragraph: IntArray) -> IntArray:
    """The class of each pair of words, words × words, from the paragraphs that they stand in."""
    count = len(paragraph)
    # Each distance once: there are far fewer than pairs of words.
    far = _bucket(np.arange(1 - count, count)) * PARAGRAPHS + _BACK
    # The windows of a row begin one word earlier than those of the row above it.
    found: IntArray = np.lib.stride_tricks.sliding_window_view(far, count)[::-1] + np.clip(
        paragraph[None, :] - paragraph[:, None], -_BACK, PARAGRAPHS - 1 - _BACK
    )
    return found


def _bucket(distance: IntArray) -> IntArray:
    """Distances of words in classes: one each when near, on a scale of logarithms when far."""
    near, far = _BUCKETS // 2, np.abs(distance)
    scale = np.log(np.maximum(far, 1) / near) / math.log(_FARTHEST / near)
    large = np.minimum(near + (scale * (_BUCKETS - near)).astype(np.int64), _BUCKETS - 1)
    found: IntArray = np.where(far < near, far, large) + (distance > 0) * _BUCKETS
    return found
