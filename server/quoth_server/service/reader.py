"""The items of a stream, each read when there is room for it, and the ids that they had."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Coroutine
from typing import Any

import grpc

from quoth import v1
from quoth_server.service.budget import Budget, Hold
from quoth_server.service.errors import ServiceError
from quoth_server.service.validation import is_item_id

__all__ = ["Reader", "SeenIds"]

_IDLE = 10.0  # seconds without an item, after which a stream is ended if others wait to be read
_NO_ROOM = 60.0  # seconds without room, after which it is ended
_LOOK = 1.0  # seconds between looks whether others wait
_LATEST_IDS = 10_000
_BYTES_PER_ID = 192  # a string of 64 characters, and its places in a set and a line


class _End(Exception):
    """The stream is not read on."""


class Reader:
    """Reads a stream up to its end or the server's.

    After `items` it is known why no more are read, where that is not the end of the stream.

    Each item comes with its size, see `Intake`. It is counted for `origin` in the budget, as
    `max_request_bytes` until it is here. Before each, `unsent` is acquired, for somebody else to
    release.
    """

    def __init__(
        self,
        context: grpc.aio.ServicerContext[Any, Any],
        budget: Budget,
        origin: str,
        max_request_bytes: int,
        closing: asyncio.Event,
        unsent: asyncio.Semaphore,
    ) -> None:
        self._context = context
        self._budget = budget
        self._origin = origin
        self._max_request_bytes = max_request_bytes
        self._closing = closing
        self._unsent = unsent
        self._holds: set[Hold] = set()
        self.malformed: ServiceError | None = None
        """What is wrong with what came instead of an item, if something did."""
        self.crowded_out = False
        """Whether it was ended for others, or because there was no room."""

    async def items(self) -> AsyncGenerator[tuple[v1.BulkAttributeQuotesRequest, Hold], None]:
        """The items, each with what is held for it; `release` that once it is answered."""
        stopping = asyncio.create_task(self._closing.wait())
        try:
            while True:
                await self._unsent.acquire()
                yield await self._next(stopping)  # and no name for it, which would keep it here
        except _End:
            return
        finally:
            stopping.cancel()

    def release(self, hold: Hold) -> None:
        """Holds nothing for an item any more."""
        hold.release()
        self._holds.discard(hold)

    def close(self) -> None:
        """Holds nothing any more, whatever became of the items."""
        for hold in self._holds:
            hold.release()
        self._holds.clear()

    async def _next(self, stopping: asyncio.Task[bool]) -> tuple[Any, Hold]:
        hold = await self._room(stopping)
        self._holds.add(hold)
        try:
            size, item = await self._item(stopping)
        except _End:
            self.release(hold)
            raise
        hold.resize(size)
        return item, hold

    async def _room(self, stopping: asyncio.Task[bool]) -> Hold:
        if self._budget.fits(self._origin, self._max_request_bytes):  # nearly always
            return await self._budget.room(self._origin, self._max_request_bytes)
        waiting = asyncio.create_task(self._budget.room(self._origin, self._max_request_bytes))
        got = False
        try:
            await asyncio.wait(
                (waiting, stopping), timeout=_NO_ROOM, return_when=asyncio.FIRST_COMPLETED
            )
            if stopping.done():
                raise _End
            if not waiting.done():
                self.crowded_out = True
                raise _End
            got = True
            return waiting.result()
        finally:
            if waiting.done() and not got:
                waiting.result().release()
            waiting.cancel()

    async def _item(self, stopping: asyncio.Task[bool]) -> tuple[int, Any]:
        read: Coroutine[Any, Any, Any] = self._context.read()
        reading = asyncio.ensure_future(read)
        patience = _IDLE
        try:
            while not reading.done():
                await asyncio.wait(
                    (reading, stopping), timeout=patience, return_when=asyncio.FIRST_COMPLETED
                )
                if stopping.done():
                    raise _End
                if not reading.done() and self._budget.is_wanted(self._origin):
                    self.crowded_out = True
                    raise _End
                patience = _LOOK
            if reading.result() is grpc.aio.EOF:
                raise _End
            size, item = reading.result()
            if isinstance(item, ServiceError):
                self.malformed = item
                raise _End
            return size, item
        finally:
            reading.cancel()


class SeenIds:
    """The latest good ids of a stream, among which another item's must not be."""

    def __init__(self, hold: Hold) -> None:
        self._hold = hold
        self._ids: set[str] = set()
        self._order: deque[str] = deque()

    def __contains__(self, item_id: object) -> bool:
        return item_id in self._ids

    def add(self, item_id: str) -> None:
        """Remembers the id, if it is a good one."""
        if item_id in self._ids or not is_item_id(item_id):
            return
        self._ids.add(item_id)
        self._order.append(item_id)
        if len(self._order) > _LATEST_IDS:
            self._ids.discard(self._order.popleft())
        else:
            self._hold.add(_BYTES_PER_ID)
