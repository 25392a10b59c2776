"""What happens around every call of the service: a request id, a log line, a barrier for faults.

They leave health and reflection alone, which balancers call every few seconds.
"""

from __future__ import annotations

import abc
import asyncio
import logging
import re
import secrets
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

import grpc

from quoth_server.service import calls, errors, logs
from quoth_server.service.abort import abort

__all__ = ["REQUEST_ID", "Barrier", "Logging", "RequestId"]

REQUEST_ID = "x-request-id"

_log = logging.getLogger("quoth_server")
_REQUEST_ID = re.compile(r"[A-Za-z0-9._:/+=@-]{1,128}")

Context = grpc.aio.ServicerContext[Any, Any]
Behavior = Callable[[Any, Context], Awaitable[Any]]
Handler: TypeAlias = "grpc.RpcMethodHandler[Any, Any]"  # not generic at run time


class _Around(grpc.aio.ServerInterceptor, abc.ABC):
    """Puts `_around` in the place of the behavior of each method of the service."""

    async def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], Awaitable[Handler | None]],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> Handler | None:
        handler = await continuation(handler_call_details)
        method: str = handler_call_details.method
        if handler is None or not method.startswith("/quoth.v1."):
            return handler
        # The contract has methods of these two kinds; the stream's handler is a coroutine too.
        inner: Any
        if handler.request_streaming:
            make, inner = grpc.stream_stream_rpc_method_handler, handler.stream_stream
        else:
            make, inner = grpc.unary_unary_rpc_method_handler, handler.unary_unary

        async def behavior(request: Any, context: Context) -> Any:
            return await self._around(method.rpartition("/")[2], inner, request, context)

        return make(behavior, handler.request_deserializer, handler.response_serializer)

    @abc.abstractmethod
    async def _around(self, method: str, behavior: Behavior, request: Any, context: Context) -> Any:
        """Does its part and awaits `behavior(request, context)`."""


class RequestId(_Around):
    """Names the call: by the caller's `x-request-id` where it has a sane one, and sends it back."""

    async def _around(self, method: str, behavior: Behavior, request: Any, context: Context) -> Any:
        given = dict(context.invocation_metadata() or ()).get(REQUEST_ID, "")
        request_id = str(given) if _REQUEST_ID.fullmatch(str(given)) else secrets.token_hex(8)
        calls.begin(request_id)
        # At the end and not at the start: a client that has received a start tries nothing again.
        context.set_trailing_metadata(((REQUEST_ID, request_id),))
        return await behavior(request, context)


class Logging(_Around):
    """Writes one line a call, and one more at its beginning for those who debug."""

    async def _around(self, method: str, behavior: Behavior, request: Any, context: Context) -> Any:
        start = time.monotonic()
        code = grpc.StatusCode.INTERNAL
        request_id = calls.current().request_id
        _log.debug("call begins", extra={"method": method, "request_id": request_id})
        try:
            response = await behavior(request, context)
            code = grpc.StatusCode.OK
            return response
        except grpc.aio.AbortError:
            code = context.code()
            raise
        except asyncio.CancelledError:
            late = context.time_remaining() == 0
            code = grpc.StatusCode.DEADLINE_EXCEEDED if late else grpc.StatusCode.CANCELLED
            raise
        finally:
            fields = calls.current().fields()
            fields["ms"] = round(1000 * (time.monotonic() - start), 1)
            _log.info("call", extra={"method": method, "code": _name(code), **fields})


class Barrier(_Around):
    """Turns a fault of the server into INTERNAL, and logs where it is but not what it says."""

    async def _around(self, method: str, behavior: Behavior, request: Any, context: Context) -> Any:
        try:
            return await behavior(request, context)
        except grpc.aio.AbortError:
            raise
        except Exception as error:  # noqa: BLE001 - this is the barrier
            _log.error(
                "fault", extra={"request_id": calls.current().request_id, "at": logs.places(error)}
            )
            await abort(context, errors.internal())


def _name(code: grpc.StatusCode | int) -> str:
    if isinstance(code, grpc.StatusCode):
        return code.name
    return next((each.name for each in grpc.StatusCode if each.value[0] == code), str(code))
