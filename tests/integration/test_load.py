"""Deadlines, cancels, overload and workers that die."""

from __future__ import annotations

import collections
import contextlib
import hashlib
import json
import os
import queue
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import grpc
import pytest
from google.rpc import error_details_pb2
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_status import rpc_status

import quoth
from quoth import v1
from tests.integration.server import Server, article, cpu_seconds

Stub = v1.AttributionServiceStub


@pytest.fixture(scope="module")
def small() -> Iterator[Server]:
    """One worker, and one call may wait."""
    with Server("--workers", "1", "--queue-per-worker", "1", "--max-deadline", "2") as server:
        yield server  # it refuses a text that was twice over the limit; so each has its own


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


@contextlib.contextmanager
def ending_a_worker(server: Server) -> Iterator[None]:
    """Waits at the end until a worker has been ended because its caller gave up."""
    line = re.compile(r'message="a worker read for a caller that gave up, .*pid=(\d+) ')
    before = len(line.findall(server.log))
    faults = server.log.count("a worker died")
    yield
    end = time.monotonic() + 50
    while len(found := line.findall(server.log)) == before:
        assert time.monotonic() < end, server.log
        time.sleep(0.01)
    assert ended(int(found[-1]))
    assert server.log.count("a worker died") == faults


def test_work_past_the_clients_deadline_stops(small: Server, small_stub: Stub) -> None:
    with ending_a_worker(small), pytest.raises(grpc.RpcError) as caught:
        small_stub.AttributeQuotes(
            article("spin 600\na"), timeout=1, metadata=(("x-request-id", "impatient"),)
        )
    assert caught.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED
    assert pid(small_stub)
    milliseconds = small.until_log(r"request_id=impatient .*engine_ms=(\d+)")[1]
    assert 500 < int(milliseconds) < 1500


def test_work_past_the_servers_deadline_stops(small: Server, small_stub: Stub) -> None:
    request_id = (("x-request-id", "spinning"),)
    with pytest.raises(grpc.RpcError) as caught:
        small_stub.AttributeQuotes(article("spin 600\nb"), timeout=30, metadata=request_id)
    assert caught.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED
    assert reason(caught.value) == "DEADLINE_EXCEEDED"
    assert "within 2 s" in caught.value.details()
    small.until_log(r"message=call .*request_id=spinning .*engine_ms=2000\.0")
    assert pid(small_stub)


def test_an_item_past_the_servers_deadline_fails_alone(small_stub: Stub) -> None:
    requests = [
        v1.BulkAttributeQuotesRequest(item_id="slow", request=article("spin 600\nc")),
        v1.BulkAttributeQuotesRequest(item_id="quick", request=article("x")),
    ]
    answers = {each.item_id: each for each in small_stub.BulkAttributeQuotes(iter(requests))}
    assert answers["slow"].error.reason == v1.ErrorReason.ERROR_REASON_DEADLINE_EXCEEDED
    assert answers["quick"].response.statements


def test_cancelled_work_frees_its_worker(small: Server, small_stub: Stub) -> None:
    with ending_a_worker(small):
        with small.taking(1):
            call = small_stub.AttributeQuotes.future(
                article("spin 600\nd"), metadata=(("x-request-id", "cancelled"),)
            )
        time.sleep(0.1)  # it has come to its worker
        call.cancel()
        assert pid(small_stub)
    small.until_log(r"message=call .*code=CANCELLED request_id=cancelled")


def test_cancelled_work_that_waits_is_never_begun(
    small: Server, small_stub: Stub, tmp_path: Path
) -> None:
    with small.taking(1):
        running = small_stub.AttributeQuotes.future(article(f"until {tmp_path / 'go'}"))
    with small.taking(1):
        waiting = small_stub.AttributeQuotes.future(
            article(f"die_once {tmp_path / 'begun'}"), metadata=(("x-request-id", "never-begun"),)
        )
    waiting.cancel()
    small.until_log(r"code=CANCELLED request_id=never-begun .*engine_ms=0.0")
    (tmp_path / "go").touch()
    assert running.result().statements
    # By process ids this cannot be told: a worker that an earlier test ended may come back now.
    assert pid(small_stub)
    assert not (tmp_path / "begun").exists()


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


def test_a_standard_retry_policy_waits_as_the_server_asks(small: Server, small_stub: Stub) -> None:
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


def test_a_worker_killed_while_idle_costs_nothing(small: Server, small_stub: Stub) -> None:
    before = pid(small_stub)
    os.kill(before, signal.SIGKILL)
    small.until_log(rf"a worker died and is being replaced.*pid={before}")
    after = [pid(small_stub) for _ in range(3)]
    assert before not in after


def test_a_worker_killed_while_it_reads_costs_nothing(small: Server, small_stub: Stub) -> None:
    before = pid(small_stub)
    with small.taking(1):
        call = small_stub.AttributeQuotes.future(article("sleep 1\npid"))
    os.kill(before, signal.SIGKILL)
    assert int(call.result().statements[0].cue.lemma) != before


def test_a_stream_of_short_articles_is_not_held_up_by_one_of_long_ones(stub: Stub) -> None:
    """With two workers, the long ones never have both: each stream has at least one."""
    long = stub.BulkAttributeQuotes(
        v1.BulkAttributeQuotesRequest(item_id=f"{n}", request=article("sleep 1")) for n in range(20)
    )
    answered: list[str] = []
    reading = threading.Thread(target=lambda: answered.extend(each.item_id for each in long))
    reading.start()
    time.sleep(0.3)  # it has both workers now, and its third article waits
    short = stub.BulkAttributeQuotes(
        v1.BulkAttributeQuotesRequest(item_id=f"{n}", request=article("sleep 0.05"))
        for n in range(20)
    )
    assert len(list(short)) == 20
    before = len(answered)
    reading.join()
    assert len(answered) == 20
    # First come, first served would have let about as many long ones pass.
    assert before < 10


def test_many_streams_take_turns_and_none_is_dropped(server: Server, tmp_path: Path) -> None:
    count, items = 20, 4
    order: queue.SimpleQueue[int] = queue.SimpleQueue()

    def run(number: int) -> None:
        requests = (
            v1.BulkAttributeQuotesRequest(item_id=str(n), request=article("sleep 0.02"))
            for n in range(items)
        )
        with server.channel() as channel:
            for answer in v1.AttributionServiceStub(channel).BulkAttributeQuotes(requests):
                assert answer.HasField("response")
                order.put(number)

    with server.channel() as channel:
        stub = v1.AttributionServiceStub(channel)
        with server.taking(2):
            until = f"until {tmp_path / 'go'}"
            busy = [stub.AttributeQuotes.future(article(until)) for _ in range(2)]
        streams = [threading.Thread(target=run, args=(number,)) for number in range(count)]
        with server.taking(count):  # all wait in line when the workers come free
            for stream in streams:
                stream.start()
        (tmp_path / "go").touch()
        for call in busy:
            call.result()
        for stream in streams:
            stream.join()
    answered = [order.get() for _ in range(order.qsize())]
    assert collections.Counter(answered) == dict.fromkeys(range(count), items)
    # One after the other would have five streams in the first quarter.
    assert len(set(answered[:count])) > 3 * count / 4


@pytest.mark.skipif(not Path("/proc/self/oom_score_adj").exists(), reason="needs Linux")
def test_where_memory_runs_out_a_worker_goes_first(small: Server, small_stub: Stub) -> None:
    def badness(process: int) -> int:
        return int(Path(f"/proc/{process}/oom_score_adj").read_text())

    assert badness(pid(small_stub)) > badness(small.process.pid)


def test_a_flood_is_answered_in_part_and_the_rest_gets_a_retry_delay(
    server: Server, tmp_path: Path
) -> None:
    go, full = tmp_path / "go", 4  # two workers and a queue of two
    with server.channel() as channel:
        stub = v1.AttributionServiceStub(channel)
        health = health_pb2_grpc.HealthStub(channel)
        calls = [stub.AttributeQuotes.future(article(f"until {go}")) for _ in range(100)]
        refused: queue.SimpleQueue[grpc.Future] = queue.SimpleQueue()
        for call in calls:
            call.add_done_callback(refused.put)
        # While nothing is done: those that are too many hear of it, and health and info answer.
        for _ in range(100 - full):
            call = refused.get(timeout=15)
            assert call.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
            assert int(dict(call.trailing_metadata())["grpc-retry-pushback-ms"]) > 0
        for _ in range(10):
            assert health.Check(health_pb2.HealthCheckRequest(), timeout=5).status == 1
            assert stub.GetServerInfo(v1.GetServerInfoRequest(), timeout=5).engine_version
        assert sum(not call.done() for call in calls) == full
        go.touch()
        codes = collections.Counter(call.code() for call in calls)
    assert codes[grpc.StatusCode.OK] == full


def test_a_text_that_ends_workers_gets_an_error_and_is_then_refused(small: Server) -> None:
    lost = 'message="a worker died and is being replaced"'
    with quoth.Client(small.address) as client:
        digest = hashlib.sha256(b"die\nat once").hexdigest()[:16]
        before = small.log.count(lost)
        with pytest.raises(quoth.Unavailable) as caught:
            client.attribute("die\nat once", timeout=10)
        assert caught.value.reason == "WORKER_LOST"
        assert caught.value.metadata["bodySha256"] == digest
        for _ in range(3):
            with pytest.raises(quoth.QuothError) as refused:
                client.attribute("die\nat once", title="Another title", timeout=10)
            assert refused.value.code is grpc.StatusCode.FAILED_PRECONDITION
            assert refused.value.reason == "QUARANTINED"
            assert refused.value.metadata["bodySha256"] == digest
            assert digest in refused.value.message
        (outcome,) = client.attribute_many([quoth.article("die\nat once")])
        assert outcome.error
        assert outcome.error.reason == "QUARANTINED"
        assert client.attribute("pid", timeout=10).statements
    assert small.log.count(lost) == before + 2


def test_a_text_that_twice_takes_all_the_time_is_refused(small_stub: Stub) -> None:
    for _ in range(2):
        with pytest.raises(grpc.RpcError) as caught:
            small_stub.AttributeQuotes(article("stuck\nfor good"), timeout=30)
        assert reason(caught.value) == "DEADLINE_EXCEEDED"
    with pytest.raises(grpc.RpcError) as caught:
        small_stub.AttributeQuotes(article("stuck\nfor good"), timeout=30)
    assert reason(caught.value) == "QUARANTINED"


def test_what_a_client_gives_up_is_not_held_against_the_text(small_stub: Stub) -> None:
    for _ in range(4):
        with pytest.raises(grpc.RpcError) as caught:
            small_stub.AttributeQuotes(article("stuck\nfor a while"), timeout=0.3)
        assert caught.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED


def bulk(stub: Stub, timeout: float | None) -> grpc.Call:
    requests = [
        v1.BulkAttributeQuotesRequest(item_id=str(number), request=article("stuck"))
        for number in range(3)
    ]
    call: grpc.Call = stub.BulkAttributeQuotes(iter(requests), timeout=timeout)
    return call


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
@pytest.mark.parametrize(
    "end",
    [
        pytest.param(
            lambda stub: stub.AttributeQuotes.future(article("stuck"), timeout=1).exception(),
            id="deadline of a call",
        ),
        pytest.param(
            lambda stub: stub.AttributeQuotes.future(article("stuck\nto the limit")).exception(),
            id="limit of the server",
        ),
        pytest.param(lambda stub: list(bulk(stub, 1)), id="deadline of a stream"),
        pytest.param(
            lambda stub: (call := bulk(stub, None), time.sleep(1), call.cancel()),
            id="cancel of a stream",
        ),
    ],
)
def test_work_that_is_over_uses_no_core(
    small: Server, small_stub: Stub, end: Callable[[Stub], object]
) -> None:
    """Also where it is stuck in an operation in C, which nothing in its process can stop."""
    with contextlib.suppress(grpc.RpcError):
        end(small_stub)
    time.sleep(1)
    used = cpu_seconds(small.process.pid)
    time.sleep(1)
    assert cpu_seconds(small.process.pid) - used < 0.3
    assert pid(small_stub)


CLIENT = """
import sys, grpc
from quoth import v1
channel = grpc.insecure_channel(sys.argv[1])
request = v1.AttributeQuotesRequest(article=v1.Article(body="stuck"))
v1.AttributionServiceStub(channel).AttributeQuotes(request, timeout=1)
"""


def test_the_deadline_holds_also_when_the_client_is_gone_without_a_word(
    small: Server, small_stub: Stub
) -> None:
    with ending_a_worker(small):
        with small.taking(1):
            client = subprocess.Popen([sys.executable, "-c", CLIENT, small.address])
        client.send_signal(signal.SIGSTOP)  # its kernel keeps the connection open
    client.kill()
    client.wait()


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
