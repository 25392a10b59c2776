"""What the service is to reach, and whether it does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tests.bench.latency import Added
from tests.bench.peers import Linearity, Peer
from tests.bench.speed import Throughput
from tests.bench.start import Start

__all__ = ["Target", "targets"]


@dataclass(frozen=True, slots=True)
class Target:
    """What is measured, its limit and the figure in words, and whether it is within the limit."""

    what: str
    limit: str
    measured: str
    met: bool


def targets(
    peers: Sequence[Peer],
    throughput: Throughput,
    added: Added,
    linearity: Linearity,
    start: Start,
) -> list[Target]:
    """Each target with its figure, medians throughout."""
    times = {peer.name: peer.quoth_times.median for peer in peers}
    workers = start.workers
    scaling, least = throughput.scaling.median, 0.9 * workers
    longer, most = linearity.longer.median, 1.2 * linearity.times
    rows = [
        Target(f"one worker to {name}", "≥ 0.8", f"{times[name]:.2f}", times[name] >= 0.8)
        for name in times
        if name != "quoth"
    ]
    return [
        *rows,
        Target(f"{workers} workers to one", f"≥ {least:.1f}", f"{scaling:.2f}", scaling >= least),
        Target(
            "added by the service at p50",
            "≤ 10 ms",
            f"{added.difference:.1f} ms",
            added.difference <= 10,
        ),
        Target(
            f"{linearity.times} times the text",
            f"≤ {most:.0f} times the time",
            f"{longer:.1f}",
            longer <= most,
        ),
        Target(
            "memory of a further worker",
            "≤ 150 MB",
            f"{start.further:.0f} MiB",
            start.further * 1.048576 <= 150,
        ),
        Target(
            "ready after the start",
            "≤ 10 s",
            f"{start.ready.median:.1f} s",
            start.ready.median <= 10,
        ),
    ]
