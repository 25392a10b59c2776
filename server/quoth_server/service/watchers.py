"""Calls that last as long as their caller likes, ended when the server stops.

A balancer that watches the health, or a program that left a call of reflection open, would hold up
a stop for all the time that accepted calls may take.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import grpc

from quoth_server.service import errors
from quoth_server.service.abort import abort
from quoth_server.service.interceptors import Handler

__all__ = ["Watchers"]

_Stream = grpc.aio.ServicerContext[Any, Any]


class Watchers(grpc.aio.ServerInterceptor):
    """Ends the streams of other services than ours once `over` is set."""

    def __init__(self, over: asyncio.Event) -> None:
        self._over = over

    async def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], Awaitable[Handler | None]],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> Handler | None:
        """See `grpc.aio.ServerInterceptor`."""
        handler = await continuation(handler_call_details)
        method: str = handler_call_details.method
        if handler is None or method.startswith("/quoth.v1.") or not handler.response_streaming:
            return handler
        make = (
            grpc.stream_stream_rpc_method_handler
            if handler.request_streaming
            else grpc.unary_stream_rpc_method_handler
        )
        return make(
            self._until_over(handler.stream_stream or handler.unary_stream),
            handler.request_deserializer,
            handler.response_serializer,
        )

    def _until_over(self, behavior: Any) -> Any:
        async def watched(request: Any, context: _Stream) -> None:
            watching = asyncio.ensure_future(_run(behavior, request, context))
            ending = asyncio.create_task(self._over.wait())
            try:
                await asyncio.wait((watching, ending), return_when=asyncio.FIRST_COMPLETED)
                if watching.done():
                    watching.result()
                    return
            finally:
                watching.cancel()
                ending.cancel()
            await asyncio.wait((watching,))
            await abort(context, errors.shutting_down())

        return watched


async def _run(behavior: Any, request: Any, context: _Stream) -> None:
    """Both kinds of behaviors that gRPC knows: those that write, and those that yield."""
    if asyncio.iscoroutinefunction(behavior):
        await behavior(request, context)
        return
    async for response in behavior(request, context):
        await context.write(response)
