"""How the client connects: TLS, tokens, sizes, retries, balancing."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass

import grpc

from quoth._target import is_local

__all__ = ["SERVICE", "TLS", "CallMetadata", "channel_arguments", "check_plaintext"]

SERVICE = "quoth.v1.AttributionService"

# No call has side effects, so each may be sent again. The bulk stream is not listed: gRPC cannot
# resume it once an answer has come, so `attribute_many` does. Nor is a full server (status
# RESOURCE_EXHAUSTED): `Deadline` waits for it longer than gRPC's few attempts do.
_SERVICE_CONFIG = {
    # If a name has several addresses, each server gets its share of the calls.
    "loadBalancingConfig": [{"round_robin": {}}],
    "methodConfig": [
        {
            "name": [
                {"service": SERVICE, "method": "AttributeQuotes"},
                {"service": SERVICE, "method": "GetServerInfo"},
            ],
            "retryPolicy": {
                "maxAttempts": 4,
                "initialBackoff": "0.1s",
                "maxBackoff": "2s",
                "backoffMultiplier": 2.0,
                "retryableStatusCodes": ["UNAVAILABLE"],
            },
        }
    ],
}

# Pings notice a server that vanished while a call waits. A server refuses them where they come more
# often than it allows; quoth-server allows one a minute.
_KEEPALIVE_MS = 120_000
_KEEPALIVE_TIMEOUT_MS = 20_000

# gRPC's own pauses between attempts to connect grow to two minutes, in which a server that is back
# gets no calls and, where it is the only one, every call fails.
_FIRST_RECONNECT_MS = 100
_LONGEST_RECONNECT_MS = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class TLS:
    """How to connect with TLS; keys and certificates are PEM, as bytes.

    `TLS()` trusts the system's authorities and presents no client certificate.

    Attributes:
        root_certificates: The authorities to trust instead of the system's.
        private_key: The client's key, for a server that requires client certificates.
        certificate_chain: The client's certificate; needed with `private_key`.
        server_name: The name expected in the server's certificate, if not the host of the address.
    """

    root_certificates: bytes | None = None
    private_key: bytes | None = None
    certificate_chain: bytes | None = None
    server_name: str = ""

    def __post_init__(self) -> None:
        if (self.private_key is None) != (self.certificate_chain is None):
            raise ValueError("TLS needs private_key and certificate_chain together, or neither")

    def credentials(self) -> grpc.ChannelCredentials:
        """The same for gRPC."""
        return grpc.ssl_channel_credentials(
            self.root_certificates, self.private_key, self.certificate_chain
        )


def channel_arguments(tls: TLS | None, max_response_bytes: int) -> Sequence[tuple[str, str | int]]:
    """The arguments of a channel with the client's policies."""
    arguments: list[tuple[str, str | int]] = [
        ("grpc.service_config", json.dumps(_SERVICE_CONFIG)),
        ("grpc.max_receive_message_length", max_response_bytes),
        ("grpc.keepalive_time_ms", _KEEPALIVE_MS),
        ("grpc.keepalive_timeout_ms", _KEEPALIVE_TIMEOUT_MS),
        ("grpc.initial_reconnect_backoff_ms", _FIRST_RECONNECT_MS),
        ("grpc.max_reconnect_backoff_ms", _LONGEST_RECONNECT_MS),
    ]
    if tls and tls.server_name:
        arguments.append(("grpc.ssl_target_name_override", tls.server_name))
    return arguments


_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*")  # RFC 6750


class CallMetadata:
    """The metadata of calls: token, request id and the caller's trace.

    Args:
        token: Sent to the server; empty sends none.

    Raises:
        ValueError: The token has invalid characters; the message does not repeat it.
    """

    def __init__(self, token: str) -> None:
        if token and not _TOKEN.fullmatch(token):
            raise ValueError("token has characters other than letters, digits and -._~+/")
        self._always = (("authorization", f"Bearer {token}"),) if token else ()

    def of(self, request_id: str = "") -> tuple[tuple[str, str], ...]:
        """The metadata of one call."""
        named = (("x-request-id", request_id),) if request_id else ()
        return (*self._always, *named, *_trace_context().items())


def _trace_context() -> dict[str, str]:
    """The headers that make the server's span a child of the caller's current one, if any.

    A program that traces has loaded OpenTelemetry; for any other it is neither loaded nor needed.
    """
    headers: dict[str, str] = {}
    if "opentelemetry.trace" in sys.modules:
        from opentelemetry.propagate import inject

        inject(headers)
    return headers


def check_plaintext(target: str, tls: TLS | None, *, insecure: bool) -> None:
    """Keeps articles and tokens from crossing a network in plaintext by mistake.

    Raises:
        ValueError: They would.
    """
    if tls is None and not insecure and not is_local(target):
        raise ValueError(
            f"{target} is another machine, and articles and tokens would go there in plaintext; "
            "use TLS (tls), or allow it (insecure)"
        )
