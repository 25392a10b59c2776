"""What the commands ask: a server, or the engine on this machine."""

from __future__ import annotations

import contextlib
import importlib.util
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from grpc import StatusCode

from quoth import AsyncClient, Client, DeadlineExceeded, HealthStatus, QuothError, Unavailable
from quoth_cli.connection import ConnectionOptions
from quoth_cli.exits import Exit, Failure
from quoth_cli.outcome import say
from quoth_cli.problems import failure_of_call, missing_package

if TYPE_CHECKING:
    from quoth_server.archive.local import LocalArchive
    from quoth_server.embedded import Embedded

__all__ = [
    "archive_server",
    "attributor",
    "connect",
    "local_archive",
    "own_archive",
    "serve_page",
]

_POLL_SECONDS = 0.2
_NO_ENGINE = (
    "no server is given and the engine is not installed; give --server HOST:PORT (or "
    "QUOTH_SERVER), or install the engine with: pip install quoth-server"
)


@contextlib.contextmanager
def own_archive(
    connection: ConnectionOptions, archive: Path, index: Path | None = None
) -> Iterator[LocalArchive]:
    """An archive on this machine, where a server could have been asked about its own.

    Raises:
        Failure: There is a server too; or a package is missing, or the archive cannot be read.
    """
    if connection.server:
        raise Failure(
            Exit.USAGE,
            f"{archive}: a server looks in its own archive; give either ARCHIVE or --server",
        )
    connection.refuse_without_server()
    with local_archive(archive, index) as found:
        yield found


@contextlib.contextmanager
def archive_server(
    connection: ConnectionOptions,
    archive: Path | None,
    index: Path | None = None,
    known: Path | None = None,
) -> Iterator[Client]:
    """What answers all calls: the server of the connection, or a private one with the archive.

    Raises:
        Failure: There are both an archive and a server; the server cannot be reached, or a package
            is missing, or the archive cannot be read.
    """
    if connection.server:
        for given in (archive, index, known):
            if given:
                raise Failure(
                    Exit.USAGE,
                    f"{given}: a server answers from its own archive; leave this out, or "
                    "--server and QUOTH_SERVER",
                )
        with connect(connection) as client:
            yield client
        return
    if archive is not None and not archive.exists():
        # The server starts with the first call, which for an assistant is late.
        raise Failure(Exit.INPUT, f"{archive}: no such file; check the path")
    with _private_server(connection, archive=archive, index=index, known_people=known) as engine:
        try:
            yield engine
        except QuothError as error:
            if error.code is StatusCode.INVALID_ARGUMENT and not error.violations:
                raise Failure(Exit.USAGE, error.message) from error
            raise failure_of_call(error, "engine") from error


def serve_page(
    connection: ConnectionOptions,
    asked: Client,
    token: str,
    port: int,
    ready: Callable[[str], None],
) -> None:
    """Serves the pages on 127.0.0.1 until the program is asked to stop.

    Args:
        connection: How to reach the server.
        asked: Of `archive_server`, with the same connection.
        token: What calls of the page must show.
        port: Where to listen; 0 takes a free port.
        ready: Is given the address.

    Raises:
        Failure: A package is missing, or the port cannot be listened on.
    """
    try:
        from quoth_server.http.relay import relay
    except ModuleNotFoundError as error:
        raise missing_package(error, "the page", "serve") from error

    def connecting() -> AsyncClient:
        if not connection.server:
            return AsyncClient(getattr(asked, "target"), max_response_bytes=-1)  # noqa: B009
        return connection.client(AsyncClient)

    try:
        relay(connecting, token, port, ready)
    except OSError as error:
        raise Failure(
            Exit.UNAVAILABLE,
            f"127.0.0.1:{port}: cannot listen here: {error.strerror}; choose another --port",
        ) from error


@contextlib.contextmanager
def local_archive(archive: Path, index: Path | None = None) -> Iterator[LocalArchive]:
    """An archive on this machine.

    Raises:
        Failure: A package is missing, or the archive or what is asked about it cannot be read.
    """
    try:
        from quoth_server.archive import local
    except ModuleNotFoundError as error:
        raise missing_package(error, "an archive", "archive") from error
    try:
        yield local.LocalArchive(archive, index)
    except QuothError as error:
        if error.code is StatusCode.FAILED_PRECONDITION:
            raise Failure(Exit.INPUT, error.message) from error
        if error.code is StatusCode.INVALID_ARGUMENT and not error.violations:
            raise Failure(Exit.USAGE, error.message) from error
        raise failure_of_call(error, "archive") from error


@contextlib.contextmanager
def attributor(connection: ConnectionOptions, workers: int = 1) -> Iterator[Client]:
    """What to ask: the server of the connection, or a private one with the given workers.

    Raises:
        Failure: The server did not come up, or there is neither a server nor an engine; a setting
            of the engine is wrong, or it failed.
    """
    if connection.server:
        with connect(connection) as client:
            yield client
        return
    with _private_server(connection, workers) as engine:
        say("no --server is given, so the engine of quoth-server runs here")
        try:
            yield engine
        except QuothError as error:
            if error.code is StatusCode.INVALID_ARGUMENT:
                raise Failure(Exit.USAGE, error.message) from error
            raise failure_of_call(error, "engine") from error


def _private_server(
    connection: ConnectionOptions, workers: int = 1, **archive: Path | None
) -> Embedded:
    """A server of this program's own; `archive` as `Embedded` takes it.

    Raises:
        Failure: An option is given that only a server can have, or there is no engine.
    """
    connection.refuse_without_server()
    if importlib.util.find_spec("quoth_server") is None:
        raise Failure(Exit.MISSING_PACKAGE, _NO_ENGINE)
    from quoth_server.embedded import Embedded

    return Embedded(workers, timeout=connection.timeout, **archive)


@contextlib.contextmanager
def connect(connection: ConnectionOptions) -> Iterator[Client]:
    """A client of the connection's server, waited for as long as the connection says.

    Raises:
        Failure: No server is given, or it did not come up.
    """
    if not connection.server:
        raise Failure(Exit.USAGE, "no server is given; use --server HOST:PORT or QUOTH_SERVER")
    try:
        made = connection.client(Client)
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
