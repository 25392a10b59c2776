"""From the start of the process to SERVING, and the memory of a server that has worked."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

from tests.bench import load, processes
from tests.bench.figures import Spread
from tests.integration.server import Server

__all__ = ["ENGINE", "Start", "cold_starts", "serving"]

ENGINE = "quoth_server.engine.pipeline:load"
_POLL = 0.02  # seconds
_PATIENCE = 120.0


@dataclass(frozen=True, slots=True)
class Start:
    """Servers with one worker and with `workers`, each started on its own.

    `ready` is the time from the start of the process to SERVING, in seconds.
    """

    workers: int
    ready: Spread
    one: processes.Memory
    many: processes.Memory

    @property
    def further(self) -> float:
        """What each worker after the first adds, in MiB."""
        return (self.many.total - self.one.total) / (self.workers - 1)

    @property
    def private(self) -> float:
        """What is one worker's alone, in MiB."""
        return median(self.many.private)


@contextmanager
def serving(workers: int) -> Iterator[tuple[Server, float]]:
    """A server with the engine that quoth ships with, and the seconds until it was SERVING."""
    flags = ("--workers", str(workers), "--log-level", "info")
    start = time.perf_counter()
    with Server(*flags, engine=ENGINE, wait=False) as running:
        _until_serving(running.address)
        yield running, time.perf_counter() - start


def cold_starts(workers: int, texts: Sequence[str], *, times: int, seconds: float) -> Start:
    """Starts servers with one worker and with many, in turns, and gives the last of each work.

    Nothing else that holds the engine may run meanwhile: it would share memory with the workers.
    """
    ready: list[float] = []
    memories: dict[int, processes.Memory] = {}
    for last in (turn == times - 1 for turn in range(times)):
        for count in (1, workers):
            with serving(count) as (running, took):
                ready.append(took)
                if last:
                    asyncio.run(
                        load.calls_in_flight(
                            running.address, texts, in_flight=count, seconds=seconds
                        )
                    )
                    memories[count] = processes.memory(running.process.pid)
    return Start(workers, Spread.of(ready), memories[1], memories[workers])


def _until_serving(address: str) -> None:
    end = time.monotonic() + _PATIENCE
    with grpc.insecure_channel(address) as channel:
        health = health_pb2_grpc.HealthStub(channel)
        while True:
            answer = health.Check(health_pb2.HealthCheckRequest(), timeout=5, wait_for_ready=True)
            if answer.status == health_pb2.HealthCheckResponse.SERVING:
                return
            if time.monotonic() > end:
                raise TimeoutError(f"no SERVING within {_PATIENCE:g} s")
            time.sleep(_POLL)
