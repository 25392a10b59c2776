"""Callers that ask for too much: what they get, and what is left for others."""

from __future__ import annotations

import contextlib
import queue
import time
from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from quoth import v1
from tests.integration.server import Server, article

Stub = v1.AttributionServiceStub
GREEDY, MODEST = ((("authorization", f"Bearer {name * 16}"),) for name in "gm")
KINDS = v1.AttributionOptions(kinds=[99] * 1_000_000)
needs_proc = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs /proc")


@pytest.fixture(scope="module", params=["1", "2"])
def shared(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """A server that knows its callers by their tokens."""
    tokens = tmp_path_factory.mktemp("shares") / "tokens"
    tokens.write_text("greedy:" + "g" * 16 + "\nmodest:" + "m" * 16)
    tokens.chmod(0o600)
    flags = ("--workers", request.param, "--queue-per-worker", "2", "--token-file", str(tokens))
    with Server(*flags) as server:
        yield server


@pytest.fixture
def stub(shared: Server) -> Iterator[Stub]:
    with shared.channel() as channel:
        yield v1.AttributionServiceStub(channel)


def most_memory(server: Server) -> float:
    """The most that the front process has had, in megabytes."""
    for line in Path(f"/proc/{server.process.pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise AssertionError


def test_long_texts_of_one_caller_leave_a_worker_for_another(
    shared: Server, stub: Stub, tmp_path: Path
) -> None:
    go = tmp_path / "go"
    calls = [
        stub.AttributeQuotes.future(article(f"until {go}"), metadata=GREEDY) for _ in range(20)
    ]
    end = time.monotonic() + 20
    while sum(call.done() for call in calls) < 14:  # refused: all workers that it gets are at work
        assert time.monotonic() < end
        time.sleep(0.01)
    for _ in range(10):
        assert stub.AttributeQuotes(article("x"), metadata=MODEST, timeout=20).statements
    go.touch()
    assert sum(call.code() is grpc.StatusCode.OK for call in calls) in (3, 6)


def test_many_streams_of_one_caller_leave_a_worker_for_another(
    shared: Server, stub: Stub, tmp_path: Path
) -> None:
    go = tmp_path / "go"
    with shared.taking(100):
        streams = [
            stub.BulkAttributeQuotes(
                iter([v1.BulkAttributeQuotesRequest(item_id="1", request=article(f"until {go}"))]),
                metadata=GREEDY,
            )
            for _ in range(100)
        ]
    for _ in range(10):
        assert stub.AttributeQuotes(article("x"), metadata=MODEST, timeout=20).statements
    go.touch()
    for stream in streams:
        assert [answer.item_id for answer in stream] == ["1"]


@needs_proc
def test_refused_items_leave_nothing_behind(shared: Server, stub: Stub) -> None:
    def items() -> Iterator[v1.BulkAttributeQuotesRequest]:
        for number in range(100):
            yield v1.BulkAttributeQuotesRequest(
                item_id=f"{number} " + "😀" * 1_000_000, request=article("x")
            )

    before = most_memory(shared)
    answers = list(stub.BulkAttributeQuotes(items(), metadata=GREEDY))
    assert len(answers) == 100
    assert max(answer.ByteSize() for answer in answers) < 2_000
    assert answers[0].item_id == "0 " + "😀" * 62
    assert most_memory(shared) < before + 150


@needs_proc
def test_a_million_bad_values_cost_one_short_error(shared: Server, stub: Stub) -> None:
    before = most_memory(shared)
    bad = article("x")
    bad.options.CopyFrom(KINDS)
    with pytest.raises(grpc.RpcError) as caught:
        stub.AttributeQuotes(bad, metadata=GREEDY)
    assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert "options.kinds: it has 1000000 values" in caught.value.details()
    assert most_memory(shared) < before + 100
    for count in (90, 16):  # also where a list of all would be too much for gRPC, or just not
        del bad.options.kinds[count:]
        with pytest.raises(grpc.RpcError) as caught:
            stub.AttributeQuotes(bad, metadata=GREEDY)
        assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert caught.value.details().endswith("; and 8 more")


@needs_proc
def test_what_is_sent_without_a_token_is_not_held(shared: Server, stub: Stub) -> None:
    before = most_memory(shared)
    large = article("x" * 3_900_000)
    for method in (stub.AttributeQuotes, stub.GetServerInfo):
        calls = [method.future(large) for _ in range(100)]
        assert {call.code() for call in calls} == {grpc.StatusCode.UNAUTHENTICATED}
    assert most_memory(shared) < before + 100


@needs_proc
def test_streams_are_not_read_beyond_what_may_be_held(
    shared: Server, stub: Stub, tmp_path: Path
) -> None:
    """Forty streams of items of 4 MB, whose answers nobody takes, on as many connections."""
    before = most_memory(shared)
    go = tmp_path / "go"
    padding = b"\xf2\x3f" + b"\xe0\xa5\xe3\x01" + b"x" * 3_724_000  # an unknown field

    def items() -> Iterator[v1.BulkAttributeQuotesRequest]:
        asked = v1.AttributeQuotesRequest.FromString(
            article(f"until {go}\n" + "x" * 100_000).SerializeToString() + padding
        )
        for number in range(2):
            yield v1.BulkAttributeQuotesRequest(item_id=str(number), request=asked)

    with contextlib.ExitStack() as closing:
        streams = []
        with shared.taking(40):
            for _ in range(40):
                channel = closing.enter_context(shared.channel())
                streams.append(
                    v1.AttributionServiceStub(channel).BulkAttributeQuotes(items(), metadata=GREEDY)
                )
        time.sleep(2)
        assert stub.AttributeQuotes(article("x"), metadata=MODEST, timeout=20).statements
        assert most_memory(shared) < before + 200  # of 320 that are sent
        go.touch()
        for stream in streams[:10]:
            stream.cancel()
        for stream in streams[10:]:  # all are answered in the end
            assert len(list(stream)) == 2


def test_a_stream_that_sends_nothing_gives_way_to_others(shared: Server, stub: Stub) -> None:
    """Each that waits for an item counts as the largest request; three quarters hold 18 of them."""
    items: queue.SimpleQueue[None] = queue.SimpleQueue()
    with shared.taking(18):
        idle = [stub.BulkAttributeQuotes(iter(items.get, None), metadata=GREEDY) for _ in range(18)]
    active = stub.BulkAttributeQuotes(
        iter([v1.BulkAttributeQuotesRequest(item_id="1", request=article("x"))]), metadata=GREEDY
    )
    assert next(active).item_id == "1"  # once one of them has been ended
    ended = [stream for stream in idle if stream.done()]
    assert ended
    for stream in ended:
        assert stream.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
        assert "with fewer streams" in stream.details()
        retry = error_details_pb2.RetryInfo()
        assert rpc_status.from_call(stream).details[1].Unpack(retry)
    for stream in idle:
        stream.cancel()
        items.put(None)


def test_what_cannot_be_read_in_time_is_not_begun(shared: Server, stub: Stub) -> None:
    long = "sleep 0.05\n" + "x" * 1_000
    for _ in range(32):  # it goes by the fastest of these
        assert stub.AttributeQuotes(article(long), metadata=GREEDY, timeout=20).statements
    gone = shared.log.count("no longer waits")
    with pytest.raises(grpc.RpcError) as caught:
        stub.AttributeQuotes(article(long * 50), metadata=GREEDY, timeout=1)
    assert caught.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED
    assert "the article takes at least" in caught.value.details()
    assert shared.log.count("no longer waits") == gone
