"""What the commands ask: a server, or the engine on this machine."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from quoth import (
    TLS,
    Client,
    DeadlineExceeded,
    HealthStatus,
    Outcome,
    QuothError,
    Unavailable,
)
from quoth._target import is_local
from quoth.v1 import Article, GetServerInfoResponse, StatementKind
from quoth_cli.exits import Exit, Failure
from quoth_cli.outcome import say
from quoth_cli.problems import failure_of_call

__all__ = ["Attributor", "Connection", "attributor", "connect", "embedded"]

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
        timeout: float | None = None,
    ) -> Iterator[Outcome]:
        """See `quoth.Client.attribute_many`."""

    def server_info(self, *, timeout: float | None = None) -> GetServerInfoResponse:
        """See `quoth.Client.server_info`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """How to reach a server; without a `server` the engine runs on this machine."""

    server: str
    tls: bool
    tls_ca: Path | None
    tls_cert: Path | None
    tls_key: Path | None
    tls_server_name: str
    token_file: Path | None
    insecure: bool
    timeout: float
    wait: float

    def credentials(self) -> TLS | None:
        """The TLS settings, or None for plain text.

        Raises:
            Failure: A file cannot be read, or one of certificate and key is missing.
        """
        if not (self.tls or self.tls_ca or self.tls_cert or self.tls_key or self.tls_server_name):
            return None
        if (self.tls_cert is None) != (self.tls_key is None):
            raise Failure(Exit.USAGE, "--tls-cert and --tls-key go together; give both or none")
        return TLS(
            root_certificates=_pem("--tls-ca", self.tls_ca),
            private_key=_pem("--tls-key", self.tls_key),
            certificate_chain=_pem("--tls-cert", self.tls_cert),
            server_name=self.tls_server_name,
        )

    def token(self) -> str:
        """The token of the file, or else of the variable; empty if there is none.

        Raises:
            Failure: The file cannot be read or does not hold just one token.
        """
        if self.token_file is None:
            return os.environ.get("QUOTH_TOKEN", "").strip()
        words = _read("--token-file", self.token_file).decode("utf-8", "replace").split()
        if len(words) != 1:
            raise Failure(
                Exit.INPUT,
                f"--token-file {self.token_file}: holds {len(words)} words; write the token alone",
            )
        return words[0].rpartition(":")[2]


def _pem(option: str, path: Path | None) -> bytes | None:
    if path is None:
        return None
    data = _read(option, path)
    if b"-----BEGIN" not in data:
        raise Failure(Exit.INPUT, f"{option} {path}: not a PEM file; convert it with openssl")
    return data


def _read(option: str, path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Failure(Exit.INPUT, f"{option} {path}: {error.strerror}; check the path") from error


@contextlib.contextmanager
def attributor(connection: Connection, workers: int = 1) -> Iterator[Attributor]:
    """What to ask: the server of the connection, or the engine in processes of this machine.

    Raises:
        Failure: The server did not come up, or there is neither a server nor an engine.
    """
    if connection.server:
        with connect(connection) as client:
            yield client
        return
    if importlib.util.find_spec("quoth_server") is None:
        raise Failure(
            Exit.MISSING_PACKAGE,
            "no server is given and the engine is not installed; give --server HOST:PORT (or "
            "QUOTH_SERVER), or install the engine with: pip install quoth-server",
        )
    say("no --server is given, so the engine of quoth-server runs here")
    with embedded(workers) as engine:
        yield engine


@contextlib.contextmanager
def embedded(workers: int) -> Iterator[Attributor]:
    """The engine of quoth-server, which must be installed, in processes of this machine.

    Raises:
        Failure: A setting is wrong, or the engine failed.
    """
    from quoth_server.embedded import Embedded

    try:
        engine = Embedded(workers)
    except ValueError as error:
        raise Failure(Exit.USAGE, str(error)) from error
    try:
        with engine:
            yield engine
    except QuothError as error:
        raise failure_of_call(error, "engine") from error


@contextlib.contextmanager
def connect(connection: Connection) -> Iterator[Client]:
    """A client of the connection's server, waited for as long as the connection says.

    Raises:
        Failure: No server is given, or it did not come up.
    """
    if not connection.server:
        raise Failure(Exit.USAGE, "no server is given; use --server HOST:PORT or QUOTH_SERVER")
    tls = connection.credentials()
    if tls is None and not connection.insecure and not is_local(connection.server):
        raise Failure(
            Exit.USAGE,
            f"--server {connection.server} is another machine, and articles would go there in "
            "plain text; give --tls, or allow it by --insecure",
        )
    try:
        made = Client(
            connection.server,
            tls=tls,
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


def _wait(client: Client, connection: Connection) -> None:
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
