"""What the service knows of a call and ends it through, whichever door the call came by."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NoReturn, Protocol, TypeAlias

import grpc

__all__ = ["Context", "Metadata"]

Metadata: TypeAlias = Iterable[tuple[str, str | bytes]]


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
