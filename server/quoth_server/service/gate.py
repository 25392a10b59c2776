"""The way into the server, closed at shutdown without losing calls on their way in.

When a gRPC server stops, it ends the calls that have come and that Python has not seen yet with a
bare CANCELLED, which says nothing and which no client tries again (measured: half of the clients
of a busy server got one). So calls that come at the end are held for a moment, until no more come:
then Python has seen them all, and each can learn why it gets no answer.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager

from quoth_server.service import errors

__all__ = ["Gate", "before"]

_QUIET = 0.05  # seconds without a call after which none seems to be on its way
_LONGEST = 1.0  # seconds of waiting for that


class Gate:
    """Open until `close`."""

    def __init__(self) -> None:
        self.closing = asyncio.Event()
        self.deserted = asyncio.Event()
        """Set once it is closed and the last call that came through has ended."""
        self._closed = asyncio.Event()
        self._arrived = 0
        self._inside = 0

    @asynccontextmanager
    async def visit(self) -> AsyncIterator[None]:
        """Lets a call in; once the gate is closing, the call is held and then sent away.

        Raises:
            ServiceError: to send it away.
        """
        self._arrived += 1
        self._inside += 1
        try:
            if self.closing.is_set():
                await self._closed.wait()
                raise errors.shutting_down()
            yield
        finally:
            self._inside -= 1
            self._look()

    async def close(self) -> None:
        """Lets no more calls in; returns when those that were on their way have arrived."""
        self.closing.set()
        loop = asyncio.get_running_loop()
        end = loop.time() + _LONGEST
        before = -1
        while before != self._arrived and loop.time() < end:
            before = self._arrived
            await asyncio.sleep(_QUIET)

    def send_away(self) -> None:
        """Ends the calls that are held; the server must have begun to stop."""
        self._closed.set()
        self._look()

    def _look(self) -> None:
        if self._closed.is_set() and not self._inside:
            self.deserted.set()


async def before(event: asyncio.Event, work: Awaitable[None]) -> bool:
    """Awaits the work, or gives it up when the event is set; whether it was done."""
    task = asyncio.ensure_future(work)
    ending = asyncio.create_task(event.wait())
    try:
        await asyncio.wait((task, ending), return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            task.result()
            return True
    finally:
        ending.cancel()
        task.cancel()
    await asyncio.wait((task,))
    return False
