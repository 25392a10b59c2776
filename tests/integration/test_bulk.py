"""Many articles over one stream."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator

import grpc
import pytest

from quoth import v1
from tests.integration.server import Server, article

Stub = v1.AttributionServiceStub


def items(*bodies: str, prefix: str = "i") -> Iterator[v1.BulkAttributeQuotesRequest]:
    for number, body in enumerate(bodies):
        yield v1.BulkAttributeQuotesRequest(item_id=f"{prefix}{number}", request=article(body))


def outcomes(stub: Stub, *bodies: str) -> dict[str, v1.BulkAttributeQuotesResponse]:
    answers = list(stub.BulkAttributeQuotes(items(*bodies)))
    by_id = {answer.item_id: answer for answer in answers}
    assert len(by_id) == len(answers) == len(bodies)
    return by_id


def test_every_item_is_answered(stub: Stub) -> None:
    answers = outcomes(stub, *(f"text {number}" for number in range(200)))
    for number in range(200):
        response = answers[f"i{number}"].response
        assert response.statements[0].content_spans[0].text == f"text {number}"


def test_an_empty_stream_has_no_answers(stub: Stub) -> None:
    assert list(stub.BulkAttributeQuotes(iter(()))) == []


def test_answers_come_as_they_are_ready(stub: Stub) -> None:
    ids = [answer.item_id for answer in stub.BulkAttributeQuotes(items("sleep 1", "a", "b"))]
    assert ids == ["i1", "i2", "i0"]


def test_a_bad_item_fails_alone(stub: Stub) -> None:
    answers = outcomes(stub, "a", " ", "crash", "refuse fr", "die", "b")
    assert {item_id: answer.WhichOneof("outcome") for item_id, answer in answers.items()} == {
        "i0": "response",
        "i1": "error",
        "i2": "error",
        "i3": "error",
        "i4": "error",
        "i5": "response",
    }
    errors = {item_id: answer.error for item_id, answer in answers.items()}
    assert [
        (errors[item_id].code, v1.ErrorReason.Name(errors[item_id].reason))
        for item_id in ("i1", "i2", "i3", "i4")
    ] == [
        (3, "ERROR_REASON_EMPTY_BODY"),
        (13, "ERROR_REASON_INTERNAL"),
        (3, "ERROR_REASON_UNSUPPORTED_LANGUAGE"),
        (14, "ERROR_REASON_WORKER_LOST"),
    ]
    assert [violation.field for violation in errors["i1"].violations] == ["request.article.body"]
    assert [violation.field for violation in errors["i3"].violations] == ["request.article.body"]
    assert errors["i3"].metadata["languageCode"] == "fr"


def test_bad_and_repeated_ids_are_named(stub: Stub) -> None:
    requests = [
        v1.BulkAttributeQuotesRequest(item_id="a", request=article("x")),
        v1.BulkAttributeQuotesRequest(item_id="a", request=article("y")),
        v1.BulkAttributeQuotesRequest(item_id="b c", request=article("")),
        v1.BulkAttributeQuotesRequest(item_id="d"),
    ]
    answers = list(stub.BulkAttributeQuotes(iter(requests)))
    reasons = sorted(
        (answer.item_id, violation.field, v1.ErrorReason.Name(violation.reason)[13:])
        for answer in answers
        for violation in answer.error.violations
    )
    assert len(answers) == 4
    assert reasons == [
        ("a", "item_id", "DUPLICATE_ITEM_ID"),
        ("b c", "item_id", "INVALID_ITEM_ID"),
        ("b c", "request.article.body", "EMPTY_BODY"),
        ("d", "request", "MISSING_FIELD"),
    ]


def test_a_stream_is_read_no_faster_than_it_is_answered(stub: Stub) -> None:
    sent = 0

    def counted() -> Iterator[v1.BulkAttributeQuotesRequest]:
        nonlocal sent
        # While both workers sleep nothing is answered, and 38 MB are far more than the transport
        # holds by itself; the answers are small.
        for item in items(*["sleep 3"] * 2, *["x" * 190_000] * 200):
            item.request.options.min_confidence = 1
            sent += 1
            yield item

    answers = stub.BulkAttributeQuotes(counted())
    assert next(answers).item_id in ("i0", "i1")
    assert sent < 150
    assert len(list(answers)) == 201


def test_streams_and_calls_share(stub: Stub) -> None:
    """While streams keep both workers busy, a call has its turn long before they end."""
    order: queue.SimpleQueue[str] = queue.SimpleQueue()

    def run(prefix: str) -> None:
        for _ in stub.BulkAttributeQuotes(items(*["sleep 0.1"] * 20, prefix=prefix)):
            order.put(prefix)

    streams = [threading.Thread(target=run, args=(prefix,)) for prefix in ("a", "b", "c")]
    for stream in streams:
        stream.start()
    first = [order.get(timeout=20) for _ in range(6)]
    stub.AttributeQuotes(article("x"))
    order.put("call")
    for stream in streams:
        stream.join()
    rest = [order.get() for _ in range(order.qsize())]
    assert rest.index("call") < 20
    everything = [each for each in first + rest if each != "call"]
    for prefix in ("a", "b", "c"):
        assert everything[:30].count(prefix) in range(6, 15)


def test_what_a_cancelled_stream_held_is_free_at_once(stub: Stub) -> None:
    answers = stub.BulkAttributeQuotes(items("a", "spin 600", "spin 600", "spin 600"))
    assert next(answers).item_id == "i0"
    answers.cancel()
    with pytest.raises(grpc.RpcError):
        next(answers)
    assert stub.AttributeQuotes(article("x"), timeout=10).statements


def test_a_stream_has_one_line_in_the_log(server: Server, stub: Stub) -> None:
    list(
        stub.BulkAttributeQuotes(
            items("Verborgen", "", "zwei"), metadata=(("x-request-id", "the-stream"),)
        )
    )
    line = server.until_log(r"^.*message=call .*request_id=the-stream.*$")[0]
    assert "method=BulkAttributeQuotes code=OK" in line
    assert "items=3 failed=1 characters=13 statements=2" in line
    assert "Verborgen" not in server.log
