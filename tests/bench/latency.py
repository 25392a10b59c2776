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
from quoth_server.engine.config import EngineConfig
from quoth_server.engine.types import Article
from quoth_server.service.worker import EngineSpec
from quoth_server.service.worker import load as load_engine
from tests.bench import load
from tests.bench.figures import percentile
from tests.bench.start import ENGINE
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

    The engine is loaded in this process, as a worker loads it.

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


def added(server: Server, texts: Sequence[str], *, seconds: float) -> Added:
    """Reads articles in this process and through the service, in turns, until the time is up."""
    engine = load_engine(EngineSpec(ENGINE, EngineConfig()))
    alone: list[float] = []
    service: list[float] = []
    with server.channel() as channel:
        stub = v1.AttributionServiceStub(channel)
        for text in texts[:3]:
            engine.attribute(Article(text))
            stub.AttributeQuotes(load.request(text))
        end = time.monotonic() + seconds
        while time.monotonic() < end or not service:
            text = texts[len(service) % len(texts)]
            start = time.perf_counter()
            engine.attribute(Article(text))
            between = time.perf_counter()
            name = (("x-request-id", f"bench-{len(service)}"),)
            stub.AttributeQuotes(load.request(text), metadata=name)
            service.append(1000 * (time.perf_counter() - between))
            alone.append(1000 * (between - start))
    server.until_log(rf"message=call .*request_id=bench-{len(service) - 1} ")
    engine_ms = {int(number): float(ms) for number, ms in _ENGINE_MS.findall(server.log)}
    return Added(
        articles=len(service),
        engine=median(alone),
        service=median(service),
        difference=median(one - other for one, other in zip(service, alone, strict=True)),
        beside_engine=median(ms - engine_ms[number] for number, ms in enumerate(service)),
    )
