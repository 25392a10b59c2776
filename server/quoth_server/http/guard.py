"""What stands before the pages and the methods: only requests that mean this server get through.

A browser sends requests wherever any page tells it to. Against pages of other sites:

- `Host` must name this machine where the server listens on loopback only, so that no name of
  somebody else's that leads here (DNS rebinding) makes another page ours. Elsewhere TLS does that:
  the certificate does not fit the name.
- Calls are refused that a browser says another site makes (`Sec-Fetch-Site`, else `Origin`), as
  `http.CrossOriginProtection` of Go does; programs other than browsers send neither.
- Calls have a type of content that no form can send, and nobody is answered what CORS asks for.
"""

from __future__ import annotations

import ipaddress
import json
import logging
import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from uvicorn._types import (
        ASGI3Application,
        ASGIReceiveCallable,
        ASGISendCallable,
        HTTPScope,
        Scope,
    )

__all__ = ["SECURITY_HEADERS", "Guard", "Refused", "send"]

SECURITY_HEADERS: tuple[tuple[str, str], ...] = (
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
    ("cache-control", "no-store"),
)
"""Of every answer, whatever it is."""

_TYPES = frozenset(
    (
        "application/json",
        "application/proto",
        "application/grpc-web",
        "application/grpc-web+proto",
        "application/grpc-web+json",
    )
)
# A name or an address, in brackets if it is one of IPv6, and a port: nothing that programs read
# differently, as whether what stands before `#` or `@` is the host.
_HOST = re.compile(
    r"(?:(?P<name>[A-Za-z0-9.-]+)|\[(?P<address>[0-9A-Fa-f:.]+)\])(?::(?P<port>[0-9]{1,5}))?"
)
_LAST_PORT = 65535
_log = logging.getLogger(__name__)
Headers: TypeAlias = Mapping[str, str]


class Refused(Exception):
    """The request gets no further; `code` is one of Connect, and the message one sentence."""

    def __init__(self, status: HTTPStatus, code: str, message: str, **headers: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.headers = tuple((name.replace("_", "-"), value) for name, value in headers.items())


class Guard:
    """An ASGI application that gives good requests to others.

    Args:
        pages: answers GET and HEAD.
        calls: answers POST.
        paths: of the calls.
        max_request_bytes: the longest body of a call.
        loopback: whether only this machine can reach the server.
    """

    def __init__(
        self,
        pages: ASGI3Application,
        calls: ASGI3Application,
        paths: frozenset[str],
        *,
        max_request_bytes: int,
        loopback: bool,
    ) -> None:
        self._pages = pages
        self._calls = calls
        self._paths = paths
        # What gRPC-Web puts around a message is not counted against it.
        self._most = max_request_bytes + 1024
        self._loopback = loopback

    async def __call__(
        self, scope: Scope, receive: ASGIReceiveCallable, send_: ASGISendCallable
    ) -> None:
        """Answers one request."""
        assert scope["type"] == "http"  # neither lifespans nor WebSockets are turned on
        try:
            await self._application(scope)(scope, receive, send_)
        except Refused as refusal:
            _log.info("request refused", extra={"status": refusal.status.value})
            body = json.dumps({"code": refusal.code, "message": str(refusal)}).encode()
            headers = (("content-type", "application/json"), *refusal.headers)
            await send(send_, refusal.status, headers, body)

    def _application(self, scope: HTTPScope) -> ASGI3Application:
        headers = _read(scope["headers"])
        if self._loopback and not _is_here(headers.get("host", "")):
            raise Refused(
                HTTPStatus.MISDIRECTED_REQUEST,
                "permission_denied",
                "this server only answers to localhost; a proxy in front of it must send that as "
                "Host",
            )
        if scope["path"] not in self._paths:
            return self._pages
        if scope["method"] != "POST":
            raise Refused(
                HTTPStatus.METHOD_NOT_ALLOWED,
                "unimplemented",
                "call methods with POST, so that no text is in an address",
                allow="POST",
            )
        _check_origin(headers)
        if headers.get("content-type", "").partition(";")[0].strip().lower() not in _TYPES:
            raise Refused(
                HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
                "invalid_argument",
                "content-type must be application/json, application/proto or one of gRPC-Web",
                accept_post="application/json, application/proto",
            )
        length = headers.get("content-length", "0")
        if len(length) > 12 or int(length) > self._most:  # h11 has seen that it is a number
            raise Refused(
                HTTPStatus.TOO_MANY_REQUESTS,
                "resource_exhausted",
                f"the request has {length[:20]} bytes but may have at most {self._most}; "
                "send the text in parts",
            )
        return self._calls


def _read(headers: Sequence[tuple[bytes, bytes]] | object) -> Headers:
    assert isinstance(headers, list)
    try:
        return {name.decode("ascii"): value.decode("ascii") for name, value in headers}
    except UnicodeDecodeError as error:
        raise Refused(
            HTTPStatus.BAD_REQUEST, "invalid_argument", "a header is not ASCII"
        ) from error


def _is_here(host: str) -> bool:
    """Whether a `Host` names this machine, by a name that no name server is asked for."""
    found = _HOST.fullmatch(host)
    if not found or int(found["port"] or 0) > _LAST_PORT:
        return False
    try:
        if found["address"]:
            return ipaddress.IPv6Address(found["address"]).is_loopback
        return ipaddress.IPv4Address(found["name"]).is_loopback
    except ValueError:
        return bool(found["name"]) and found["name"].lower() == "localhost"


def _check_origin(headers: Headers) -> None:
    site = headers.get("sec-fetch-site")
    origin = headers.get("origin")
    if site is not None:
        own = site in ("same-origin", "none")
    else:
        own = origin is None or origin.partition("://")[2] == headers.get("host")
    if not own:
        raise Refused(
            HTTPStatus.FORBIDDEN,
            "permission_denied",
            "another site's page makes this call; only this server's own page may",
        )


async def send(
    send_: ASGISendCallable,
    status: HTTPStatus,
    headers: Sequence[tuple[str, str]],
    body: bytes,
) -> None:
    """Sends a whole answer.

    The connection stays open, and what still comes of the request is passed over: one that is
    ended before would take the answer with it.
    """
    own = (*headers, ("content-length", str(len(body))))
    await send_(
        {
            "type": "http.response.start",
            "status": status.value,
            "headers": [(name.encode(), value.encode()) for name, value in own],
            "trailers": False,
        }
    )
    await send_({"type": "http.response.body", "body": body, "more_body": False})
