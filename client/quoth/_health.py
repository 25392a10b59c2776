"""The standard health check, `grpc.health.v1`, without its package.

grpcio-health-checking would be one more dependency for two bytes each way, and a copy of its
proto would clash with it where both are installed.
"""

from __future__ import annotations

from enum import IntEnum

__all__ = ["METHOD", "HealthStatus", "decode_response", "encode_request"]

METHOD = "/grpc.health.v1.Health/Check"


class HealthStatus(IntEnum):
    """What a server says of itself."""

    UNKNOWN = 0
    SERVING = 1
    NOT_SERVING = 2
    SERVICE_UNKNOWN = 3


def encode_request(service: str) -> bytes:
    """`HealthCheckRequest`: field 1 is the service, a string of less than 128 bytes."""
    name = service.encode()
    return bytes([0x0A, len(name)]) + name if name else b""


def decode_response(message: bytes) -> HealthStatus:
    """`HealthCheckResponse`: field 1 is the status, an enum; left out when 0."""
    return HealthStatus(message[1]) if message[:1] == b"\x08" else HealthStatus.UNKNOWN
