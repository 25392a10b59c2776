"""What the commands ask: a server, or the engine on this machine."""

from __future__ import annotations

import contextlib
import importlib.util
import time
from collections.abc import Iterable, Iterator
from typing import Protocol

from grpc import StatusCode

from quoth import (
    Client,
    DeadlineExceeded,
    HealthStatus,
    Outcome,
    QuothError,
    Unavailable,
)
from quoth.v1 import Article, GetServerInfoResponse, KnownSpeaker, StatementKind
from quoth_cli.connection import ConnectionOptions
from quoth_cli.exits import Exit, Failure
from quoth_cli.outcome import say
from quoth_cli.problems import failure_of_call

__all__ = ["Attributor", "attributor", "connect"]

_POLL_SECONDS = 0.2


class Attributor(Protocol):
    """The part of `quoth.Client` that the commands use."""

    def attribute_many(
        self,
        articles: Iterable[Article],
        *,
        ordered: bool = True,
        in_flight: int = 8,
        kinds: Iterable[StatementKind.ValueType] = (),
        min_confidence: float | None = None,
        rejected: bool = False,
        known_speakers: Iterable[KnownSpeaker] = (),
        timeout: float | None = None,
    ) -> Iterator[Outcome]:
        """See `quoth.Client.attribute_many`."""

    def server_info(self, *, timeout: float | None = None) -> GetServerInfoResponse:
        """See `quoth.Client.server_info`."""


@contextlib.contextmanager
def attributor(connection: ConnectionOptions, workers: int = 1) -> Iterator[Attributor]:
    """What to ask: the server of the connection, or a private one with so many workers.

    Raises:
        Failure: The server did not come up, or there is neither a server nor an engine; a setting
            of the engine is wrong, or it failed.
    """
    if connection.server:
        with connect(connection) as client:
            yield client
        return
    connection.refuse_without_server()
    if importlib.util.find_spec("quoth_server") is None:
        raise Failure(
            Exit.MISSING_PACKAGE,
            "no server is given and the engine is not installed; give --server HOST:PORT (or "
            "QUOTH_SERVER), or install the engine with: pip install quoth-server",
        )
    say("no --server is given, so the engine of quoth-server runs here")
    from quoth_server.embedded import Embedded

    with Embedded(workers, timeout=connection.timeout) as engine:
        try:
            yield engine
        except QuothError as error:
            if error.code is StatusCode.INVALID_ARGUMENT:
                raise Failure(Exit.USAGE, error.message) from error
            raise failure_of_call(error, "engine") from error


@contextlib.contextmanager
def connect(connection: ConnectionOptions) -> Iterator[Client]:
    """A client of the connection's server, waited for as long as the connection says.

    Raises:
        Failure: No server is given, or it did not come up.
    """
    if not connection.server:
        raise Failure(Exit.USAGE, "no server is given; use --server HOST:PORT or QUOTH_SERVER")
    try:
        made = Client(
            connection.server,
            tls=connection.credentials(),
            token=connection.token(),
            insecure=connection.insecure,
            timeout=connection.timeout,
        )
    except ValueError as error:
        raise Failure(Exit.USAGE, str(error)) from error
    with made as client:
        try:
            if connection.wait:
                _wait(client, connection)
            yield client
        except QuothError as error:
            raise failure_of_call(error, f"server {connection.server}") from error


def _wait(client: Client, connection: ConnectionOptions) -> None:
    """Returns once the server takes calls."""
    end = time.monotonic() + connection.wait
    while True:
        left = end - time.monotonic()
        said = "cannot be reached"
        with contextlib.suppress(Unavailable, DeadlineExceeded):
            status = client.health(timeout=max(left, _POLL_SECONDS))
            if status is HealthStatus.SERVING:
                return
            said = f"is {status.name}"
        if left <= 0:
            raise Failure(
                Exit.UNAVAILABLE,
                f"server {connection.server}: {said} after {connection.wait:g} s; see its log, "
                "or wait longer",
            )
        time.sleep(_POLL_SECONDS)
