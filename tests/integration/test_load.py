"""Deadlines, cancels, overload and workers that die."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator

import grpc
import pytest
from google.rpc import error_details_pb2
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_status import rpc_status

import quoth
from quoth import v1
from tests.integration.server import Server, article

Stub = v1.AttributionServiceStub


@pytest.fixture(scope="module")
def small() -> Iterator[Server]:
    """One worker, and one call may wait."""
    with Server("--workers", "1", "--queue-per-worker", "1", "--max-deadline", "2") as server:
        yield server


@pytest.fixture
def small_stub(small: Server) -> Iterator[Stub]:
    with small.channel() as channel:
        yield v1.AttributionServiceStub(channel)


def reason(error: grpc.RpcError) -> str:
    info = error_details_pb2.ErrorInfo()
    assert rpc_status.from_call(error).details[0].Unpack(info)
    return info.reason


def pid(stub: Stub) -> int:
    return int(stub.AttributeQuotes(article("pid"), timeout=10).statements[0].cue.lemma)


def ended(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    return False


def test_work_past_the_clients_deadline_stops(small_stub: Stub) -> None:
    before = pid(small_stub)
    with pytest.raises(grpc.RpcError) as caught:
        small_stub.AttributeQuotes(article("spin 600"), timeout=0.3)
    assert caught.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED
    assert pid(small_stub) != before
    assert ended(before)


def test_work_past_the_servers_deadline_stops(small_stub: Stub) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        small_stub.AttributeQuotes(article("spin 600"), timeout=30)
    assert caught.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED
    assert reason(caught.value) == "DEADLINE_EXCEEDED"
    assert "within 2 s" in caught.value.details()
    assert pid(small_stub)


def test_an_item_past_the_servers_deadline_fails_alone(small_stub: Stub) -> None:
    requests = [
        v1.BulkAttributeQuotesRequest(item_id="slow", request=article("spin 600")),
        v1.BulkAttributeQuotesRequest(item_id="quick", request=article("x")),
    ]
    answers = {each.item_id: each for each in small_stub.BulkAttributeQuotes(iter(requests))}
    assert answers["slow"].error.reason == v1.ErrorReason.ERROR_REASON_DEADLINE_EXCEEDED
    assert answers["quick"].response.statements


def test_cancelled_work_frees_its_worker(small: Server, small_stub: Stub) -> None:
    before = pid(small_stub)
    with small.taking(1):
        call = small_stub.AttributeQuotes.future(
            article("spin 600"), metadata=(("x-request-id", "cancelled"),)
        )
    call.cancel()
    assert pid(small_stub) != before
    assert ended(before)
    small.until_log(r"message=call .*code=CANCELLED request_id=cancelled")


def test_cancelled_work_that_waits_is_never_begun(small: Server, small_stub: Stub) -> None:
    before = pid(small_stub)
    with small.taking(1):
        running = small_stub.AttributeQuotes.future(article("sleep 1"))
    with small.taking(1):
        waiting = small_stub.AttributeQuotes.future(
            article("die"), metadata=(("x-request-id", "never-begun"),)
        )
    waiting.cancel()
    small.until_log(r"code=CANCELLED request_id=never-begun .*engine_ms=0.0")
    assert running.result().statements
    assert pid(small_stub) == before


def test_a_full_server_refuses_and_says_when_to_come_back(small: Server, small_stub: Stub) -> None:
    with small.taking(2):
        busy = [small_stub.AttributeQuotes.future(article("sleep 0.8")) for _ in range(2)]
    with pytest.raises(grpc.RpcError) as caught:
        small_stub.AttributeQuotes(article("x"))
    assert caught.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert reason(caught.value) == "OVERLOADED"
    info, retry = error_details_pb2.ErrorInfo(), error_details_pb2.RetryInfo()
    status = rpc_status.from_call(caught.value)
    assert status.details[0].Unpack(info)
    assert status.details[1].Unpack(retry)
    assert info.metadata["maxInFlight"] == "2"
    pushback = int(dict(caught.value.trailing_metadata())["grpc-retry-pushback-ms"])
    assert pushback == retry.retry_delay.ToMilliseconds() > 0

    # Health and info answer all the same.
    with small.channel() as channel:
        health = health_pb2_grpc.HealthStub(channel)
        assert health.Check(health_pb2.HealthCheckRequest(), timeout=5).status == 1
    assert small_stub.GetServerInfo(v1.GetServerInfoRequest(), timeout=5).engine_version
    for call in busy:
        assert call.result().statements


def test_a_stock_retry_policy_comes_back_when_told(small: Server, small_stub: Stub) -> None:
    policy = {
        "methodConfig": [
            {
                "name": [{}],
                "retryPolicy": {
                    "maxAttempts": 5,
                    "initialBackoff": "60s",
                    "maxBackoff": "60s",
                    "backoffMultiplier": 1,
                    "retryableStatusCodes": ["RESOURCE_EXHAUSTED"],
                },
            }
        ]
    }
    with small.taking(2):
        busy = [small_stub.AttributeQuotes.future(article("sleep 0.5")) for _ in range(2)]
    options = [("grpc.service_config", json.dumps(policy))]
    with grpc.insecure_channel(small.address, options=options) as channel:
        stub = v1.AttributionServiceStub(channel)
        # Its own backoff would be a minute.
        assert stub.AttributeQuotes(article("x"), timeout=20).statements
    for call in busy:
        assert call.result().statements


def test_a_stream_waits_where_a_call_is_refused(small: Server, small_stub: Stub) -> None:
    with small.taking(2):
        busy = [small_stub.AttributeQuotes.future(article("sleep 0.5")) for _ in range(2)]
    requests = (
        v1.BulkAttributeQuotesRequest(item_id=str(number), request=article("x"))
        for number in range(10)
    )
    answers = list(small_stub.BulkAttributeQuotes(requests))
    assert all(answer.HasField("response") for answer in answers)
    for call in busy:
        assert call.result().statements


def test_a_killed_worker_costs_only_the_call_it_held(server: Server, stub: Stub) -> None:
    first = stub.AttributeQuotes.future(article("pid\nsleep 1"))
    victim = stub.AttributeQuotes.future(article("sleep 0.3\ndie"))
    with pytest.raises(grpc.RpcError) as caught:
        victim.result()
    assert caught.value.code() is grpc.StatusCode.UNAVAILABLE
    assert reason(caught.value) == "WORKER_LOST"
    assert first.result().statements
    for _ in range(6):
        assert stub.AttributeQuotes(article("x"), timeout=10).statements


def test_a_worker_killed_while_idle_costs_nothing(small: Server, small_stub: Stub) -> None:
    before = pid(small_stub)
    os.kill(before, signal.SIGKILL)
    small.until_log(rf"a worker died and is replaced.*pid={before}")
    after = [pid(small_stub) for _ in range(3)]
    assert before not in after


def test_a_client_that_retries_does_not_notice_a_killed_worker(small: Server) -> None:
    policy = {
        "methodConfig": [
            {
                "name": [{}],
                "retryPolicy": {
                    "maxAttempts": 3,
                    "initialBackoff": "0.1s",
                    "maxBackoff": "1s",
                    "backoffMultiplier": 2,
                    "retryableStatusCodes": ["UNAVAILABLE"],
                },
            }
        ]
    }
    options = [("grpc.service_config", json.dumps(policy))]
    with grpc.insecure_channel(small.address, options=options) as channel:
        stub = v1.AttributionServiceStub(channel)
        held = pid(stub)
        with small.taking(1):
            call = stub.AttributeQuotes.future(article("sleep 1\npid"))
        os.kill(held, signal.SIGKILL)
        assert int(call.result().statements[0].cue.lemma) != held
    small.until_log("message=call .*code=UNAVAILABLE")


def test_an_article_that_kills_its_worker_gets_two_and_no_more(small: Server) -> None:
    before = small.log.count('message="an article was lost"')
    with quoth.Client(small.address) as client:
        with pytest.raises(quoth.Unavailable) as caught:
            client.attribute("die", timeout=10)
        assert caught.value.reason == "WORKER_LOST"
        assert client.attribute("pid", timeout=10).statements
    assert small.log.count('message="an article was lost"') == before + 2


def test_clients_that_give_up_cause_no_faults(server: Server) -> None:
    with server.channel() as channel:
        stub = v1.AttributionServiceStub(channel)
        calls = [
            stub.AttributeQuotes.future(article("sleep 0.02"), timeout=0.002 * (number % 20))
            for number in range(200)
        ]
        streams = [
            stub.BulkAttributeQuotes(
                (
                    v1.BulkAttributeQuotesRequest(item_id=str(number), request=article("x"))
                    for number in range(1000)
                ),
                timeout=0.05 * length,
            )
            for length in range(1, 6)
        ]
        for stream in streams:
            with pytest.raises(grpc.RpcError) as caught:
                list(stream)
            assert caught.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED
        assert {call.code() for call in calls} <= {
            grpc.StatusCode.OK,
            grpc.StatusCode.DEADLINE_EXCEEDED,
            grpc.StatusCode.RESOURCE_EXHAUSTED,
        }
        assert stub.AttributeQuotes(article("x"), timeout=20).statements
    assert "servicer.py" not in server.log
