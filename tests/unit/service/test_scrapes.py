"""The HTTP server for metrics."""

from __future__ import annotations

import http.client
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from quoth_server.service import scrapes
from quoth_server.service.scrapes import ScrapeServer

pytestmark = pytest.mark.slow  # they talk to a server over a port


@pytest.fixture
def server() -> Iterator[ScrapeServer]:
    def application(environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [environ["PATH_INFO"].encode()]

    server = ScrapeServer("127.0.0.1", 0, application)
    server.start()
    yield server
    server.stop()


def scrape(server: ScrapeServer) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=20)
    try:
        connection.request("GET", "/metrics")
        return connection.getresponse().read()
    finally:
        connection.close()


def connected(server: ScrapeServer) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.server_port), timeout=20)


def test_it_answers_and_ends_the_connection(server: ScrapeServer) -> None:
    with connected(server) as connection:
        connection.sendall(b"GET /metrics HTTP/1.1\r\n\r\n")
        answer = b""
        while part := connection.recv(65536):
            answer += part
    assert answer.endswith(b"\r\n\r\n/metrics")


def test_connections_that_say_nothing_neither_pile_up_nor_keep_a_scrape_out(
    server: ScrapeServer,
) -> None:
    before = threading.active_count()
    idle = [connected(server) for _ in range(200)]
    assert scrape(server) == b"/metrics"
    assert threading.active_count() <= before + scrapes._MOST
    assert idle[0].recv(1) == b""  # it has been ended
    for each in idle:
        each.close()


def test_who_says_nothing_is_ended_in_time(
    server: ScrapeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scrapes._Handler, "timeout", 0.1)
    with connected(server) as connection:
        connection.sendall(b"GET /met")
        assert connection.recv(1) == b""


def test_a_fault_is_logged_and_a_caller_who_leaves_is_not(
    server: ScrapeServer, caplog: pytest.LogCaptureFixture
) -> None:
    for error in (ConnectionResetError(), TimeoutError(), ZeroDivisionError()):
        try:
            raise error
        except Exception:  # noqa: BLE001
            server.handle_error(None, None)
    assert [record.message for record in caplog.records] == ["fault"]
    assert "ZeroDivisionError" in str(caplog.records[0].__dict__["at"])
