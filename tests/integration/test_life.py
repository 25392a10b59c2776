"""How the server starts, says that it is ready, and ends."""

from __future__ import annotations

import errno
import json
import os
import queue
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import grpc
import pytest
from google.rpc import error_details_pb2
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc
from grpc_status import rpc_status

import quoth_server
from quoth import v1
from tests.integration.server import ROOT, Server, article

SERVING = health_pb2.HealthCheckResponse.SERVING
NOT_SERVING = health_pb2.HealthCheckResponse.NOT_SERVING
NAMES = ("", "quoth.v1.AttributionService")


def health(channel: grpc.Channel, name: str = "") -> int:
    stub = health_pb2_grpc.HealthStub(channel)
    status: int = stub.Check(health_pb2.HealthCheckRequest(service=name), timeout=10).status
    return status


def run(*flags: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "quoth_server", *flags],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )


def test_it_serves_when_it_is_warm_and_not_before(tmp_path: Path) -> None:
    loaded = tmp_path / "loaded"
    engine = "tests.fake_engine:load_until"
    with Server("--pipeline", str(loaded), engine=engine, wait=False) as server:
        with server.channel() as channel:
            stub = v1.AttributionServiceStub(channel)
            assert [health(channel, name) for name in NAMES] == [NOT_SERVING, NOT_SERVING]
            for call in (
                lambda: stub.AttributeQuotes(article("x")),
                lambda: stub.GetServerInfo(v1.GetServerInfoRequest()),
                lambda: list(stub.BulkAttributeQuotes(iter(()))),
            ):
                with pytest.raises(grpc.RpcError) as caught:
                    call()
                assert caught.value.code() is grpc.StatusCode.UNAVAILABLE
                info = error_details_pb2.ErrorInfo()
                assert rpc_status.from_call(caught.value).details[0].Unpack(info)
                assert info.reason == "NOT_READY"
            assert server.output == ""
            loaded.touch()
            server.until_output(r"^quoth-server ready on 127\.0\.0\.1:\d+\n$")
            assert [health(channel, name) for name in NAMES] == [SERVING, SERVING]
            assert stub.AttributeQuotes(article("x")).statements
        server.signal(signal.SIGTERM)
        assert server.exit_code() == 0


def test_health_is_watched_through_to_the_end() -> None:
    with Server("--drain-delay", "3") as server, server.channel() as channel:
        watch = health_pb2_grpc.HealthStub(channel).Watch(health_pb2.HealthCheckRequest())
        assert next(watch).status == SERVING
        server.signal(signal.SIGTERM)
        assert next(watch).status == NOT_SERVING
        # Calls are still taken while balancers take note.
        assert v1.AttributionServiceStub(channel).AttributeQuotes(article("x")).statements
        with pytest.raises(grpc.RpcError) as caught:
            next(watch)
        assert caught.value.code() is grpc.StatusCode.UNAVAILABLE
        assert server.exit_code() == 0


def test_watches_and_open_reflection_end_with_the_last_call() -> None:
    with Server("--workers", "1", "--shutdown-grace", "600") as server, server.channel() as channel:
        watch = health_pb2_grpc.HealthStub(channel).Watch(health_pb2.HealthCheckRequest())
        assert next(watch).status == SERVING
        asked: queue.SimpleQueue[reflection_pb2.ServerReflectionRequest | None] = (
            queue.SimpleQueue()
        )
        reflected = reflection_pb2_grpc.ServerReflectionStub(channel).ServerReflectionInfo(
            iter(asked.get, None)
        )
        asked.put(reflection_pb2.ServerReflectionRequest(list_services=""))
        assert next(reflected).list_services_response.service
        with server.taking(1):
            call = v1.AttributionServiceStub(channel).AttributeQuotes.future(article("sleep 1"))
        server.signal(signal.SIGTERM)
        assert next(watch).status == NOT_SERVING  # it gets the status and is not cut off
        assert call.result().statements
        for stream in (watch, reflected):
            with pytest.raises(grpc.RpcError) as caught:
                next(stream)
            assert caught.value.code() is grpc.StatusCode.UNAVAILABLE
        assert server.exit_code() == 0  # long before the grace is over
        asked.put(None)


def test_a_hangup_ends_nothing_and_has_the_tokens_read_again(tmp_path: Path) -> None:
    tokens = tmp_path / "tokens"
    tokens.write_text("old:" + "o" * 16)
    tokens.chmod(0o600)
    with Server("--workers", "1", "--token-file", str(tokens)) as server:
        with server.channel() as channel:
            stub = v1.AttributionServiceStub(channel)
            call = stub.AttributeQuotes.future(
                article("sleep 0.5"), metadata=(("authorization", "Bearer " + "o" * 16),)
            )
            server.until_log('message="call begins"')
            tokens.write_text("new:" + "n" * 16)
            server.signal(signal.SIGHUP)
            server.until_log('message="the tokens have changed" names=new')  # before any call
            assert call.result().statements
            known = (("authorization", "Bearer " + "n" * 16),)
            assert stub.AttributeQuotes(article("x"), metadata=known).statements
        server.signal(signal.SIGTERM)
        assert server.exit_code() == 0


def test_an_unknown_service_is_not_found(channel: grpc.Channel) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        health(channel, "no.such.Service")
    assert caught.value.code() is grpc.StatusCode.NOT_FOUND


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_every_accepted_call_is_answered_before_it_ends(number: signal.Signals) -> None:
    with Server("--workers", "1", "--queue-per-worker", "3") as server:
        with server.channel() as channel:
            stub = v1.AttributionServiceStub(channel)
            with server.taking(4):
                calls = [stub.AttributeQuotes.future(article("sleep 0.4")) for _ in range(4)]
            server.signal(number)
            assert [len(call.result().statements) for call in calls] == [1, 1, 1, 1]
        assert server.exit_code() == 0


def test_a_stream_ends_with_what_was_read_answered_and_says_why() -> None:
    with Server("--workers", "1") as server, server.channel() as channel:
        stub = v1.AttributionServiceStub(channel)
        sent: list[str] = []

        def endless() -> object:
            for number in range(10_000):
                sent.append(str(number))
                yield v1.BulkAttributeQuotesRequest(
                    item_id=str(number), request=article("sleep 0.1\n" + "x" * 100_000)
                )

        answers = stub.BulkAttributeQuotes(endless())
        received = [next(answers).item_id for _ in range(3)]
        server.signal(signal.SIGTERM)
        with pytest.raises(grpc.RpcError) as caught:
            received.extend(answer.item_id for answer in answers)
        assert caught.value.code() is grpc.StatusCode.UNAVAILABLE
        info = error_details_pb2.ErrorInfo()
        assert rpc_status.from_call(caught.value).details[0].Unpack(info)
        assert info.reason == "SHUTTING_DOWN"
        # In order, as there is one worker, and without a gap.
        assert received == sent[: len(received)]
        assert server.exit_code() == 0


def test_a_stream_that_sends_nothing_does_not_hold_the_end_up() -> None:
    with Server("--workers", "1") as server, server.channel() as channel:
        stub = v1.AttributionServiceStub(channel)
        ended = False

        def one_and_wait() -> object:
            yield v1.BulkAttributeQuotesRequest(item_id="a", request=article("x"))
            while not ended:
                time.sleep(0.01)

        answers = stub.BulkAttributeQuotes(one_and_wait())
        next(answers)
        server.signal(signal.SIGTERM)
        with pytest.raises(grpc.RpcError):
            next(answers)
        ended = True
        assert server.exit_code() == 0


def test_a_call_over_the_grace_is_given_up() -> None:
    with Server("--workers", "1", "--shutdown-grace", "0.3") as server:
        with server.channel() as channel:
            stub = v1.AttributionServiceStub(channel)
            with server.taking(1):
                call = stub.AttributeQuotes.future(article("spin 600"))
            server.signal(signal.SIGTERM)
            with pytest.raises(grpc.RpcError) as caught:
                call.result()
            assert caught.value.code() in (
                grpc.StatusCode.UNAVAILABLE,
                grpc.StatusCode.CANCELLED,
            )
        assert server.exit_code() == 0


def test_a_second_signal_ends_it_at_once() -> None:
    with Server("--workers", "1") as server, server.channel() as channel:
        stub = v1.AttributionServiceStub(channel)
        with server.taking(1):
            call = stub.AttributeQuotes.future(article("spin 600"))
        server.signal(signal.SIGTERM)
        server.until_log("message=stopping")
        server.signal(signal.SIGINT)
        assert server.exit_code() == 128 + signal.SIGINT
        with pytest.raises(grpc.RpcError):
            call.result()


def test_it_stops_while_it_starts(tmp_path: Path) -> None:
    loaded = tmp_path / "loaded"
    engine = "tests.fake_engine:load_until"
    with Server("--pipeline", str(loaded), engine=engine, wait=False) as server:
        assert server.address
        server.signal(signal.SIGTERM)
        server.until_log("message=stopping")
        loaded.touch()
        assert server.exit_code() == 0
        assert server.output == ""


def test_a_port_in_use_is_reported(server: Server) -> None:
    ended = run("--listen", server.address, "--engine", "tests.fake_engine:load")
    assert ended.returncode == 3
    assert ended.stderr.splitlines()[-1] == (
        f"quoth-server: cannot listen on {server.address}: {os.strerror(errno.EADDRINUSE)}; "
        "choose with --listen"
    )
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert run("--listen", f"127.0.0.1:{port}").returncode == 3


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("192.0.2.1:0", os.strerror(errno.EADDRNOTAVAIL)),  # kept for documents, so not ours
        ("no-such-host.invalid:0", "Name or service not known|.* name resolution|nodename .*"),
    ],
)
def test_an_address_of_another_machine_is_reported(address: str, reason: str) -> None:
    ended = run("--listen", address, "--insecure", "--engine", "tests.fake_engine:load")
    assert ended.returncode == 3
    assert re.fullmatch(
        f"quoth-server: cannot listen on {address}: ({reason}); choose with --listen",
        ended.stderr.splitlines()[-1],
    )


@pytest.mark.parametrize(
    ("factory", "message"),
    [
        ("tests.fake_engine:load_missing", "the pipeline 'nothing' is not installed"),
        ("tests.fake_engine:load_dying", "died"),
        ("tests.fake_engine:no_such", "no_such"),
        ("no_such_module:load", "no_such_module"),
    ],
)
def test_an_engine_that_cannot_be_loaded_is_reported(factory: str, message: str) -> None:
    with Server(engine=factory, wait=False) as server:
        assert server.exit_code() == 4
        last = server.log.splitlines()[-1]
        assert last.startswith(f"quoth-server: the engine {factory} cannot be loaded: ")
        assert message in last
        assert server.output == ""


def test_bad_settings_are_reported_in_one_line() -> None:
    ended = run("--workers", "none", "--listen", "0.0.0.0:1")
    assert ended.returncode == 2
    assert ended.stderr.startswith("quoth-server: --workers (QUOTH_WORKERS) is 'none'")
    assert ended.stderr.count("\n") == 1


def test_plaintext_on_all_addresses_must_be_asked_for() -> None:
    ended = run("--listen", "0.0.0.0:0")
    assert ended.returncode == 2
    assert "--insecure" in ended.stderr
    with Server("--listen", "0.0.0.0:0", "--insecure") as server:
        assert server.output.startswith("quoth-server ready on 0.0.0.0:")


def test_it_tells_its_version_and_its_help() -> None:
    assert run("--version").stdout == f"quoth-server {quoth_server.__version__}\n"
    told = run("--help")
    assert told.returncode == 0
    assert "--max-body-characters" in told.stdout


def test_log_lines_are_json_where_asked_for() -> None:
    with Server("--log-format", "json", "--log-level", "info") as server:
        address = server.until_output(r"ready on (\S+)")[1]
        with grpc.insecure_channel(address) as channel:
            v1.AttributionServiceStub(channel).AttributeQuotes(article("x"))
        server.until_log('"message": "call"')
        call = [json.loads(line) for line in server.log.splitlines()][-1]
        assert (call["method"], call["code"], call["characters"]) == ("AttributeQuotes", "OK", 1)


def test_workers_end_with_a_server_that_is_killed() -> None:
    with Server("--workers", "1") as server:
        with server.channel() as channel:
            stub = v1.AttributionServiceStub(channel)
            pid = stub.AttributeQuotes(article("pid")).statements[0].cue.lemma
        server.signal(signal.SIGKILL)
        server.exit_code()
        end = time.monotonic() + 20
        while Path(f"/proc/{pid}").exists() and time.monotonic() < end:
            time.sleep(0.05)
        if Path("/proc").exists():
            assert not Path(f"/proc/{pid}").exists()
