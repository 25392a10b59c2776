"""What `quoth._async` is built on. `quoth._threads` has the same names for `quoth._sync`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Callable, Coroutine, Iterable, Sequence
from typing import Any, Generic, TypeVar

from grpc import aio

from quoth._channel import TLS

__all__ = ["Channel", "Inbox", "Task", "iterate", "sleep"]

T = TypeVar("T")

sleep = asyncio.sleep


class Channel:
    """A gRPC channel, made when it is first used, as gRPC ties it to the running event loop."""

    def __init__(
        self, target: str, tls: TLS | None, arguments: Sequence[tuple[str, str | int]]
    ) -> None:
        self._target = target
        self._credentials = tls.credentials() if tls else None
        self._arguments = arguments
        self._channel: aio.Channel | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closed = False

    def get(self) -> aio.Channel:
        """The channel of the running event loop.

        Raises:
            RuntimeError: No loop is running, the client was used in another loop that is still
                open, or the client was closed.
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
        """Closes the channel for good; running calls are canceled."""
        self._closed = True
        if self._channel and self._loop is asyncio.get_running_loop():
            await self._channel.close()


class Inbox(Generic[T]):
    """An unbounded queue."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[T] = asyncio.Queue()

    def put(self, item: T) -> None:
        """Adds an item; never blocks."""
        self._queue.put_nowait(item)

    async def get(self, timeout: float | None = None) -> T:
        """Waits for the next item.

        Raises:
            TimeoutError: None came within `timeout` seconds.
        """
        async with asyncio.timeout(timeout):
            return await self._queue.get()


class Task:
    """Runs `work` alongside the caller, in the caller's context."""

    def __init__(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self._task = asyncio.create_task(work())

    async def stop(self) -> None:
        """Cancels it and waits until it has ended."""
        self._task.cancel()
        await self.join()

    async def join(self) -> None:
        """Waits for its end, which the caller has brought about."""
        await asyncio.gather(self._task, return_exceptions=True)


async def iterate(items: Iterable[T] | AsyncIterable[T]) -> AsyncIterator[T]:
    """Yields the items of either kind of iterable."""
    if isinstance(items, AsyncIterable):
        async for item in items:
            yield item
    else:
        for item in items:
            yield item
