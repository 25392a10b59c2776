"""Stretches of equal values in an array that is in order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["runs"]


def runs(values: npt.NDArray[Any]) -> Iterator[tuple[int, int]]:
    """The places `[start, end)` of each stretch of equal values."""
    if not len(values):
        return
    starts = np.flatnonzero(np.r_[True, values[1:] != values[:-1]]).tolist()
    yield from zip(starts, [*starts[1:], len(values)], strict=True)
