"""What one connection may do, and for how long."""

from __future__ import annotations

import contextlib
import queue
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import grpc

from quoth import v1
from tests.integration.server import Server, article
from tests.integration.test_privacy import scrape
from tests.integration.web import attribute


def test_calls_over_the_limit_of_a_connection_wait() -> None:
    flags = ("--workers", "1", "--queue-per-worker", "20", "--max-connection-streams", "2")
    with Server(*flags) as server, server.channel() as channel:
        stub = v1.AttributionServiceStub(channel)
        stub.AttributeQuotes(article("x"))  # the limit is known once the connection stands
        calls = [stub.AttributeQuotes.future(article("sleep 0.05")) for _ in range(8)]
        assert all(call.result().statements for call in calls)
        server.until_log(r"(?s)(message=call .*){9}")
        at_once, most = 0, 0
        for line in re.findall(r'message=(call|"call begins") ', server.log):
            at_once += -1 if line == "call" else 1
            most = max(most, at_once)
        assert most == 2


def test_an_old_connection_takes_no_new_calls_and_ends_its_streams_undisturbed() -> None:
    with Server("--max-connection-age", "1") as server, server.channel() as channel:
        stub = v1.AttributionServiceStub(channel)
        states: queue.SimpleQueue[grpc.ChannelConnectivity] = queue.SimpleQueue()
        channel.subscribe(states.put)
        items: queue.SimpleQueue[v1.BulkAttributeQuotesRequest | None] = queue.SimpleQueue()
        stream = stub.BulkAttributeQuotes(iter(items.get, None))
        items.put(v1.BulkAttributeQuotesRequest(item_id="1", request=article("x")))
        assert next(stream).item_id == "1"
        seen = []
        while not seen or seen[-1] is not grpc.ChannelConnectivity.READY:
            seen.append(states.get(timeout=20))
        assert states.get(timeout=20) is grpc.ChannelConnectivity.IDLE  # it is over
        assert stub.AttributeQuotes(article("x"), timeout=20).statements  # on another
        items.put(v1.BulkAttributeQuotesRequest(item_id="2", request=article("x")))
        assert next(stream).item_id == "2"
        items.put(None)
        assert list(stream) == []


# ---- connections that nobody uses ---------------------------------------------------------------

FEW_FILES = "import resource, sys; resource.setrlimit(resource.RLIMIT_NOFILE, (256, 256))"


def connected(address: str, count: int) -> Iterator[socket.socket]:
    host, _, port = address.rpartition(":")
    for _ in range(count):
        with contextlib.suppress(OSError):
            yield socket.create_connection((host, int(port)), timeout=20)


def open_files(server: Server) -> int:
    return len(list(Path(f"/proc/{server.process.pid}/fd").iterdir()))


def test_connections_without_a_word_cost_neither_workers_nor_answers(tmp_path: Path) -> None:
    """More of them at every port than there are open files."""
    flags = ("--workers", "1", "--http", "0", "--metrics-port", "0")
    with Server(*flags, prelude=FEW_FILES) as server, contextlib.ExitStack() as closing:
        metrics = server.until_log(r"message=metrics address=(\S+)")[1]
        ports = (server.address, server.url.removeprefix("http://"), metrics)
        for port in ports:
            for each in connected(port, 400):
                closing.enter_context(each)
        assert open_files(server) < 256 - 16
        lost = attribute(server, f"die_once {tmp_path / 'died'}")
        assert lost.status == 200  # by the worker that took the place of the one that died
        assert attribute(server, "x").status == 200
        assert 'quoth_worker_restarts_total{cause="died"} 1.0' in scrape(server)
        assert "a worker did not start" not in server.log
        assert server.process.poll() is None


def test_a_connection_of_grpc_that_says_nothing_is_ended() -> None:
    sooner = "import sys; from quoth_server.service import assembly; assembly._HANDSHAKE_MS = 500"
    with Server("--workers", "1", prelude=sooner) as server:
        (silent,) = connected(server.address, 1)
        with silent:
            while silent.recv(1000):  # it says who it is first
                pass


def test_a_connection_of_grpc_without_calls_is_ended_and_made_again() -> None:
    sooner = "import sys; from quoth_server.service import assembly; assembly._IDLE_MS = 1000"
    with Server("--workers", "1", prelude=sooner) as server, server.channel() as channel:
        stub = v1.AttributionServiceStub(channel)
        states: queue.SimpleQueue[grpc.ChannelConnectivity] = queue.SimpleQueue()
        channel.subscribe(states.put)
        assert stub.AttributeQuotes(article("x"), timeout=20).statements
        while states.get(timeout=20) is not grpc.ChannelConnectivity.READY:
            pass
        assert states.get(timeout=20) is grpc.ChannelConnectivity.IDLE
        assert stub.AttributeQuotes(article("x"), timeout=20).statements
