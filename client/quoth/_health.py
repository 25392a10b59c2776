"""The standard health check, `grpc.health.v1`, without its package.

Its two messages have one field each and are, byte for byte, two of Protobuf's own wrappers;
grpcio-health-checking would be one more dependency.
"""

from __future__ import annotations

from enum import IntEnum

from google.protobuf.wrappers_pb2 import Int32Value, StringValue

__all__ = ["METHOD", "HealthStatus", "decode_response", "encode_request"]

METHOD = "/grpc.health.v1.Health/Check"


class HealthStatus(IntEnum):
    """What a server reports about itself."""

    UNKNOWN = 0
    SERVING = 1
    NOT_SERVING = 2
    SERVICE_UNKNOWN = 3


def encode_request(service: str) -> bytes:
    """`HealthCheckRequest`: field 1, a string, is the service."""
    return StringValue(value=service).SerializeToString()


def decode_response(message: bytes) -> HealthStatus:
    """`HealthCheckResponse`: field 1, an enum, is the status."""
    return HealthStatus(Int32Value.FromString(message).value)
