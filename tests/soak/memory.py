"""Memory of a server over time, and whether it grows."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median

from tests.bench import processes

__all__ = ["Sample", "growth", "sampled"]


@dataclass(frozen=True, slots=True)
class Sample:
    """Proportional sizes in MiB at a moment, in seconds from the start."""

    at: float
    front: float
    total: float


def growth(
    samples: Sequence[Sample], size: Callable[[Sample], float], start: float, end: float
) -> float:
    """By which share the size grew between two moments: the last third's median to the first's.

    Raises:
        ValueError: There are fewer than three samples between them.
    """
    sizes = [size(sample) for sample in samples if start <= sample.at <= end]
    third = len(sizes) // 3
    if not third:
        raise ValueError(f"{len(sizes)} samples from {start:g} s to {end:g} s are too few")
    return median(sizes[-third:]) / median(sizes[:third]) - 1


@contextmanager
def sampled(pid: int, every: float) -> Iterator[list[Sample]]:
    """Samples the memory of a server, in a thread, as long as it lasts."""
    samples: list[Sample] = []
    ended = threading.Event()
    start = time.monotonic()

    def sample() -> None:
        while not ended.wait(every):
            front, total = processes.front_pss(pid), processes.total_pss(pid)
            samples.append(Sample(time.monotonic() - start, front, total))

    thread = threading.Thread(target=sample, daemon=True)
    thread.start()
    try:
        yield samples
    finally:
        ended.set()
        thread.join()
