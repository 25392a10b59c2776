"""Throughput of the service: one worker, N workers, and N behind one stream, in turns."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean

from tests.bench import load, processes
from tests.bench.figures import Spread, ratios, steady_rate
from tests.bench.texts import words
from tests.integration.server import Server

__all__ = ["Setup", "Throughput", "throughput"]


@dataclass(frozen=True, slots=True)
class Setup:
    """One way to send articles: words a second, and CPU seconds of all the server's processes."""

    name: str
    workers: int
    words_a_second: Spread
    cpu_per_1000_words: Spread


@dataclass(frozen=True, slots=True)
class Throughput:
    """Every way, and how many times as fast N workers are as one, round by round."""

    setups: tuple[Setup, ...]
    scaling: Spread
    stream_to_calls: Spread
    capacity: float
    """Calls a second of the texts used that N workers take at most."""


def throughput(
    one: Server, many: Server, workers: int, texts: Sequence[str], *, seconds: float, rounds: int
) -> Throughput:
    """Keeps each server busy for some seconds, in turns; both are warm and idle otherwise."""
    ways = [
        ("calls, 1 worker", one, 1, load.calls_in_flight),
        (f"calls, {workers} workers", many, workers, load.calls_in_flight),
        (f"one stream, {workers} workers", many, workers, load.stream),
    ]
    rates: list[list[float]] = [[] for _ in ways]
    costs: list[list[float]] = [[] for _ in ways]
    for turn in range(rounds):
        # Each round other texts, the same for every way.
        first = turn * len(texts) // rounds
        rotated = [*texts[first:], *texts[:first]]
        for index, (_, server, count, send) in enumerate(ways):
            before = processes.cpu_seconds(server.process.pid)
            work = asyncio.run(
                # One more than can be read, so that no worker waits for the client.
                send(server.address, rotated, in_flight=2 * count, seconds=seconds)
            )
            time.sleep(0.1)  # until the last worker has slept, too
            used = processes.cpu_seconds(server.process.pid) - before
            rates[index].append(steady_rate(work.done, work.until))
            costs[index].append(1000 * used / sum(completion.amount for completion in work.done))
    setups = tuple(
        Setup(name, count, Spread.of(rates[index]), Spread.of(costs[index]))
        for index, (name, _, count, _) in enumerate(ways)
    )
    return Throughput(
        setups,
        ratios(rates[1], rates[0]),
        ratios(rates[2], rates[1]),
        setups[1].words_a_second.median / mean(map(words, texts)),
    )
