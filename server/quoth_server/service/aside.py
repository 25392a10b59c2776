"""The services beside ours, health and reflection: they hold little, and end with the server.

Health has no tokens and must answer when all else is full, so its requests have a small budget of
their own. A balancer that watches the health, or a program that left a call of reflection open,
would hold up a stop for all the time that accepted calls may take: such calls are ended with the
last of ours.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import grpc

from quoth_server.service import calls, errors
from quoth_server.service.budget import Budget
from quoth_server.service.context import Stream, abort
from quoth_server.service.gate import Gate, before
from quoth_server.service.interceptors import Handler, Handling

__all__ = ["Aside"]

_REQUESTS = 8  # of health, that are read at once
_TO_ARRIVE = 5.0  # seconds that such a request may take
_FOR_ROOM = 1.0  # seconds that a call of reflection waits for room
_MOST_STREAMS = 1_000  # watches and calls of reflection
_RETRY_AFTER = 1.0

_Streaming = Callable[[Any, Stream], Awaitable[None]]


class Aside(Handling):
    """Handles the calls of other services than ours, until the last of ours has ended at a stop."""

    def __init__(self, gate: Gate, budget: Budget, max_request_bytes: int) -> None:
        self._over = gate.deserted
        self._budget = budget
        self._own = Budget(_REQUESTS * max_request_bytes)
        self._max_request_bytes = max_request_bytes
        self._streams = 0

    def _concerns(self, method: str) -> bool:
        return not method.startswith("/quoth.v1.")

    def _handler(self, handler: Handler, call: grpc.HandlerCallDetails) -> Handler:
        behavior: Any = handler.unary_unary or handler.unary_stream or handler.stream_stream
        if handler.request_streaming:
            behavior = self._with_room(self._until_over(behavior))
        elif handler.response_streaming:
            behavior = self._reading(self._until_over(behavior))
        else:
            behavior = self._reading(_answering(behavior))
        # All as streams: their messages are received when they are read, and not before.
        return grpc.stream_stream_rpc_method_handler(
            behavior, handler.request_deserializer, handler.response_serializer
        )

    def _reading(self, behavior: _Streaming) -> _Streaming:
        """Gives the only request to a behavior that wants one."""

        async def read(_: object, context: Stream) -> None:
            try:
                async with asyncio.timeout(_TO_ARRIVE):
                    with await self._own.room(calls.host(context.peer()), self._max_request_bytes):
                        request: Any = await context.read()
            except TimeoutError:
                await abort(context, errors.not_arrived(_TO_ARRIVE))
            if request is grpc.aio.EOF:
                await abort(context, errors.malformed("message"))
            await behavior(request, context)

        return read

    def _with_room(self, behavior: _Streaming) -> _Streaming:
        """Runs a behavior that reads a stream while there is room for its largest message."""

        async def held(requests: Any, context: Stream) -> None:
            try:
                async with asyncio.timeout(_FOR_ROOM):
                    hold = await self._budget.room(
                        calls.host(context.peer()), self._max_request_bytes
                    )
            except TimeoutError:
                await abort(context, errors.crowded(_RETRY_AFTER))
            with hold:
                await behavior(requests, context)

        return held

    def _until_over(self, behavior: Any) -> _Streaming:
        """Runs a behavior, at most until the last of our calls has ended at a stop."""

        async def watched(request: Any, context: Stream) -> None:
            if self._streams >= _MOST_STREAMS:
                await abort(context, errors.overloaded(_MOST_STREAMS, _RETRY_AFTER))
            self._streams += 1
            try:
                done = await before(self._over, _run(behavior, request, context))
            finally:
                self._streams -= 1
            if not done:
                await abort(context, errors.shutting_down())

        return watched


def _answering(behavior: Any) -> _Streaming:
    async def answer(request: Any, context: Stream) -> None:
        await context.write(await behavior(request, context))

    return answer


async def _run(behavior: Any, request: Any, context: Stream) -> None:
    """Both kinds of behaviors that gRPC knows: those that write, and those that yield."""
    if asyncio.iscoroutinefunction(behavior):
        await behavior(request, context)
        return
    async for response in behavior(request, context):
        await context.write(response)
