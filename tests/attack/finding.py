"""What became of one attack."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["Finding", "checked"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What was wanted of the service or the command, what was measured, and whether it fits."""

    wanted: str
    measured: str
    reached: bool


def checked(wanted: str, checks: Mapping[str, bool]) -> Finding:
    """The finding of several things that hold or not."""
    missed = [name for name, holds in checks.items() if not holds]
    measured = f"{len(checks) - len(missed)} of {len(checks)}"
    return Finding(
        wanted, f"{measured}; not: {', '.join(missed)}" if missed else measured, not missed
    )
