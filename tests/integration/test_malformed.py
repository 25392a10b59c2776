"""Bytes that are not a message of the contract."""

from __future__ import annotations

import grpc
import pytest
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from quoth import v1
from tests.integration.server import Server, article

SERVICE = "/quoth.v1.AttributionService/"
BAD_UTF8 = b"\x0a\x04\x1a\x02\xed\xa0"  # half of a surrogate pair as the body


def reason(error: grpc.RpcError) -> str:
    info = error_details_pb2.ErrorInfo()
    assert rpc_status.from_call(error).details[0].Unpack(info)
    return info.reason


@pytest.mark.parametrize(
    "payload",
    [
        BAD_UTF8,
        b"\x0a",
        b"\x0a\xff\xff\xff\xff\x0f",
        b"\x07",
        b"\x13" * 200,
        b"\xff" * 20,
        article("x").SerializeToString()[:-1],
    ],
)
def test_a_call_that_cannot_be_read_is_the_callers_mistake(
    server: Server, channel: grpc.Channel, payload: bytes
) -> None:
    call = channel.unary_unary(SERVICE + "AttributeQuotes")
    faults = server.log.count("message=fault")
    with pytest.raises(grpc.RpcError) as caught:
        call(payload, metadata=(("x-request-id", "malformed"),), timeout=20)
    assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert reason(caught.value) == "MALFORMED_REQUEST"
    assert "quoth.v1.AttributeQuotesRequest" in caught.value.details()
    assert ("x-request-id", "malformed") in caught.value.trailing_metadata()
    server.until_log("message=call .*code=INVALID_ARGUMENT request_id=malformed")
    assert server.log.count("message=fault") == faults


def test_a_stream_that_cannot_be_read_on_ends_when_the_items_before_are_answered(
    server: Server, channel: grpc.Channel
) -> None:
    items = [
        v1.BulkAttributeQuotesRequest(
            item_id=str(number), request=article("sleep 0.2")
        ).SerializeToString()
        for number in range(2)
    ]
    faults = server.log.count("message=fault")
    call = channel.stream_stream(SERVICE + "BulkAttributeQuotes")
    answers: list[v1.BulkAttributeQuotesResponse] = []

    def attempt() -> None:
        received = call(iter([*items, b"\xff", items[0]]), timeout=20)
        answers.extend(map(v1.BulkAttributeQuotesResponse.FromString, received))

    with pytest.raises(grpc.RpcError) as caught:
        attempt()
    assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert reason(caught.value) == "MALFORMED_REQUEST"
    assert sorted(answer.item_id for answer in answers) == ["0", "1"]
    assert all(answer.HasField("response") for answer in answers)
    assert server.log.count("message=fault") == faults


def test_a_method_that_is_not_there(channel: grpc.Channel) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        channel.unary_unary(SERVICE + "Nothing")(b"", timeout=20)
    assert caught.value.code() is grpc.StatusCode.UNIMPLEMENTED
