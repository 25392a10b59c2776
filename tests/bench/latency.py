"""Latency under rising load, and what the service adds to the engine's own time."""

from __future__ import annotations

import asyncio
import re
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from quoth import v1
from tests.bench import load
from tests.bench.figures import percentile
from tests.bench.peers import Reader
from tests.integration.server import Server

__all__ = ["Added", "Level", "added", "level", "levels"]

_ENGINE_MS = re.compile(r"message=call .*request_id=bench-(\d+) .*engine_ms=([\d.]+)")


@dataclass(frozen=True, slots=True)
class Level:
    """Calls that came at random at a share of the capacity.

    Latencies are in milliseconds, from the moment a call was meant to be sent; of answered calls.
    """

    load: float
    offered: float
    seconds: float
    p50: float
    p95: float
    p99: float
    codes: Mapping[str, int] = field(default_factory=dict)

    @property
    def calls(self) -> int:
        """How many were sent."""
        return sum(self.codes.values())

    @property
    def answered(self) -> int:
        """How many were answered."""
        return self.codes.get("OK", 0)


@dataclass(frozen=True, slots=True)
class Added:
    """Medians, in milliseconds, of articles read by the engine and through the service in turns.

    `difference` is that of each article's two times. `beside_engine` is the part of a call in
    which, by the server's own log, no engine was at work on it.
    """

    articles: int
    engine: float
    service: float
    difference: float
    beside_engine: float


def levels(
    server: Server, texts: Sequence[str], capacity: float, seconds: Mapping[float, float]
) -> list[Level]:
    """Sends calls at each share of the capacity (calls a second) for as many seconds."""
    return [
        level(share, share * capacity, length, _sent(server, texts, share * capacity, length))
        for share, length in seconds.items()
    ]


def _sent(server: Server, texts: Sequence[str], rate: float, seconds: float) -> list[load.Call]:
    times = load.arrivals(rate, seconds, seed=round(1000 * rate)) or [0.0]
    return asyncio.run(load.calls_at(server.address, texts, times))


def level(share: float, rate: float, seconds: float, calls: Sequence[load.Call]) -> Level:
    """What the outcomes of calls come to."""
    answered = [1000 * call.latency for call in calls if call.code == "OK"]
    p50, p95, p99 = (percentile(answered, rank) for rank in (0.5, 0.95, 0.99))
    return Level(share, rate, seconds, p50, p95, p99, dict(Counter(call.code for call in calls)))


def added(server: Server, engine: Reader, texts: Sequence[str], *, seconds: float) -> Added:
    """Reads articles by the engine and through the service, in turns, until the time is up."""
    alone: list[float] = []
    service: list[float] = []
    with server.channel() as channel:
        stub = v1.AttributionServiceStub(channel)
        engine.read("quoth", texts[:3])
        for text in texts[:3]:
            stub.AttributeQuotes(load.request(text))
        end = time.monotonic() + seconds
        while time.monotonic() < end or not service:
            text = texts[len(service) % len(texts)]
            alone.append(1000 * engine.read("quoth", [text])["wall"])
            name = (("x-request-id", f"bench-{len(service)}"),)
            start = time.perf_counter()
            stub.AttributeQuotes(load.request(text), metadata=name)
            service.append(1000 * (time.perf_counter() - start))
    server.until_log(rf"message=call .*request_id=bench-{len(service) - 1} ")
    engine_ms = {int(number): float(ms) for number, ms in _ENGINE_MS.findall(server.log)}
    return Added(
        articles=len(service),
        engine=median(alone),
        service=median(service),
        difference=median(one - other for one, other in zip(service, alone, strict=True)),
        beside_engine=median(ms - engine_ms[number] for number, ms in enumerate(service)),
    )
