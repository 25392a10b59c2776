"""The gRPC server and what watches over it, put together as the settings say.

What a setting asks for and cannot be had, such as a file or a package, raises `BadSettings`, and an
address that cannot be listened on `CannotListen`.
"""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

import grpc
from grpc_health.v1 import health, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

import quoth_server
from quoth import v1
from quoth.v1 import archive_pb2, attribution_service_pb2
from quoth_server.archive.servicer import ArchiveServicer
from quoth_server.service.aside import Aside
from quoth_server.service.budget import Budget
from quoth_server.service.certificates import Certificate
from quoth_server.service.intake import UNREAD, Intake
from quoth_server.service.interceptors import (
    Authentication,
    Barrier,
    Interceptor,
    Logging,
    RequestId,
)
from quoth_server.service.metrics import Metrics
from quoth_server.service.servicer import AttributionServicer
from quoth_server.service.tokens import Tokens
from quoth_server.settings import BadSettings, Settings

if TYPE_CHECKING:
    from quoth_server.archive.live import Live
    from quoth_server.http.door import Door

__all__ = [
    "ARCHIVE",
    "SERVICE",
    "CannotListen",
    "archive",
    "build",
    "certificate",
    "http_door",
    "interceptors",
    "listen",
    "metrics",
    "tokens",
]

SERVICE: str = attribution_service_pb2.DESCRIPTOR.services_by_name["AttributionService"].full_name
ARCHIVE: str = archive_pb2.DESCRIPTOR.services_by_name["ArchiveService"].full_name

_log = logging.getLogger(__name__)
# A connection that says nothing is ended, and one without a call; clients open another unseen.
_HANDSHAKE_MS = 20_000
_IDLE_MS = 300_000


class CannotListen(Exception):
    """An address is taken or is none of this machine's; the message is one line."""


def metrics(settings: Settings, closing: ExitStack) -> Metrics:
    """What counts, and answers Prometheus until `closing` is closed."""
    if settings.metrics_port is None:
        return Metrics()
    with _needing("--metrics-port", "metrics"):
        from quoth_server.service.prometheus import Prometheus
    counting = Prometheus(quoth_server.__version__)
    try:
        closing.callback(counting.serve(settings.metrics_host, settings.metrics_port))
    except OSError as error:
        raise CannotListen(
            f"cannot listen on {settings.metrics_host}:{settings.metrics_port} for metrics: "
            f"{error.strerror or error}; choose with --metrics-host and --metrics-port"
        ) from error
    return counting


def build(
    settings: Settings,
    servicer: AttributionServicer,
    archive: ArchiveServicer,
    health_servicer: health.aio.HealthServicer,
    chain: tuple[Interceptor, ...],
    aside: Aside,
    most_connections: int,
) -> grpc.aio.Server:
    """The server with its interceptors and limits; it listens nowhere yet."""
    server = grpc.aio.server(
        interceptors=(*chain, aside),
        options=(
            ("grpc.so_reuseport", 0),  # a second server on the address fails, and is not hidden
            ("grpc.max_receive_message_length", settings.max_request_bytes),
            ("grpc.max_send_message_length", -1),
            ("grpc.max_concurrent_streams", settings.max_connection_streams),
            ("grpc.max_allowed_incoming_connections", most_connections),
            ("grpc.server_handshake_timeout_ms", _HANDSHAKE_MS),
            ("grpc.max_connection_idle_ms", _IDLE_MS),
            ("grpc.max_connection_age_ms", round(1000 * settings.max_connection_age)),
            # Else it takes megabytes of each call that nobody has begun to read.
            ("grpc.http2.bdp_probe", 0),
            ("grpc.http2.lookahead_bytes", UNREAD),
            ("grpc.http2.min_recv_ping_interval_without_data_ms", 60 * 1000),
        ),
    )
    v1.add_AttributionServiceServicer_to_server(servicer, server)
    v1.add_ArchiveServiceServicer_to_server(archive, server)
    health_pb2_grpc.add_HealthServicer_to_server(health_servicer, server)
    if settings.reflection:
        names = (SERVICE, ARCHIVE, health.SERVICE_NAME, reflection.SERVICE_NAME)
        reflection.enable_server_reflection(names, server)
    return server


def interceptors(
    settings: Settings,
    counting: Metrics,
    known: Tokens | None,
    intake: Intake,
    closing: ExitStack,
) -> tuple[Interceptor, ...]:
    """What happens around every call, outermost first."""
    chain: list[Interceptor] = [RequestId(counting)]
    if settings.tracing:
        with _needing("--tracing", "otel"):
            from quoth_server.service import tracing
        spans = tracing.provider(quoth_server.__version__)
        closing.callback(spans.shutdown)  # sends what it still holds
        chain.append(tracing.Tracing(spans))
    chain += (Logging(), Barrier())
    if known:
        chain.append(Authentication(known))
    return (*chain, intake)


def tokens(settings: Settings) -> Tokens | None:
    """The tokens that calls must show one of, if they must."""
    if not settings.token_file:
        return None
    if settings.tls_cert is None and not settings.is_loopback:
        _log.warning("tokens cross the network in plaintext; give --tls-cert and --tls-key")
    return Tokens(settings.token_file)


def archive(settings: Settings) -> Live | None:
    """The archive, if one is to be opened; its index is made first where it is not there."""
    if settings.archive is None:
        return None
    with _needing("--archive", "archive"):
        from quoth_server.archive.errors import BadArchive
        from quoth_server.archive.live import Live
        from quoth_server.archive.people import BadTable, read
    try:
        table = read(settings.known_people) if settings.known_people else []
    except BadTable as error:
        raise BadSettings(f"--known-people {error}") from error
    except OSError as error:
        raise BadSettings(
            f"--known-people {settings.known_people}: cannot be read: {error.strerror}; "
            "check the path"
        ) from error
    try:
        return Live(settings.archive, settings.archive_index, table)
    except BadArchive as error:
        raise BadSettings(f"--archive {error}") from error


def certificate(settings: Settings) -> Certificate | None:
    """The certificate of the port, if it has one."""
    if not (settings.tls_cert and settings.tls_key):
        return None
    return Certificate(settings.tls_cert, settings.tls_key, settings.tls_client_ca)


def listen(server: grpc.aio.Server, settings: Settings, certificate: Certificate | None) -> str:
    """Opens the port; the address with the port that it got."""
    try:
        if certificate:
            port = server.add_secure_port(settings.listen, certificate.credentials())
        else:
            port = server.add_insecure_port(settings.listen)
    except RuntimeError as error:
        reason = _why_not(settings.listen) or "is another server there?"
        raise CannotListen(
            f"cannot listen on {settings.listen}: {reason}; choose with --listen"
        ) from error
    host = settings.listen.rpartition(":")[0]
    return settings.listen if host == "unix" else f"{host}:{port}"


def _why_not(address: str) -> str:
    """What the system says to listening there, which gRPC keeps to itself; "" if nothing."""
    host, _, port = address.rpartition(":")
    if host == "unix":
        return "does the folder exist, and may a socket be made in it?"
    try:
        found = socket.getaddrinfo(host.strip("[]"), int(port), type=socket.SOCK_STREAM)
        for family, kind, protocol, _, place in found:
            with socket.socket(family, kind, protocol) as trial:
                trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                trial.bind(place)
                trial.listen()
    except OSError as error:
        return error.strerror or str(error)
    return ""


def http_door(
    settings: Settings,
    certificate: Certificate | None,
    servicer: AttributionServicer,
    archive: ArchiveServicer,
    status: health.aio.HealthServicer,
    chain: tuple[Interceptor, ...],
    budget: Budget,
    most_connections: int,
) -> Door | None:
    """The second door, which listens and answers nobody yet; None if it is not asked for."""
    if settings.http is None:
        return None
    with _needing("--http", "http"):
        from quoth_server.http.door import Door
    try:
        return Door(
            settings, certificate, (servicer, archive), status, chain, budget, most_connections
        )
    except OSError as error:
        raise CannotListen(
            f"cannot listen on {settings.http_host}:{settings.http} for the live page: "
            f"{error.strerror or error}; choose with --http and --http-host"
        ) from error


@contextmanager
def _needing(flag: str, extra: str) -> Iterator[None]:
    """Says how to install what a setting imports, where it is not there."""
    try:
        yield
    except ImportError as error:
        raise BadSettings(
            f"{flag} needs a package ({error}); run: pip install 'quoth-server[{extra}]'"
        ) from error
