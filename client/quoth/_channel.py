"""How the client connects: TLS, tokens, sizes, retries, balancing."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

import grpc

from quoth._target import is_local
from quoth._tracing import trace_context

__all__ = ["SERVICE", "TLS", "CallMetadata", "channel_arguments", "check_plaintext"]

SERVICE = "quoth.v1.AttributionService"

# Every call is free of side effects, so it may be sent again. The bulk stream is not listed: gRPC
# cannot resume it once an answer has come, so `attribute_many` does; nor is a server that is full:
# `Patience` waits for it longer than gRPC's few attempts do.
_SERVICE_CONFIG = {
    # Where a name has several addresses, each server gets its share of the calls.
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

# Notices a peer that vanished without a word while a call waits. A server refuses pings that come
# more often than it allows; quoth-server allows one a minute.
_KEEPALIVE_MS = 120_000
_KEEPALIVE_TIMEOUT_MS = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class TLS:
    """A connection by TLS; all parts are PEM as bytes.

    `TLS()` trusts the authorities of the system and shows no certificate of its own.

    Attributes:
        root_certificates: The authorities to trust instead of the system's.
        private_key: The client's key, for a server that asks for client certificates.
        certificate_chain: The client's certificate; needed with `private_key`.
        server_name: The name to expect in the server's certificate, where it is not the host of
            the address.
    """

    root_certificates: bytes | None = None
    private_key: bytes | None = None
    certificate_chain: bytes | None = None
    server_name: str = ""

    def __post_init__(self) -> None:
        if (self.private_key is None) != (self.certificate_chain is None):
            raise ValueError("TLS needs private_key and certificate_chain together, or neither")

    def credentials(self) -> grpc.ChannelCredentials:
        """The same as gRPC wants it."""
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
    ]
    if tls and tls.server_name:
        arguments.append(("grpc.ssl_target_name_override", tls.server_name))
    return arguments


_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*")  # RFC 6750


class CallMetadata:
    """What goes along with each call.

    Args:
        token: Shown to the server; empty shows none.

    Raises:
        ValueError: The token has characters that none can have; it is not repeated.
    """

    def __init__(self, token: str) -> None:
        if token and not _TOKEN.fullmatch(token):
            raise ValueError("token has characters other than letters, digits and -._~+/")
        self._always = (("authorization", f"Bearer {token}"),) if token else ()

    def of(self, request_id: str = "") -> tuple[tuple[str, str], ...]:
        """The metadata of one call."""
        named = (("x-request-id", request_id),) if request_id else ()
        return (*self._always, *named, *trace_context().items())


def check_plaintext(target: str, tls: TLS | None, *, insecure: bool) -> None:
    """Sees to it that articles and tokens do not cross a network in plain text by mistake.

    Raises:
        ValueError: They would.
    """
    if tls is None and not insecure and not is_local(target):
        raise ValueError(
            f"{target} is another machine, and articles and tokens would go there in plain text; "
            "use TLS (tls), or allow it (insecure)"
        )
