"""What happens around every call: a request id, a log line, counts, a barrier, a look at its token.

Only the last sees calls of reflection, and none those of health, which balancers make every few
seconds.
"""

from __future__ import annotations

import abc
import asyncio
import logging
import re
import secrets
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, NoReturn, TypeAlias

import grpc

from quoth_server.service import calls, errors, logs
from quoth_server.service.context import Context, Metadata, abort, deadline_of
from quoth_server.service.errors import ServiceError
from quoth_server.service.metrics import Metrics
from quoth_server.service.tokens import Tokens

__all__ = [
    "REQUEST_ID",
    "Around",
    "Authentication",
    "Barrier",
    "Behavior",
    "Handler",
    "Handling",
    "Interceptor",
    "Logging",
    "Outcome",
    "RequestId",
    "chained",
]

REQUEST_ID = "x-request-id"
_EARLY = 0.005  # seconds that gRPC may be before the deadline as it is reckoned here

_log = logging.getLogger("quoth_server")
_REQUEST_ID = re.compile(r"[A-Za-z0-9._:/+=@-]{1,128}")

Behavior = Callable[[Any, Context], Awaitable[Any]]
Handler: TypeAlias = "grpc.RpcMethodHandler[Any, Any]"  # not generic at run time


class Handling(grpc.aio.ServerInterceptor, abc.ABC):
    """An interceptor of gRPC that puts another handler in the place of some."""

    async def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], Awaitable[Handler | None]],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> Handler | None:
        """See `grpc.aio.ServerInterceptor`."""
        handler = await continuation(handler_call_details)
        if handler is None or not self._concerns(handler_call_details.method):
            return handler
        return self._handler(handler, handler_call_details)

    def _concerns(self, method: str) -> bool:
        """Whether it is about calls of a method, named as `/quoth.v1.ArchiveService/GetPerson`."""
        return method.startswith("/quoth.v1.")

    @abc.abstractmethod
    def _handler(self, handler: Handler, call: grpc.HandlerCallDetails) -> Handler:
        """What handles a call in the place of a handler."""


class Interceptor(Handling):
    """An interceptor that is also of use where calls come by another door than gRPC's."""

    @abc.abstractmethod
    def wrap(self, method: str, behavior: Behavior) -> Behavior:
        """The behavior of a method of the service with what this one does around it."""

    def admits(self, metadata: Metadata | None) -> bool:
        """Whether it lets a call in, as far as that is known before the message is read."""
        return True


def chained(interceptors: Sequence[Interceptor], method: str, behavior: Behavior) -> Behavior:
    """The behavior of a method with all of them around it, the first one outermost."""
    for interceptor in reversed(interceptors):
        behavior = interceptor.wrap(method, behavior)
    return behavior


class Around(Interceptor):
    """Puts `_around` in place of the behavior of each method of the service."""

    def _handler(self, handler: Handler, call: grpc.HandlerCallDetails) -> Handler:
        # All calls are handled as streams, see `Intake`; the handler is a coroutine.
        inner: Any = handler.stream_stream
        return grpc.stream_stream_rpc_method_handler(
            self.wrap(call.method.rpartition("/")[2], inner),
            handler.request_deserializer,
            handler.response_serializer,
        )

    def wrap(self, method: str, behavior: Behavior) -> Behavior:
        """See `Interceptor`."""

        async def wrapped(request: Any, context: Context) -> Any:
            return await self._around(method, behavior, request, context)

        return wrapped

    @abc.abstractmethod
    async def _around(self, method: str, behavior: Behavior, request: Any, context: Context) -> Any:
        """Does its part and awaits `behavior(request, context)`."""


class Outcome:
    """Entered around the behavior of a call, it knows afterwards the status that the call has."""

    def __init__(self, context: Context) -> None:
        self.code = grpc.StatusCode.INTERNAL
        self._context = context
        self._deadline = deadline_of(context)  # by a clock that does not jump

    def __enter__(self) -> None:
        return

    def __exit__(self, _: object, error: BaseException | None, *__: object) -> None:
        match error:
            case None:
                self.code = grpc.StatusCode.OK
            case grpc.aio.AbortError():
                self.code = _code(self._context.code())
            case asyncio.CancelledError():
                late = time.monotonic() >= self._deadline - _EARLY
                self.code = grpc.StatusCode.DEADLINE_EXCEEDED if late else grpc.StatusCode.CANCELLED


class RequestId(Around):
    """Names the call: by the caller's `x-request-id` where it has a sane one, and sends it back."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    async def _around(self, method: str, behavior: Behavior, request: Any, context: Context) -> Any:
        given = dict(context.invocation_metadata() or ()).get(REQUEST_ID, "")
        request_id = str(given) if _REQUEST_ID.fullmatch(str(given)) else secrets.token_hex(8)
        calls.begin(request_id, self._metrics, context.peer())
        # At the end and not at the start: a client that has received a start tries nothing again.
        context.set_trailing_metadata(((REQUEST_ID, request_id),))
        return await behavior(request, context)


class Logging(Around):
    """Writes one line a call, and one more at its beginning for those who debug; counts both."""

    async def _around(self, method: str, behavior: Behavior, request: Any, context: Context) -> Any:
        start = time.monotonic()
        outcome = Outcome(context)
        call = calls.current()
        _log.debug("call begins", extra={"method": method, "request_id": call.request_id})
        call.metrics.call_begun(method)
        try:
            with outcome:
                return await behavior(request, context)
        finally:
            fields = call.fields()
            seconds = time.monotonic() - start
            fields["ms"] = round(1000 * seconds, 1)
            call.metrics.call_ended(method, outcome.code.name, seconds)
            _log.info("call", extra={"method": method, "code": outcome.code.name, **fields})


class Barrier(Around):
    """Ends a call with the error that it met.

    A fault of the server becomes INTERNAL, and is logged by where it is but not by what it says.
    """

    async def _around(self, method: str, behavior: Behavior, request: Any, context: Context) -> Any:
        try:
            return await behavior(request, context)
        except ServiceError as error:
            await abort(context, error)
        except grpc.aio.AbortError:
            raise
        except Exception as error:  # noqa: BLE001 - this is the barrier
            _log.error(
                "fault", extra={"request_id": calls.current().request_id, "at": logs.places(error)}
            )
            await abort(context, errors.internal())


class Authentication(Interceptor):
    """Refuses calls without a known token; health checks need none, as probes have none."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens

    def _concerns(self, method: str) -> bool:
        return not method.startswith("/grpc.health.v1.Health/")

    def _handler(self, handler: Handler, call: grpc.HandlerCallDetails) -> Handler:
        if self.admits(call.invocation_metadata):
            return handler
        # Whatever it is, as a stream: nothing of what is sent is received then.
        return grpc.stream_stream_rpc_method_handler(_refuse)

    def wrap(self, method: str, behavior: Behavior) -> Behavior:
        """See `Interceptor`."""

        async def wrapped(request: Any, context: Context) -> Any:
            admitted = self.admits(context.invocation_metadata())
            return await (behavior if admitted else _refuse)(request, context)

        return wrapped

    def admits(self, metadata: Metadata | None) -> bool:
        """Whether the caller shows a known token; notes whose it is."""
        caller = self._tokens.name_of(str(dict(metadata or ()).get("authorization", "")))
        if caller is None:
            return False
        calls.identify(caller)
        return True


async def _refuse(_: Any, context: Context) -> NoReturn:
    await abort(context, errors.unauthenticated())


def _code(code: grpc.StatusCode | int) -> grpc.StatusCode:
    """What a context has is a number or a member, depending on how it was set."""
    if isinstance(code, grpc.StatusCode):
        return code
    return next(
        (each for each in grpc.StatusCode if each.value[0] == code), grpc.StatusCode.UNKNOWN
    )
