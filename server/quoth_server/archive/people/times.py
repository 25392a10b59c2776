"""What the days of two speakers tell: how long apart, and in which order they held an office."""

from __future__ import annotations

import math

from quoth_server.archive.people.profile import QUARTER, Profile

__all__ = ["times"]

_YEAR = 365.25  # days
_WORKING_LIFE = 20.0  # years after which another bearer of the name is likely
_LONGEST_GAP = 2.0  # working lives, beyond which more tell nothing
_SAME_STORY = 21  # days


def times(one: Profile, other: Profile) -> dict[str, float]:
    """The features of `evidence` that days give."""
    if not (one.first and one.last and other.first and other.last):
        return {"gap": 0.0, "soon": 0.0, "given up before held": 0.0, "no day": 1.0}
    days = max(0, (one.first - other.last).days, (other.first - one.last).days)
    if not days:
        # Articles of many years may leave out those in which the other spoke.
        apart = min(abs(a - b) for a in one.quarters for b in other.quarters)
        days = max(0, apart - 1) * QUARTER
    return {
        "gap": math.log1p(days / _YEAR),
        "soon": 1 / (1 + days / _YEAR),
        "long gap": min(max(0.0, days / _YEAR / _WORKING_LIFE - 1), _LONGEST_GAP),
        "same weeks": float(days <= _SAME_STORY),
        "held before given up": float(_ordered(one, other) or _ordered(other, one)),
        "given up before held": float(_disordered(one, other) or _disordered(other, one)),
    }


def _ordered(one: Profile, other: Profile) -> bool:
    """Whether an office of one is one that the other gave up later."""
    return any(
        status != "former" and (office, "former") in other.held
        and days[0] <= other.held[office, "former"][0]
        for (office, status), days in one.held.items()
    )  # fmt: skip


def _disordered(one: Profile, other: Profile) -> bool:
    """Whether an office of one is one that the other had given up before."""
    return any(
        status != "former" and (office, "former") in other.held
        and days[0] > other.held[office, "former"][1]
        for (office, status), days in one.held.items()
    )  # fmt: skip
