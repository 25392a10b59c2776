"""Work on all cores whose result is kept between runs."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Sequence
from multiprocessing import get_context
from pathlib import Path
from typing import Any, TypeVar

__all__ = ["kept", "mapped"]

Job = TypeVar("Job")
Result = TypeVar("Result")


def kept(store: Path) -> list[Any]:
    """The results that `mapped` wrote to `store`."""
    with store.open("rb") as file:
        results: list[Any] = pickle.load(file)  # noqa: S301 - our own
        return results


def mapped(function: Callable[[Job], Result], jobs: Sequence[Job], store: Path) -> list[Result]:
    """The function of each job, in order: read from `store`, or worked out and written there."""
    if store.exists():
        return kept(store)
    with get_context("spawn").Pool(os.cpu_count()) as pool:
        results = pool.map(function, jobs, chunksize=4)
    part = store.with_name(f"{store.name}.part")
    with part.open("wb") as file:
        pickle.dump(results, file)
    part.replace(store)
    return results
