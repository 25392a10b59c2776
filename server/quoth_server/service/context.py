"""What the service knows of a call and ends it through, whichever door the call came by."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn, Protocol, TypeAlias

import grpc

from quoth_server.service import calls
from quoth_server.service.errors import ServiceError
from quoth_server.service.statuses import trailers

__all__ = ["Context", "Metadata", "Stream", "abort", "deadline_of", "sending"]

Metadata: TypeAlias = Iterable[tuple[str, str | bytes]]
Stream: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"
"""The context of a stream, which only gRPC's door has."""


class Context(Protocol):
    """The part of `grpc.aio.ServicerContext` that the service uses, with its meaning.

    gRPC's own contexts are such, and so are those of HTTP.
    """

    def invocation_metadata(self) -> Metadata | None:
        """What the caller sent along, by lower-case names."""
        ...

    def peer(self) -> str:
        """The address of the caller with its port, as gRPC writes it or plain."""
        ...

    def time_remaining(self) -> float | None:
        """Seconds until the caller's deadline; None if it set none."""
        ...

    def set_trailing_metadata(self, trailing_metadata: tuple[tuple[str, str], ...], /) -> None:
        """Sets what is sent at the end of the call."""
        ...

    def trailing_metadata(self) -> Metadata | None:
        """What was set to be sent at the end of the call."""
        ...

    def code(self) -> grpc.StatusCode | int:
        """The status that the call was ended with."""
        ...

    async def abort(
        self,
        code: grpc.StatusCode,
        details: str = "",
        trailing_metadata: tuple[tuple[str, str | bytes], ...] = (),
    ) -> NoReturn:
        """Ends the call with an error.

        Raises:
            grpc.aio.AbortError: always, to end the task too.
        """
        ...


def deadline_of(context: Context) -> float:
    """When the caller gives up, by the clock that never jumps."""
    remaining = context.time_remaining()
    return math.inf if remaining is None else time.monotonic() + remaining


async def abort(context: Context, error: ServiceError) -> NoReturn:
    """Ends the call with the error's status and details, keeping the trailers it has."""
    calls.refused(error.reason)
    metadata = (*(context.trailing_metadata() or ()), *trailers(error))
    with sending():
        await context.abort(error.code, error.message, trailing_metadata=metadata)
    raise AssertionError("context.abort does not return")


@contextmanager
def sending() -> Iterator[None]:
    """What cannot be sent because the call is over ends this task as its cancellation would.

    gRPC cancels the task of such a call, but a moment later.
    """
    try:
        yield
    except grpc.aio.InternalError as error:
        raise asyncio.CancelledError from error
