"""How a call ends with an error, and what to do if nobody is there to hear of it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import grpc

from quoth_server.service import calls
from quoth_server.service.context import Context
from quoth_server.service.errors import ServiceError
from quoth_server.service.statuses import trailers

__all__ = ["abort", "sending"]


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
