"""How a call ends with an error."""

from __future__ import annotations

from typing import Any, NoReturn

import grpc

from quoth_server.service.errors import ServiceError, trailers

__all__ = ["abort"]


async def abort(context: grpc.aio.ServicerContext[Any, Any], error: ServiceError) -> NoReturn:
    """Ends the call with the error's status and details, keeping the trailers it has."""
    metadata = (*(context.trailing_metadata() or ()), *trailers(error))
    await context.abort(error.code, error.message, trailing_metadata=metadata)
    raise AssertionError("context.abort does not return")
