"""How fast articles are read, to know of one that it cannot be read in the time it has."""

from __future__ import annotations

from collections import deque

__all__ = ["Pace"]

_SHORTEST = 1_000  # code points; the time of shorter articles says little
_LATEST, _LEAST = 32, 8  # articles that are remembered, and that must be to say anything


class Pace:
    """The fastest of the latest articles: nothing is refused that had any chance."""

    def __init__(self) -> None:
        self._latest: deque[float] = deque(maxlen=_LATEST)  # seconds a code point

    def read(self, characters: int, seconds: float) -> None:
        """An article of this many code points was read in this time."""
        if characters >= _SHORTEST:
            self._latest.append(seconds / characters)

    def least(self, characters: int) -> float:
        """Seconds that an article of this many code points takes at least; 0 if unknown."""
        if len(self._latest) < _LEAST or characters < _SHORTEST:
            return 0.0
        return min(self._latest) * characters
