"""Who may use a worker, who waits for one, and who is told to come back later.

A unary call waits in a bounded queue and is refused beyond it. An item of a stream waits as long
as it takes: its stream is not read meanwhile, which is how the sender is slowed down. All wait in
one line, in which a stream has one item at a time. A worker that comes free goes to whoever has
the fewest, and among those to who came first: streams take turns with each other and with calls,
however many items they have and however long those take, and a stream has all the workers only
while nobody else wants one.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager
from dataclasses import dataclass

__all__ = ["Admission", "Overloaded", "Slot"]

_WEIGHT = 0.2  # of the newest article in the running mean of seconds an article takes
_FIRST_MEAN = 0.2
_SHORTEST_PAUSE, _LONGEST_PAUSE = 0.1, 10.0


class Overloaded(Exception):
    """The queue is full; `retry_after` is when it may have room, in seconds."""

    def __init__(self, in_flight: int, retry_after: float) -> None:
        super().__init__(in_flight, retry_after)
        self.in_flight = in_flight
        self.retry_after = retry_after


class Slot:
    """The right to use one worker; `release` it once."""

    def __init__(self, admission: Admission, holder: Hashable, queued: float) -> None:
        self.queued = queued
        """Seconds spent waiting."""
        self._admission = admission
        self._holder = holder
        self._since = time.monotonic()

    def release(self) -> None:
        """Gives the worker to the next in line."""
        self._admission._release(self._holder, time.monotonic() - self._since)


@dataclass(frozen=True, slots=True, eq=False)
class _Waiting:
    holder: Hashable
    turn: asyncio.Future[None]


class Admission:
    """The line before the workers.

    Args:
        workers: how many slots there are.
        queue: how many calls may wait that are no items of a stream.
    """

    def __init__(self, workers: int, queue: int) -> None:
        self.capacity = workers + queue
        self._workers = workers
        self._queue = queue
        self._free = workers
        self._held: Counter[Hashable] = Counter()
        self._line: list[_Waiting] = []  # in the order they came; empty while a slot is free
        self._calls_waiting = 0
        self._mean = _FIRST_MEAN

    async def enter(self, stream: Hashable | None = None) -> Slot:
        """Waits for a slot; an item of a `stream`, which is any name for it, is never refused.

        Raises:
            Overloaded: if as many calls wait as may.
        """
        start = time.monotonic()
        if stream is not None:
            await self._wait_for_turn(stream)
            return Slot(self, stream, time.monotonic() - start)
        if not self._free and self._calls_waiting >= self._queue:
            raise Overloaded(self.capacity, self._pause())
        call = object()
        self._calls_waiting += 1
        try:
            await self._wait_for_turn(call)
        finally:
            self._calls_waiting -= 1
        return Slot(self, call, time.monotonic() - start)

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[Slot]:
        """A slot for one call, released at the end.

        Raises:
            Overloaded: if as many calls wait as may.
        """
        slot = await self.enter()
        try:
            yield slot
        finally:
            slot.release()

    async def _wait_for_turn(self, holder: Hashable) -> None:
        if self._free:
            self._free -= 1
            self._held[holder] += 1
            return
        waiting = _Waiting(holder, asyncio.get_running_loop().create_future())
        self._line.append(waiting)
        try:
            await waiting.turn
        except asyncio.CancelledError:
            if waiting.turn.cancelled():
                self._line.remove(waiting)
            else:
                self._pass_on(holder)  # the turn came in the same moment
            raise

    def _release(self, holder: Hashable, seconds: float) -> None:
        self._mean += _WEIGHT * (seconds - self._mean)
        self._pass_on(holder)

    def _pass_on(self, holder: Hashable) -> None:
        """Takes a slot from its holder and gives it to the next in line."""
        self._held[holder] -= 1
        if not self._held[holder]:
            del self._held[holder]
        # Who has just given up stays in the line until its task has run.
        waiting = [each for each in self._line if not each.turn.cancelled()]
        if not waiting:
            self._free += 1
            return
        following = min(waiting, key=lambda each: self._held[each.holder])
        self._line.remove(following)
        self._held[following.holder] += 1
        following.turn.set_result(None)

    def _pause(self) -> float:
        """The time until half of those in line are through, in seconds.

        All would be too long: the one refused has a fair chance once there is some room. Drawn a
        little apart, so that those refused together do not come back together.
        """
        through = (self._calls_waiting + 1) / 2 * self._mean / self._workers
        return min(max(through, _SHORTEST_PAUSE), _LONGEST_PAUSE) * random.uniform(0.75, 1.25)
