"""A call that came by HTTP, as the service sees it."""

from __future__ import annotations

import math
from typing import Any, NoReturn

import grpc
from connectrpc.errors import ConnectError
from connectrpc.request import RequestContext

from quoth_server.http.failures import failure
from quoth_server.service.context import Metadata
from quoth_server.service.interceptors import REQUEST_ID

__all__ = ["HttpContext"]

_PUSHBACK = "grpc-retry-pushback-ms"


class HttpContext:
    """Is what the service asks of a `Context`, and keeps how the call ended."""

    def __init__(self, request: RequestContext[Any, Any]) -> None:
        self._request = request
        self._trailers: tuple[tuple[str, str | bytes], ...] = ()
        self._code = grpc.StatusCode.OK
        self._message = ""

    def invocation_metadata(self) -> Metadata | None:
        """See `Context`."""
        return tuple(self._request.request_headers.allitems())

    def peer(self) -> str:
        """See `Context`."""
        return self._request.client_address or ""

    def time_remaining(self) -> float | None:
        """See `Context`."""
        milliseconds = self._request.timeout_ms
        return None if milliseconds is None else milliseconds / 1000

    def set_trailing_metadata(self, trailing_metadata: tuple[tuple[str, str], ...], /) -> None:
        """See `Context`."""
        self._trailers = trailing_metadata

    def trailing_metadata(self) -> Metadata | None:
        """See `Context`."""
        return self._trailers

    def code(self) -> grpc.StatusCode:
        """See `Context`."""
        return self._code

    async def abort(
        self,
        code: grpc.StatusCode,
        details: str = "",
        trailing_metadata: tuple[tuple[str, str | bytes], ...] = (),
    ) -> NoReturn:
        """See `Context`."""
        self._code = code
        self._message = details
        self._trailers = trailing_metadata
        raise grpc.aio.AbortError

    def error(self) -> ConnectError:
        """What the call was aborted with."""
        status = dict(self._trailers).get("grpc-status-details-bin", b"")
        return failure(self._code, self._message, status)

    def send_headers(self) -> None:
        """Adds what the caller gets besides the answer to its headers."""
        told = dict(self._trailers)
        headers = self._request.response_headers
        if REQUEST_ID in told:
            headers[REQUEST_ID] = str(told[REQUEST_ID])
        milliseconds = int(told.get(_PUSHBACK, -1))
        if milliseconds >= 0:
            headers["retry-after"] = str(math.ceil(milliseconds / 1000))
