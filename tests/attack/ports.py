"""Attacks on the life of a server: its stop, its files, its connections, its settings."""

from __future__ import annotations

import contextlib
import http.client
import queue
import signal
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

from quoth import v1
from tests.attack.finding import Finding, checked
from tests.integration.server import Server, article
from tests.integration.web import attribute

__all__ = ["ATTACKS"]

_FEW_FILES = "import resource, sys; resource.setrlimit(resource.RLIMIT_NOFILE, (256, 256))"
_QUIET = ("--workers", "1", "--log-level", "info")


def open_watches(folder: Path) -> Finding:
    """R9: a watch of the health and a call of reflection that are left open at a stop."""
    asked: queue.SimpleQueue[reflection_pb2.ServerReflectionRequest | None] = queue.SimpleQueue()
    with Server(*_QUIET, "--shutdown-grace", "600") as server, server.channel() as channel:
        watch = health_pb2_grpc.HealthStub(channel).Watch(health_pb2.HealthCheckRequest())
        next(watch)
        reflected = reflection_pb2_grpc.ServerReflectionStub(channel).ServerReflectionInfo(
            iter(asked.get, None)
        )
        asked.put(reflection_pb2.ServerReflectionRequest(list_services=""))
        next(reflected)
        start = time.monotonic()
        server.signal(signal.SIGTERM)
        code = server.exit_code()
        seconds = time.monotonic() - start
        asked.put(None)
    return Finding(
        "ends with the last call, not with the grace of 600 s",
        f"code {code} after {seconds:.1f} s",
        code == 0 and seconds < 60,
    )


def revoked_token(folder: Path) -> Finding:
    """R10: a file of tokens that cannot be read at the first look after it was replaced."""
    tokens = folder / "revoked.tokens"
    tokens.write_text("old:" + "o" * 16)
    tokens.chmod(0o600)
    took = float("inf")
    with Server(*_QUIET, "--token-file", str(tokens)) as server, server.channel() as channel:
        stub = v1.AttributionServiceStub(channel)

        def code(token: str) -> grpc.StatusCode:
            metadata = (("authorization", f"Bearer {token * 16}"),)
            return stub.AttributeQuotes.future(article("x"), metadata=metadata, timeout=30).code()

        before = code("o")
        tokens.unlink()
        tokens.mkdir()  # is not read by root either
        time.sleep(1.2)
        meanwhile = code("o")
        tokens.rmdir()
        tokens.write_text("new:" + "n" * 16)
        tokens.chmod(0o600)
        start = time.monotonic()
        while time.monotonic() < start + 20:
            if code("o") is grpc.StatusCode.UNAUTHENTICATED:
                took = time.monotonic() - start
                break
            time.sleep(0.05)
        after = code("n")
    ok = grpc.StatusCode.OK
    return Finding(
        "looked at again: the revoked token ends",
        f"refused {took:.1f} s after the file could be read again; the new one {after.name}",
        (before, meanwhile, after) == (ok, ok, ok) and took < 20,
    )


def idle_connections(folder: Path) -> Finding:
    """R14, R15: more idle connections at every port than there are files, then a lost worker."""
    flags = (*_QUIET, "--http", "0", "--metrics-port", "0")
    with Server(*flags, prelude=_FEW_FILES) as server, contextlib.ExitStack() as closing:
        metrics = server.until_log(r"message=metrics address=(\S+)")[1]
        process = Path(f"/proc/{server.process.pid}")
        before = len(list((process / "task").iterdir()))
        opened = 0
        for port in (server.address, server.url.removeprefix("http://"), metrics):
            for each in _connected(port, 400):
                closing.enter_context(each)
                opened += 1
        files = len(list((process / "fd").iterdir()))
        by_http = attribute(server, f"die_once {folder / 'died'}").status
        start = time.monotonic()
        with server.channel() as channel:
            stub = v1.AttributionServiceStub(channel)
            call = stub.AttributeQuotes.future(article("x"), timeout=60, wait_for_ready=True)
            code = call.code()
        seconds = time.monotonic() - start
        threads = len(list((process / "task").iterdir())) - before
        alive = server.process.poll() is None
    return Finding(
        "bounded, files in reserve, the lost worker replaced",
        f"{opened:,} connections: {files} of 256 files, {threads} threads more; a call "
        f"whose worker dies, by HTTP: {by_http}; one by gRPC: {code.name} after {seconds:.1f} s",
        files < 256 - 16
        and threads < 50
        and (by_http, code) == (200, grpc.StatusCode.OK)
        and alive,
    )


def _connected(address: str, count: int) -> Iterator[socket.socket]:
    host, _, port = address.rpartition(":")
    for _ in range(count):
        with contextlib.suppress(OSError):
            yield socket.create_connection((host, int(port)), timeout=20)


def odd_settings(folder: Path) -> Finding:
    """R17: SIGHUP, a host that is another's, a deadline of nearly nothing."""
    with Server(*_QUIET, "--http", "0") as server:
        server.signal(signal.SIGHUP)
        server.until_log("signal=SIGHUP")
        with server.channel() as channel:
            stub = v1.AttributionServiceStub(channel)
            alive = bool(stub.AttributeQuotes(article("x"), timeout=30).statements)
        place = urlsplit(server.url)
        connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=30)
        connection.request("GET", "/", headers={"Host": "localhost#.evil.com"})
        misdirected = connection.getresponse().status == 421
        connection.close()
    with Server(*_QUIET, "--max-deadline", "1e-300", wait=False) as server:
        refused = server.exit_code() == 2 and "max-deadline" in server.log
    return checked(
        "as a user would expect",
        {"SIGHUP": alive, "Host": misdirected, "--max-deadline 1e-300": refused},
    )


ATTACKS: dict[str, Callable[[Path], Finding]] = {
    "R9": open_watches,
    "R10": revoked_token,
    "R14, R15": idle_connections,
    "R17 server": odd_settings,
}
