"""The server's life: it listens, warms up, serves, drains and ends with an exit code."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from enum import IntEnum
from typing import Protocol

from grpc_health.v1 import health, health_pb2

from quoth_server.archive.servicer import ArchiveServicer
from quoth_server.engine.config import EngineConfig
from quoth_server.service import assembly, files, logs
from quoth_server.service.admission import SPARE, Admission
from quoth_server.service.aside import Aside
from quoth_server.service.assembly import SERVICE, CannotListen
from quoth_server.service.budget import Budget
from quoth_server.service.gate import Gate, before
from quoth_server.service.intake import Intake
from quoth_server.service.servicer import AttributionServicer
from quoth_server.service.worker import EngineNotLoaded, EngineSpec
from quoth_server.service.workers import WorkerPool
from quoth_server.settings import Settings

__all__ = ["ExitCode", "serve"]

_log = logging.getLogger("quoth_server")
_SERVING = health_pb2.HealthCheckResponse.SERVING
_NOT_SERVING = health_pb2.HealthCheckResponse.NOT_SERVING
_STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)
_LAST_WORDS = 2.0  # seconds to tell those calls that are given up


class ExitCode(IntEnum):
    """What `quoth-server` ends with."""

    STOPPED = 0
    FAULT = 1
    BAD_SETTINGS = 2
    CANNOT_LISTEN = 3
    NO_ENGINE = 4


async def serve(settings: Settings, *, private: bool = False) -> ExitCode:
    """Serves until a signal says to stop.

    If it is `private`, only the program that started it can reach it, and so may learn where a
    fault is.

    Raises:
        BadSettings: if the TLS files do not fit together, the tokens cannot be read, or a package
            for a setting is not installed.
    """
    with ExitStack() as closing:
        try:
            return await _serve(settings, closing, private)
        except CannotListen as error:
            _say(str(error))
            return ExitCode.CANNOT_LISTEN


async def _serve(settings: Settings, closing: ExitStack, private: bool) -> ExitCode:
    status = _Health()
    metrics = assembly.metrics(settings, closing)

    def workers_changed(warm: int) -> None:
        status.workers_changed(warm)
        # The spare worker does not count toward what the server can do at once.
        metrics.workers_warm(min(warm, settings.workers))

    pool = WorkerPool(
        settings.workers + SPARE,
        EngineSpec(settings.engine, EngineConfig(pipeline=settings.pipeline)),
        limit=settings.max_deadline,
        on_change=workers_changed,
        on_end=metrics.worker_ended,
    )
    admission = Admission(settings.workers, settings.queue)
    budget = Budget(settings.max_held_bytes)
    gate = Gate()
    servicer = AttributionServicer(settings, pool, admission, budget, gate, tell_faults=private)
    live = assembly.archive(settings)
    archive = ArchiveServicer(live, servicer, gate)
    tokens = assembly.tokens(settings)
    intake = Intake(gate, budget, admission, settings.max_request_bytes)
    chain = assembly.interceptors(settings, metrics, tokens, intake, closing)
    aside = Aside(gate, budget, settings.max_request_bytes)
    most = files.shares(files.available(), settings.workers + SPARE)
    server = assembly.build(settings, servicer, archive, status.servicer, chain, aside, most.grpc)
    certificate = assembly.certificate(settings)
    address = assembly.listen(server, settings, certificate)
    http = assembly.http_door(
        settings, certificate, servicer, archive, status.servicer, chain, budget, most.http
    )
    stop = _stop_event(pool)
    _on_hangup([each.look_again for each in (tokens, certificate) if each])
    await server.start()
    listening = {"address": address, "workers": settings.workers, "standing_by": SPARE}
    _log.info("listening", extra=listening)
    if http:
        http.start()
    if live:
        live.start()
        closing.callback(live.stop)
    failure = ""
    try:
        try:
            await _run(pool, address, stop)
        except EngineNotLoaded as error:
            failure = str(error)
        # Balancers see NOT_SERVING first and send no more; then what was accepted is answered.
        await status.servicer.enter_graceful_shutdown()
        await asyncio.sleep(0 if failure else settings.drain_delay)
        doors = (server, http) if http else (server,)
        await _stop(doors, gate, pool, 0 if failure else settings.shutdown_grace)
    finally:
        await pool.stop()  # its processes would hold up the end of this one
    if failure:
        _say(f"the engine {settings.engine} cannot be loaded: {failure}")
        return ExitCode.NO_ENGINE
    return ExitCode.STOPPED


async def _run(pool: WorkerPool, address: str, stop: asyncio.Event) -> None:
    """Warms the workers up and says so, then waits for `stop`.

    Raises:
        EngineNotLoaded: if they cannot be warmed up, or no longer be replaced.
    """
    if await before(stop, pool.start()):
        logs.say(f"quoth-server ready on {address}", sys.stdout)
        await before(stop, asyncio.shield(pool.failed))


class _Door(Protocol):
    async def stop(self, grace: float) -> None:
        """Takes nothing new; ends when all that was taken is answered, or after `grace`."""


async def _stop(doors: Sequence[_Door], gate: Gate, pool: WorkerPool, grace: float) -> None:
    """Lets accepted calls finish; those that do not in time lose their worker and get an error."""
    await gate.close()
    stopping = asyncio.gather(*(door.stop(grace + _LAST_WORDS) for door in doors))
    await asyncio.sleep(0)  # it has begun
    gate.send_away()
    await asyncio.wait((stopping,), timeout=grace)
    await pool.stop()
    await stopping


class _Health:
    """NOT_SERVING until a worker is warm, and whenever none is."""

    def __init__(self) -> None:
        self.servicer = health.aio.HealthServicer()
        self._updates: set[asyncio.Task[None]] = set()
        self.workers_changed(0)

    def workers_changed(self, warm: int) -> None:
        task = asyncio.create_task(self._set(_SERVING if warm else _NOT_SERVING))
        self._updates.add(task)
        task.add_done_callback(self._updates.discard)

    async def _set(self, status: int) -> None:
        for name in ("", SERVICE):
            await self.servicer.set(name, status)


def _stop_event(pool: WorkerPool) -> asyncio.Event:
    """Set by the first signal; a second one ends the program at once."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()

    def signaled(number: signal.Signals) -> None:
        if stop.is_set():
            pool.kill()
            os._exit(128 + number)
        _log.info("stopping", extra={"signal": number.name})
        stop.set()

    for number in _STOP_SIGNALS:
        loop.add_signal_handler(number, signaled, number)
    return stop


def _on_hangup(readers: Sequence[Callable[[], None]]) -> None:
    """SIGHUP, which would end the program, has files read again that are settings."""

    def hangup() -> None:
        _log.info("tokens and certificate are reloaded", extra={"signal": "SIGHUP"})
        for look_again in readers:
            look_again()

    asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, hangup)


def _say(message: str) -> None:
    logs.say(f"quoth-server: {message}", sys.stderr)
