"""Requests are read only once there is room for them, and answers are held until they are taken.

gRPC reads the request of a unary call before any of our code sees the call, so that those who may
not call, and those for whom there is no room, would make the server hold what they send. The
messages of a stream come as they are asked for; on the wire a unary call is a stream of one message
each way. So each is handled as one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import grpc
from google.protobuf.message import DecodeError

from quoth_server.service import calls, errors
from quoth_server.service.admission import Admission
from quoth_server.service.budget import Budget, Hold
from quoth_server.service.context import Context, sending
from quoth_server.service.errors import ServiceError
from quoth_server.service.gate import Gate
from quoth_server.service.interceptors import Behavior, Handler, Interceptor

if TYPE_CHECKING:
    from quoth_server.http.codecs import Unread

__all__ = ["UNREAD", "Intake"]

UNREAD = 64 * 1024
"""Bytes that gRPC takes of a request before it is read."""

_MOST_CALLS = 1_500  # at once; with what is unread of each they hold as much as the budget

_FOR_ROOM = 1.0  # seconds that a call waits to be read
_TO_ARRIVE = 30.0  # seconds that a request may take to arrive, once it is read


class Intake(Interceptor):
    """Lets calls in, and holds the request and the answer of a unary one within the budget.

    What a stream reads comes as pairs, of the size in bytes and the message; in place of one that
    cannot be read, which gRPC would call UNKNOWN, comes the error of the caller.

    A request counts as `max_request_bytes` until it has been read; when it is worth while to come
    back, `admission` knows.
    """

    def __init__(
        self, gate: Gate, budget: Budget, admission: Admission, max_request_bytes: int
    ) -> None:
        self._gate = gate
        self._open = Budget(_MOST_CALLS)  # of calls, one caller of which has not all either
        self._budget = budget
        self._admission = admission
        self._max_request_bytes = max_request_bytes

    def _handler(self, handler: Handler, call: grpc.HandlerCallDetails) -> Handler:
        assert handler.request_deserializer is not None  # stubs of Protobuf have both
        assert handler.response_serializer is not None
        behavior: Any = handler.stream_stream or handler.unary_stream or handler.unary_unary
        serialize = handler.response_serializer
        if not handler.request_streaming:  # else it keeps to the budget itself, see `Reader`
            behavior = self._reading(behavior, None if handler.response_streaming else serialize)
        return grpc.stream_stream_rpc_method_handler(
            self._let_in(behavior),
            _sized(handler.request_deserializer),
            serialize if handler.response_streaming else None,
        )

    def wrap(self, method: str, behavior: Behavior) -> Behavior:
        """See `Interceptor`; the request is an `Unread`."""

        async def wrapped(unread: Unread, context: Context) -> Any:
            with await self._room(unread.growth) as hold:
                request = await unread.read()
                hold.resize(min(request.ByteSize(), unread.growth))
                return await behavior(request, context)

        return self._let_in(wrapped)

    def _let_in(self, behavior: Behavior) -> Behavior:
        async def visiting(request: Any, context: Context) -> Any:
            origin = calls.current().origin
            async with self._gate.visit():
                if not self._open.fits(origin, 1):
                    raise self._admission.overloaded()
                with self._open.hold(origin, 1):
                    return await behavior(request, context)

        return visiting

    async def _room(self, size: int) -> Hold:
        try:
            async with asyncio.timeout(_FOR_ROOM):
                return await self._budget.room(calls.current().origin, size)
        except TimeoutError:
            raise self._admission.overloaded() from None

    def _reading(self, behavior: Behavior, serialize: Callable[[Any], bytes] | None) -> Behavior:
        """Gives a behavior its only request; sends what it returns, where that is to be written."""

        async def read_and_answer(_: object, context: Any) -> None:
            with await self._room(self._max_request_bytes) as hold:
                # No names for the messages, which would keep them until the answer is taken.
                answer = await behavior(await _request(context, hold), context)
                if serialize:
                    answer = serialize(answer)
                    hold.resize(len(answer))
                    with sending():
                        await context.write(answer)

        return read_and_answer


async def _request(context: Any, hold: Hold) -> Any:
    """The only request of a call, which counts as its size from then on."""
    try:
        async with asyncio.timeout(_TO_ARRIVE):
            received: Any = await context.read()
    except TimeoutError:
        raise errors.not_arrived(_TO_ARRIVE) from None
    if received is grpc.aio.EOF:
        raise errors.malformed("message")
    size, request = received
    if isinstance(request, ServiceError):
        raise request
    hold.resize(size)
    return request


def _sized(decode: Callable[[bytes], Any]) -> Callable[[bytes], tuple[int, Any]]:
    def sized(payload: bytes) -> tuple[int, Any]:
        try:
            return len(payload), decode(payload)
        except DecodeError:
            name = decode.__self__.DESCRIPTOR.full_name  # type: ignore[attr-defined]
            return len(payload), errors.malformed(name)

    return sized
