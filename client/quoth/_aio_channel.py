"""A channel of asyncio, made in the event loop that uses it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from grpc import aio

from quoth._channel import TLS

__all__ = ["LoopChannel"]


class LoopChannel:
    """Connects when it is first used; gRPC ties a channel to the loop that runs when it is made.

    Args:
        target: The address.
        tls: How to connect by TLS; None connects in plain text.
        arguments: Those of the channel.
    """

    def __init__(
        self, target: str, tls: TLS | None, arguments: Sequence[tuple[str, str | int]]
    ) -> None:
        self._target = target
        self._credentials = tls.credentials() if tls else None
        self._arguments = arguments
        self._channel: aio.Channel | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closed = False

    def here(self) -> aio.Channel:
        """The channel of the running loop.

        Raises:
            RuntimeError: No loop runs, it was used in another one that is still open, or it was
                closed.
        """
        loop = asyncio.get_running_loop()
        if self._closed:
            raise RuntimeError("this AsyncClient is closed; make another one")
        if self._channel is None or self._loop is not loop:
            if self._loop and not self._loop.is_closed():
                raise RuntimeError(
                    "this AsyncClient is used in another event loop; make one for each loop"
                )
            self._channel = (
                aio.secure_channel(self._target, self._credentials, options=self._arguments)
                if self._credentials
                else aio.insecure_channel(self._target, options=self._arguments)
            )
            self._loop = loop
        return self._channel

    async def close(self) -> None:
        """Closes the connection, if there is one; it is not made again."""
        self._closed = True
        if self._channel and self._loop is asyncio.get_running_loop():
            await self._channel.close()
