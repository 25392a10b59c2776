"""Which phrases have a word, and how many of some words each phrase has."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from quoth_server.engine.records.table import FloatArray

__all__ = ["WordIndex"]


class WordIndex:
    """The words of phrases, found by the word: asking costs no more where phrases are many."""

    def __init__(self, words: Sequence[Collection[str]]) -> None:
        """Indexes the words of each phrase."""
        self._count = len(words)
        self._having: dict[str, list[int]] = {}
        for at, each in enumerate(words):
            for word in each:
                self._having.setdefault(word, []).append(at)

    def share(self, words: Collection[str]) -> FloatArray:
        """The share of some different words that each phrase has; 0 where there are none.

        Shape: phrases.
        """
        found = np.zeros(self._count, dtype=np.float32)
        for word in words:
            found[self._having.get(word, [])] += 1
        return found / np.float32(max(1, len(words)))
