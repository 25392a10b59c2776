"""The cores of the machine."""

from __future__ import annotations

import os

__all__ = ["available"]


def available() -> int:
    """The cores this process may run on, which in a container are often fewer than there are."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
