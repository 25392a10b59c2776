"""The bytes of the requests that are being answered: so many and no more."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import grpc
from connectrpc.errors import ConnectError

from quoth_server.http.failures import failure
from quoth_server.service.errors import ServiceError, trailers

if TYPE_CHECKING:
    from uvicorn._types import ASGIReceiveCallable, ASGIReceiveEvent

__all__ = ["Bodies"]

_PAUSE = 1.0  # seconds after which some of it may be answered
_AROUND = 1024  # bytes that gRPC-Web may put around a message


class Bodies:
    """Counts what all requests together hold.

    Args:
        most: bytes of all of them.
        most_each: bytes of the message of one.
    """

    def __init__(self, most: int, most_each: int) -> None:
        self.held = 0
        self._most = most
        self._most_each = most_each + _AROUND

    @contextmanager
    def counted(self, receive: ASGIReceiveCallable) -> Iterator[ASGIReceiveCallable]:
        """What to receive a request with; its bytes count until the end.

        That raises `ConnectError` in the place of bytes that are too many.
        """
        own = 0

        async def received() -> ASGIReceiveEvent:
            nonlocal own
            message = await receive()
            if message["type"] == "http.request":
                size = len(message["body"])
                own += size
                self.held += size
                if own > self._most_each:
                    raise _error(_too_long(self._most_each))
                if self.held > self._most:
                    raise _error(_full(self._most))
            return message

        try:
            yield received
        finally:
            self.held -= own


def _too_long(most: int) -> ServiceError:
    return ServiceError(
        grpc.StatusCode.RESOURCE_EXHAUSTED,
        "BODY_TOO_LONG",
        f"the request has more than {most} bytes; send the text in parts",
        metadata={"maxRequestBytes": str(most)},
    )


def _full(most: int) -> ServiceError:
    return ServiceError(
        grpc.StatusCode.RESOURCE_EXHAUSTED,
        "OVERLOADED",
        f"the server is full: the requests that it answers have {most} bytes together; "
        f"try again in {_PAUSE:g} s",
        metadata={"maxHeldBytes": str(most)},
        retry_after=_PAUSE,
    )


def _error(error: ServiceError) -> ConnectError:
    return failure(error.code, error.message, dict(trailers(error))["grpc-status-details-bin"])
