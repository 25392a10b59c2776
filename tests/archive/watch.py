"""A process and those that it starts: their memory while they run, and whether they all end."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median

import psutil

__all__ = ["Family", "watched"]

_MIB = 1024 * 1024


@dataclass
class Family:
    """What was seen of a process and its children.

    Attributes:
        main: Resident memory of the process in MiB, at each sample.
        children: That of its children together.
        seen: Every child there was.
    """

    main: list[float] = field(default_factory=list)
    children: list[float] = field(default_factory=list)
    seen: set[psutil.Process] = field(default_factory=set)

    def outlived(self, seconds: float) -> Sequence[int]:
        """The children that are still there after this many seconds without their parent."""
        _, alive = psutil.wait_procs(self.seen, timeout=seconds)
        return sorted(process.pid for process in alive)

    def figures(self) -> dict[str, dict[str, float]]:
        """Peak memory, and medians of the first and the last quarter of the time, in MiB.

        The time begins when the children have half of what they have in the middle of it.
        """
        loaded = median(self.children) / 2
        start = next(at for at, size in enumerate(self.children) if size >= loaded)
        main, children = self.main[start:], self.children[start:]
        both = [sum(pair) for pair in zip(main, children, strict=True)]
        named = {"main": main, "workers": children, "together": both}
        return {name: _figures(sizes) for name, sizes in named.items()}


def _figures(sizes: Sequence[float]) -> dict[str, float]:
    quarter = max(1, len(sizes) // 4)
    return {
        "samples": len(sizes),
        "peak": round(max(sizes), 1),
        "first_quarter": round(median(sizes[:quarter]), 1),
        "last_quarter": round(median(sizes[-quarter:]), 1),
    }


@contextmanager
def watched(pid: int, every: float) -> Iterator[Family]:
    """Samples a process and its children, in a thread, as long as this lasts."""
    family = Family()
    ended = threading.Event()

    def watch() -> None:
        process = psutil.Process(pid)
        while not ended.wait(every):
            try:
                children = process.children(recursive=True)
                sizes = [_size(child) for child in children]
                main = process.memory_info().rss / _MIB
            except psutil.NoSuchProcess:
                return
            family.seen.update(children)
            family.main.append(main)
            family.children.append(sum(sizes))

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield family
    finally:
        ended.set()
        thread.join()


def _size(process: psutil.Process) -> float:
    try:
        size: int = process.memory_info().rss
    except psutil.NoSuchProcess:
        return 0.0
    return size / _MIB
