"""Arithmetic of measurements."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import NamedTuple

__all__ = ["Completion", "Spread", "percentile", "ratios", "steady_rate"]


class Completion(NamedTuple):
    """A unit of work that was done: when, in seconds from the start, and how much it was."""

    at: float
    amount: float


@dataclass(frozen=True, slots=True)
class Spread:
    """A figure measured several times."""

    median: float
    low: float
    high: float
    rounds: int

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        """The median and the range of values.

        Raises:
            ValueError: There are none.
        """
        if not values:
            raise ValueError("nothing was measured")
        return cls(median(values), min(values), max(values), len(values))


def percentile(values: Sequence[float], share: float) -> float:
    """The least value that `share` of the values, in (0, 1], do not exceed (nearest rank).

    Raises:
        ValueError: There are no values, or `share` is not a share.
    """
    if not values or not 0 < share <= 1:
        raise ValueError(f"no {share} percentile of {len(values)} values")
    return sorted(values)[math.ceil(share * len(values)) - 1]


def ratios(these: Sequence[float], those: Sequence[float]) -> Spread:
    """How many times those each of these is, round by round."""
    return Spread.of([one / other for one, other in zip(these, those, strict=True)])


def steady_rate(done: Sequence[Completion], until: float) -> float:
    """Work done a second while all workers were busy.

    It counts from the first completion to the last one before `until`, when no more work was
    given out, so neither the start nor the uneven end counts against those who had many workers.

    Raises:
        ValueError: Fewer than two completions came in time.
    """
    inside = sorted(completion for completion in done if completion.at <= until)
    if len(inside) < 2 or inside[-1].at == inside[0].at:
        raise ValueError(f"{len(inside)} completions in {until:g} s are too few for a rate")
    return sum(c.amount for c in inside[1:]) / (inside[-1].at - inside[0].at)
