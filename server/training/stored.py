"""Work on all cores whose result is kept between runs."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Sequence
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

__all__ = ["mapped"]

Job = TypeVar("Job")
Result = TypeVar("Result")


def mapped(function: Callable[[Job], Result], jobs: Sequence[Job], store: Path) -> list[Result]:
    """The function of each job, in order: read from `store`, or worked out and written there."""
    if store.exists():
        with store.open("rb") as file:
            kept: list[Result] = pickle.load(file)  # noqa: S301 - written below
            return kept
    with get_context("spawn").Pool(os.cpu_count()) as pool:
        results = pool.map(function, jobs, chunksize=4)
    part = store.with_name(f"{store.name}.part")
    with part.open("wb") as file:
        pickle.dump(results, file)
    part.replace(store)
    return results
