"""Who may use a worker, who waits for one, and who is told to come back later.

A unary call waits in a bounded queue and is refused beyond it. An item of a stream waits as long
as it takes: its stream is not read meanwhile, which is how the sender is slowed down. All wait in
one line, first come first served, and a stream has one item in it at a time; so calls and streams
share fairly, however many items a stream has.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

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

    def __init__(self, admission: Admission, queued: float) -> None:
        self.queued = queued
        """Seconds spent waiting."""
        self._admission = admission
        self._since = time.monotonic()

    def release(self) -> None:
        """Gives the worker to the next in line."""
        self._admission._release(time.monotonic() - self._since)


class Admission:
    """The line before the workers.

    Args:
        workers: how many slots there are.
        queue: how many calls may wait that are not patient.
    """

    def __init__(self, workers: int, queue: int) -> None:
        self.capacity = workers + queue
        self._workers = workers
        self._queue = queue
        self._slots = asyncio.Semaphore(workers)  # wakes those that wait in the order they came
        self._waiting = 0
        self._mean = _FIRST_MEAN

    async def enter(self, *, patient: bool = False) -> Slot:
        """Waits for a slot; a `patient` caller is never refused.

        Raises:
            Overloaded: if as many as may wait do so already.
        """
        start = time.monotonic()
        if not patient:
            if self._slots.locked() and self._waiting >= self._queue:
                raise Overloaded(self.capacity, self._pause())
            self._waiting += 1
        try:
            await self._slots.acquire()
        finally:
            if not patient:
                self._waiting -= 1
        return Slot(self, time.monotonic() - start)

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[Slot]:
        """A slot for one call, released at the end.

        Raises:
            Overloaded: if as many as may wait do so already.
        """
        slot = await self.enter()
        try:
            yield slot
        finally:
            slot.release()

    def _release(self, seconds: float) -> None:
        self._mean += _WEIGHT * (seconds - self._mean)
        self._slots.release()

    def _pause(self) -> float:
        """The time until half of those in line are through, in seconds.

        All would be too long: the one refused has a fair chance once there is some room. Drawn a
        little apart, so that those refused together do not come back together.
        """
        through = (self._waiting + 1) / 2 * self._mean / self._workers
        return min(max(through, _SHORTEST_PAUSE), _LONGEST_PAUSE) * random.uniform(0.75, 1.25)
