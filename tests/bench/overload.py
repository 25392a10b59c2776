"""Measures a full server: three times the calls that it can answer.

    python -m tests.bench.overload [--engine fake|real] [--workers N] [--seconds N] [--rounds N]

It prints, as JSON, the capacity, the share of it that is still answered under the flood, and how
long refusals and the answers to "are you well" take meanwhile. It talks to its own server on
this machine and ends after little more than the seconds that it is given. The fake engine waits and
needs no core, so that what is measured is the service; the real one, which reads articles of 220
words as the bench does, shares the cores with the service and with this program.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from statistics import fmean

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

from quoth import v1
from tests.bench.figures import Spread, percentile
from tests.bench.load import Call, arrivals, calls_at, calls_in_flight
from tests.bench.texts import SAMPLE, shortened
from tests.integration.server import Server

_ENGINES = {"fake": "tests.fake_engine:load", "real": "quoth_server.engine.pipeline:load"}
_TIMES = 3


class Probe:
    """Asks for health and info over its own connection, ten times a second."""

    def __init__(self, address: str) -> None:
        self.health: list[float] = []
        self.info: list[float] = []
        self._address = address

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Asks until it is left."""
        ended = threading.Event()
        thread = threading.Thread(target=self._run, args=(ended,))
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()

    def _run(self, ended: threading.Event) -> None:
        with grpc.insecure_channel(self._address) as channel:
            health = health_pb2_grpc.HealthStub(channel)
            service = v1.AttributionServiceStub(channel)
            health.Check(health_pb2.HealthCheckRequest(), timeout=30)  # connects
            while not ended.wait(0.1):
                start = time.perf_counter()
                health.Check(health_pb2.HealthCheckRequest(), timeout=30)
                between = time.perf_counter()
                service.GetServerInfo(v1.GetServerInfoRequest(), timeout=30)
                self.health.append(between - start)
                self.info.append(time.perf_counter() - between)


def measure(engine: str, workers: int, seconds: float, rounds: int) -> dict[str, object]:
    """The figures, times in milliseconds.

    Capacity and flood are measured in turns, so that a machine that slows down slows both.
    """
    texts = ["sleep 0.05"] if engine == "fake" else [shortened(SAMPLE.read_text("utf-8"), 220)]
    flags = ("--workers", str(workers), "--log-level", "error")
    one = seconds / (2 * rounds + 1)
    shares: list[float] = []
    offered: list[Call] = []
    with Server(*flags, engine=_ENGINES[engine]) as server:
        address = server.until_output(r"ready on (\S+)")[1]
        probe = Probe(address)
        capacities = [asyncio.run(_capacity(address, texts, workers, one))]
        for seed in range(rounds):
            times = arrivals(_TIMES * capacities[-1], one, seed)
            with probe.asking():
                calls = asyncio.run(calls_at(address, texts, times))
            offered += calls
            capacities.append(asyncio.run(_capacity(address, texts, workers, one)))
            goodput = sum(call.code == "OK" and _end(call) <= one for call in calls) / one
            shares.append(goodput / fmean(capacities[-2:]))
    share = Spread.of(shares)
    return {
        "engine": engine,
        "workers": workers,
        "rounds": rounds,
        "capacity_per_second": round(fmean(capacities), 1),
        "offered_per_second": round(len(offered) / rounds / one, 1),
        "goodput_share": {
            "median": round(share.median, 3),
            "low": round(share.low, 3),
            "high": round(share.high, 3),
        },
        "codes": dict(Counter(call.code for call in offered)),
        "answered_ms": _spread([call.latency for call in offered if call.code == "OK"]),
        "refused_ms": _spread(
            [call.latency for call in offered if call.code == "RESOURCE_EXHAUSTED"]
        ),
        "health_ms": _spread(probe.health),
        "info_ms": _spread(probe.info),
    }


def _end(call: Call) -> float:
    return call.intended + call.latency


async def _capacity(address: str, texts: Sequence[str], workers: int, seconds: float) -> float:
    """Articles a second, with a few more calls in flight than workers."""
    work = await calls_in_flight(address, texts, in_flight=2 * workers, seconds=seconds)
    return sum(done.at <= seconds for done in work.done) / seconds


def _spread(seconds: Sequence[float]) -> dict[str, float]:
    if not seconds:
        return {}
    places = {"p50": 0.5, "p99": 0.99, "max": 1.0}
    return {name: round(1000 * percentile(seconds, place), 1) for name, place in places.items()}


def main() -> None:
    """Runs it from the command line."""
    parser = argparse.ArgumentParser(description="Measures a full server.")
    parser.add_argument("--engine", choices=sorted(_ENGINES), default="fake")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=80.0, help="in all")
    parser.add_argument("--rounds", type=int, default=10, help="of a flood, each its own share")
    options = parser.parse_args()
    figures = measure(options.engine, options.workers, options.seconds, options.rounds)
    sys.stdout.write(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
