"""How an error is sent: as the status of a call, or as an item of a stream."""

from __future__ import annotations

from google.protobuf.any import pack
from google.protobuf.duration import from_milliseconds
from google.protobuf.message import Message
from google.rpc import error_details_pb2, status_pb2

from quoth.v1 import ErrorReason, ItemError, ItemViolation
from quoth_server.service.errors import ServiceError

__all__ = ["DOMAIN", "item_error", "trailers"]

DOMAIN = "quoth.v1"
_PREFIX = "ERROR_REASON_"


def trailers(error: ServiceError) -> tuple[tuple[str, str | bytes], ...]:
    """The trailing metadata that carries the error's details, as grpc-status reads it."""
    details: list[Message] = [
        error_details_pb2.ErrorInfo(reason=error.reason, domain=DOMAIN, metadata=error.metadata)
    ]
    if error.violations:
        violations = [
            error_details_pb2.BadRequest.FieldViolation(
                field=each.field, description=each.description, reason=each.reason
            )
            for each in error.violations
        ]
        details.append(error_details_pb2.BadRequest(field_violations=violations))
    pushback: tuple[tuple[str, str], ...] = ()
    if error.retry_after is not None:
        milliseconds = round(error.retry_after * 1000)
        details.append(error_details_pb2.RetryInfo(retry_delay=from_milliseconds(milliseconds)))
        pushback = (("grpc-retry-pushback-ms", str(milliseconds)),)
    elif not error.resend:
        pushback = (("grpc-retry-pushback-ms", "-1"),)
    status = status_pb2.Status(
        code=_number(error), message=error.message, details=map(pack, details)
    )
    return (("grpc-status-details-bin", status.SerializeToString()), *pushback)


def item_error(error: ServiceError) -> ItemError:
    """The error as the outcome of one item of a stream."""
    return ItemError(
        code=_number(error),
        reason=_reason(error.reason),
        message=error.message,
        violations=[
            ItemViolation(
                field=each.field, description=each.description, reason=_reason(each.reason)
            )
            for each in error.violations
        ],
        metadata=error.metadata,
    )


def _number(error: ServiceError) -> int:
    number: int = error.code.value[0]
    return number


def _reason(name: str) -> ErrorReason.ValueType:
    return ErrorReason.Value(_PREFIX + name)
