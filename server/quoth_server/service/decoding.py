"""Requests whose bytes cannot be read: the caller's mistake, which gRPC would call UNKNOWN."""

from __future__ import annotations

import abc
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import grpc
from google.protobuf.message import DecodeError

from quoth_server.service import errors
from quoth_server.service.abort import abort
from quoth_server.service.context import Context
from quoth_server.service.errors import ServiceError, Violation
from quoth_server.service.interceptors import Around, Behavior, Handler, with_behavior

__all__ = ["Decoding", "Malformed", "Unread"]


@dataclass(frozen=True, slots=True)
class Malformed:
    """Stands in place of a message that could not be read.

    `message` is what it should be, and `field` the path of the field that is to blame, if that is
    known; `why` says what is wrong with the bytes as a whole. Where more is known of what is wrong,
    `violations` says it.
    """

    message: str
    field: str = ""
    why: str = ""
    violations: tuple[Violation, ...] = ()

    def error(self) -> ServiceError:
        """The message for the caller."""
        if self.violations:
            return errors.invalid(self.violations)
        return errors.malformed(self.message, self.field, self.why)


class Unread(abc.ABC):
    """Stands in place of a message that has come, until the call has been let in.

    Its bytes are held for the caller already, see `Intake`.
    """

    @property
    @abc.abstractmethod
    def growth(self) -> int:
        """The most bytes that reading it may add to those that have come."""

    @abc.abstractmethod
    async def read(self) -> Any:
        """The message, or a `Malformed`.

        Raises:
            ServiceError: if it is not taken for another reason.
        """


class Decoding(Around):
    """Refuses a call whose request cannot be read; a stream finds a `Malformed` among its items.

    It is the innermost, so that such calls are named, logged and counted as all others are.
    """

    async def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], Awaitable[Handler | None]],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> Handler | None:
        """See `grpc.aio.ServerInterceptor`."""
        handler = await super().intercept_service(continuation, handler_call_details)
        if handler is None or not handler_call_details.method.startswith("/quoth.v1."):
            return handler
        assert handler.request_deserializer is not None  # stubs of Protobuf have one
        inner: Any = handler.stream_stream or handler.unary_stream or handler.unary_unary
        return with_behavior(inner, handler, deserializer=_lenient(handler.request_deserializer))

    async def _around(self, method: str, behavior: Behavior, request: Any, context: Context) -> Any:
        if isinstance(request, Malformed):
            await abort(context, request.error())
        return await behavior(request, context)


def _lenient(decode: Callable[[bytes], Any]) -> Callable[[bytes], Any]:
    def decoded(payload: bytes) -> Any:
        try:
            return decode(payload)
        except DecodeError:
            return Malformed(decode.__self__.DESCRIPTOR.full_name)  # type: ignore[attr-defined]

    return decoded
