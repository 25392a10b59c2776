"""Errors of the service as errors of Connect."""

from __future__ import annotations

import grpc
import pytest
from connectrpc.code import Code
from google.protobuf import any_pb2
from google.rpc import error_details_pb2, status_pb2
from protobuf import message_to_json_value

from quoth_server.http.failures import failure
from quoth_server.service import errors, statuses


def details(error: errors.ServiceError) -> bytes:
    status = dict(statuses.trailers(error))["grpc-status-details-bin"]
    assert isinstance(status, bytes)
    return status


def test_details_can_be_read_without_protobuf() -> None:
    given = errors.overloaded(9, 1.5)
    error = failure(given.code, given.message, details(given))
    assert error.code is Code.RESOURCE_EXHAUSTED
    info, retry = error.details
    value = info.value()
    assert value
    assert message_to_json_value(value) == {
        "reason": "OVERLOADED",
        "domain": "quoth.v1",
        "metadata": {"maxInFlight": "9"},
    }
    assert retry.type_name == "google.rpc.RetryInfo"
    delay = error_details_pb2.RetryInfo.FromString(retry.message_bytes)
    assert delay.retry_delay.ToMilliseconds() == 1500


def test_details_that_nobody_knows_are_passed_on() -> None:
    odd = any_pb2.Any(type_url="type.googleapis.com/no.such.Type", value=b"\x01")
    error = failure(
        grpc.StatusCode.ABORTED, "m", status_pb2.Status(details=[odd]).SerializeToString()
    )
    assert error.details[0].message_bytes == b"\x01"
    assert error.details[0].type_name == "no.such.Type"


@pytest.mark.parametrize(
    "code", [code for code in grpc.StatusCode if code is not grpc.StatusCode.OK]
)
def test_every_status_has_its_code(code: grpc.StatusCode) -> None:
    assert failure(code, "", b"").code.value == code.value[1].replace(
        "cancelled", "canceled"
    ).replace(" ", "_")
