"""The bytes of requests that are being answered, and of answers that are not taken yet."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

import grpc
from connectrpc.errors import ConnectError

from quoth_server.http.failures import failure
from quoth_server.service import calls, errors
from quoth_server.service.budget import Budget, Hold
from quoth_server.service.errors import ServiceError
from quoth_server.service.statuses import trailers

if TYPE_CHECKING:
    from uvicorn._types import (
        ASGIReceiveCallable,
        ASGIReceiveEvent,
        ASGISendCallable,
        ASGISendEvent,
    )

__all__ = ["Bodies"]

_PAUSE = 1.0  # seconds after which some of it may be answered
_AROUND = 1024  # bytes that gRPC-Web may put around a message


class Bodies:
    """Counts what each request holds; the message of one may have `most_each` bytes."""

    def __init__(self, budget: Budget, most_each: int) -> None:
        self._budget = budget
        self._most_each = most_each + _AROUND

    @contextmanager
    def counted(
        self, peer: str, receive: ASGIReceiveCallable, send: ASGISendCallable
    ) -> Iterator[tuple[ASGIReceiveCallable, ASGISendCallable]]:
        """What to receive a request of this address with, and to send the answer with.

        The bytes of the request count until those of the answer do, which count until the caller
        has taken them. To receive raises `ConnectError` in place of bytes that are too many; an
        answer that is there is sent, whether there is room or not.
        """
        with ExitStack() as closing:
            hold: Hold | None = None
            own = 0

            async def received() -> ASGIReceiveEvent:
                nonlocal hold, own
                message = await receive()
                if message["type"] == "http.request":
                    size = len(message["body"])
                    own += size
                    if own > self._most_each:
                        raise _error(errors.too_long(self._most_each))
                    caller = calls.origin(peer)  # known by now, if by a token
                    if not self._budget.fits(caller, size):
                        raise _error(_full())
                    hold = hold or closing.enter_context(self._budget.hold(caller))
                    hold.add(size)
                return message

            async def sent(message: ASGISendEvent) -> None:
                nonlocal hold
                if message["type"] != "http.response.body" or not message["body"]:
                    await send(message)
                    return
                hold = hold or closing.enter_context(self._budget.hold(calls.origin(peer)))
                hold.resize(len(message["body"]))
                # What is sent next waits until this has been taken, but for a little.
                await send({**message, "more_body": True})
                if not message["more_body"]:
                    await send({**message, "body": b""})

            yield received, sent


def _full() -> ServiceError:
    return ServiceError(
        grpc.StatusCode.RESOURCE_EXHAUSTED,
        "OVERLOADED",
        f"the server holds too much to read this request; try again in {_PAUSE:g} s",
        retry_after=_PAUSE,
    )


def _error(error: ServiceError) -> ConnectError:
    return failure(error.code, error.message, dict(trailers(error))["grpc-status-details-bin"])
