"""Sets that grow together: which of many things belong together (union-find)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["Joined"]


class Joined:
    """The numbers from 0, each a set by itself at first; eight bytes a number."""

    def __init__(self, count: int) -> None:
        self._parent = np.arange(count, dtype=np.int64)

    def find(self, number: int) -> int:
        """The least number of a number's set."""
        parent = self._parent
        root = number
        while parent[root] != root:
            root = int(parent[root])
        while parent[number] != root:
            parent[number], number = root, int(parent[number])
        return root

    def join(self, one: int, other: int) -> None:
        """Makes the sets of two numbers one."""
        low, high = sorted((self.find(one), self.find(other)))
        self._parent[high] = low

    def labels(self) -> npt.NDArray[np.int64]:
        """The least number of each number's set."""
        parent = self._parent
        while True:
            above = parent[parent]
            if (above == parent).all():
                return above
            parent[:] = above
