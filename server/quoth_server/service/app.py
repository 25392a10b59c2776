"""The server's life: it listens, warms up, serves, drains and ends with an exit code."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import ssl
import sys
from collections.abc import Awaitable
from enum import IntEnum
from pathlib import Path

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from quoth import v1
from quoth.v1 import attribution_service_pb2
from quoth_server.engine.config import EngineConfig
from quoth_server.service import interceptors
from quoth_server.service.admission import Admission
from quoth_server.service.servicer import AttributionServicer
from quoth_server.service.validation import Rules
from quoth_server.service.worker import EngineSpec
from quoth_server.service.workers import EngineNotLoaded, WorkerPool
from quoth_server.settings import BadSettings, Settings

__all__ = ["SERVICE", "ExitCode", "serve"]

SERVICE: str = attribution_service_pb2.DESCRIPTOR.services_by_name["AttributionService"].full_name

_log = logging.getLogger("quoth_server")
_SERVING = health_pb2.HealthCheckResponse.SERVING
_NOT_SERVING = health_pb2.HealthCheckResponse.NOT_SERVING
_STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)


class ExitCode(IntEnum):
    """What `quoth-server` ends with."""

    STOPPED = 0
    FAULT = 1
    BAD_SETTINGS = 2
    CANNOT_LISTEN = 3
    NO_ENGINE = 4


async def serve(settings: Settings) -> ExitCode:
    """Serves until a signal says to stop.

    Raises:
        BadSettings: if the TLS files do not fit together.
    """
    credentials = _credentials(settings)
    status = _Health()
    pool = WorkerPool(
        settings.workers,
        EngineSpec(settings.engine, EngineConfig(pipeline=settings.pipeline)),
        on_change=status.workers_changed,
    )
    servicer = AttributionServicer(
        pool,
        Admission(settings.workers, settings.queue),
        Rules(settings.max_body_characters, settings.min_confidence),
        max_deadline=settings.max_deadline,
        max_request_bytes=settings.max_request_bytes,
    )
    server = _server(settings, servicer, status.servicer)
    try:
        port = _listen(server, settings.listen, credentials)
    except RuntimeError:
        _say(f"cannot listen on {settings.listen}: is another server there? choose by --listen")
        return ExitCode.CANNOT_LISTEN
    address = f"{settings.listen.rpartition(':')[0]}:{port}"
    stop = _stop_event(pool)
    await server.start()
    _log.info("listening", extra={"address": address, "workers": settings.workers})
    failure = ""
    try:
        try:
            await _run(pool, address, stop)
        except EngineNotLoaded as error:
            failure = str(error)
        # Balancers see NOT_SERVING first and send no more; then what was accepted is answered.
        await status.servicer.enter_graceful_shutdown()
        await asyncio.sleep(0 if failure else settings.drain_delay)
        servicer.stop_streams()
        await server.stop(None if failure else settings.shutdown_grace)
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
    if await _before(stop, pool.start()):
        sys.stdout.write(f"quoth-server ready on {address}\n")
        sys.stdout.flush()
        await _before(stop, asyncio.shield(pool.failed))


async def _before(stop: asyncio.Event, work: Awaitable[None]) -> bool:
    """Awaits the work, or gives it up when `stop` is set; whether it was done."""
    task = asyncio.ensure_future(work)
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait((task, stopping), return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if task.done():
        task.result()
        return True
    task.cancel()
    return False


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


def _server(
    settings: Settings,
    servicer: AttributionServicer,
    health_servicer: health.aio.HealthServicer,
) -> grpc.aio.Server:
    server = grpc.aio.server(
        interceptors=(
            interceptors.RequestId(),
            interceptors.Logging(),
            interceptors.Barrier(),
        ),
        options=(
            ("grpc.so_reuseport", 0),  # a second server on the address fails, and is not hidden
            ("grpc.max_receive_message_length", settings.max_request_bytes),
            ("grpc.max_send_message_length", -1),
            # Long-lived channels find new servers behind a balancer; open calls are left to end.
            ("grpc.max_connection_age_ms", 30 * 60 * 1000),
            ("grpc.http2.min_recv_ping_interval_without_data_ms", 60 * 1000),
        ),
    )
    v1.add_AttributionServiceServicer_to_server(servicer, server)
    health_pb2_grpc.add_HealthServicer_to_server(health_servicer, server)
    if settings.reflection:
        names = (SERVICE, health.SERVICE_NAME, reflection.SERVICE_NAME)
        reflection.enable_server_reflection(names, server)
    return server


def _listen(
    server: grpc.aio.Server, address: str, credentials: grpc.ServerCredentials | None
) -> int:
    if credentials is None:
        return server.add_insecure_port(address)
    return server.add_secure_port(address, credentials)


def _credentials(settings: Settings) -> grpc.ServerCredentials | None:
    if settings.tls_cert is None or settings.tls_key is None:
        return None
    _check_pair(settings.tls_cert, settings.tls_key, settings.tls_client_ca)
    authority = settings.tls_client_ca.read_bytes() if settings.tls_client_ca else None
    return grpc.ssl_server_credentials(
        [(settings.tls_key.read_bytes(), settings.tls_cert.read_bytes())],
        root_certificates=authority,
        require_client_auth=authority is not None,
    )


def _check_pair(cert: Path, key: Path, authority: Path | None) -> None:
    """Finds what gRPC would only show as failed handshakes."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.load_cert_chain(cert, key, password="")
    except (ssl.SSLError, OSError) as error:
        raise BadSettings(f"--tls-cert {cert} and --tls-key {key} do not fit: {error}") from error
    try:
        if authority:
            context.load_verify_locations(authority)
    except (ssl.SSLError, OSError) as error:
        raise BadSettings(f"--tls-client-ca {authority} holds no certificate: {error}") from error


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


def _say(message: str) -> None:
    sys.stderr.write(f"quoth-server: {message}\n")
