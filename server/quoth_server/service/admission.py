"""Who may use a worker, who waits for one, and who must come back later.

A unary call waits in a bounded queue and is refused beyond it. An item of a stream waits as long
as it takes: its stream is not read meanwhile, which is how the sender is slowed down.

Workers are shared by caller, however many calls and streams one has: a worker that comes free goes
to the caller with the fewest, and among those to the one that has waited longest. One worker
more than the setting says stands by, and only a caller who has no other gets it: so nobody's
articles, however long they take, keep all others waiting. Of one caller, calls go before items of
streams, but not forever, and streams take turns.
"""

from __future__ import annotations

import asyncio
import itertools
import random
import time
from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Self

from quoth_server.service import errors
from quoth_server.service.errors import ServiceError

__all__ = ["SPARE", "Admission", "Slot"]

SPARE = 1
"""Workers beyond the setting, for callers that have none."""

_CALLS_IN_A_ROW = 4  # of one caller, before an item of one of its streams has its turn
_WEIGHT = 0.2  # of the newest article in the running mean of seconds an article takes
_FIRST_MEAN = 0.2
_SHORTEST_PAUSE, _LONGEST_PAUSE = 0.1, 10.0


class Slot:
    """The right to use one worker; `release` it once, or enter it, until the end of the block."""

    def __init__(self, admission: Admission, waiting: _Waiting, queued: float) -> None:
        self.queued = queued
        """Seconds spent waiting."""
        self._admission = admission
        self._waiting = waiting
        self._since = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.release()

    def release(self) -> None:
        """Gives the worker to the next in line."""
        self._admission._release(self._waiting, time.monotonic() - self._since)


@dataclass(frozen=True, slots=True, eq=False)
class _Waiting:
    caller: str
    stream: Hashable | None
    number: int
    turn: asyncio.Future[None]


class _Caller:
    """What one caller has and waits for; forgotten once it is nothing."""

    def __init__(self) -> None:
        self.held = 0
        self.held_by_stream: Counter[Hashable] = Counter()
        self.served = 0  # when its last turn was, as a number; 0 if it had none
        self.line: list[_Waiting] = []  # in the order they came
        self.calls_in_a_row = 0

    def calls(self) -> list[_Waiting]:
        # A call that has just given up stays in line until its task has run.
        return [each for each in self.line if each.stream is None and not each.turn.done()]

    def items(self) -> list[_Waiting]:
        return [each for each in self.line if each.stream is not None and not each.turn.done()]

    def next(self) -> _Waiting | None:
        """Whose turn is next, of those of this caller."""
        calls, items = self.calls(), self.items()
        if calls and not (items and self.calls_in_a_row >= _CALLS_IN_A_ROW):
            return calls[0]
        return min(items, key=lambda each: self.held_by_stream[each.stream], default=None)

    @property
    def claim(self) -> tuple[int, int, int]:
        """The less, the sooner is the next turn this caller's."""
        return self.held, self.served, self.line[0].number

    def take(self, waiting: _Waiting, number: int) -> None:
        """Counts a slot as held."""
        self.held += 1
        self.served = number
        if waiting.stream is None:
            self.calls_in_a_row += 1
        else:
            self.calls_in_a_row = 0
            self.held_by_stream[waiting.stream] += 1

    def give(self, waiting: _Waiting) -> None:
        """Counts a slot as held no longer."""
        self.held -= 1
        if waiting.stream is not None:
            self.held_by_stream[waiting.stream] -= 1
            self.held_by_stream += Counter()  # without those that hold nothing


class Admission:
    """The line before the workers.

    Args:
        workers: how many slots there are, but for `SPARE`.
        queue: how many calls may wait, not counting items of streams.
    """

    def __init__(self, workers: int, queue: int) -> None:
        self.capacity = workers + queue
        self._workers = workers
        self._queue = queue
        self._free = workers + SPARE
        self._callers: dict[str, _Caller] = {}
        self._numbers = itertools.count(1)
        self._mean = _FIRST_MEAN

    async def enter(self, stream: Hashable | None = None, *, caller: str = "") -> Slot:
        """Waits for a slot; an item of a `stream`, which is any name for it, is never refused.

        Raises:
            ServiceError: if the queue is full and no caller has more calls in it.
        """
        start = time.monotonic()
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        waiting = _Waiting(caller, stream, next(self._numbers), future)
        try:
            if self._may_take(caller):
                self._give(waiting)
            else:
                if stream is None:
                    self._make_room(caller)
                self._of(caller).line.append(waiting)
                await self._wait(waiting)
        finally:
            self._forget(caller)
        return Slot(self, waiting, time.monotonic() - start)

    def overloaded(self) -> ServiceError:
        """The refusal of a call, with the time after which it may have a chance."""
        return errors.overloaded(self.capacity, self.pause())

    async def _wait(self, waiting: _Waiting) -> None:
        line = self._of(waiting.caller).line
        try:
            await waiting.turn
        except asyncio.CancelledError:
            if not waiting.turn.cancelled() and waiting.turn.exception() is None:
                self._pass_on(waiting)  # the turn came in the same moment
            raise
        finally:
            if waiting in line:
                line.remove(waiting)

    def _of(self, caller: str) -> _Caller:
        return self._callers.setdefault(caller, _Caller())

    def _forget(self, caller: str) -> None:
        known = self._callers.get(caller)
        if known and not known.held and not known.line:
            del self._callers[caller]

    def _may_take(self, caller: str) -> bool:
        """Whether there is a slot for this caller: the last ones are for callers that have none."""
        known = self._callers.get(caller)
        return self._free > (SPARE if known and known.held else 0)

    def _give(self, waiting: _Waiting) -> None:
        self._free -= 1
        self._of(waiting.caller).take(waiting, next(self._numbers))

    def _make_room(self, caller: str) -> None:
        """Lets a call of this caller wait; in a full queue it displaces one of a caller with more.

        Raises:
            ServiceError: if nobody has more.
        """
        lines = {name: known.calls() for name, known in self._callers.items()}
        if sum(map(len, lines.values())) < self._queue:
            return
        longest = max(lines.values(), key=len, default=[])
        if len(longest) <= len(lines.get(caller, ())) + 1:
            raise self.overloaded()
        longest[-1].turn.set_exception(self.overloaded())

    def _release(self, waiting: _Waiting, seconds: float) -> None:
        self._mean += _WEIGHT * (seconds - self._mean)
        self._pass_on(waiting)

    def _pass_on(self, waiting: _Waiting) -> None:
        """Takes a slot from its holder and gives it to the next in line."""
        self._of(waiting.caller).give(waiting)
        self._free += 1
        while following := self._next():
            self._give(following)
            following.turn.set_result(None)
            self._of(following.caller).line.remove(following)
        self._forget(waiting.caller)

    def _next(self) -> _Waiting | None:
        """Whose turn it is, if there is a slot for anybody who waits."""
        able = (
            known for name, known in self._callers.items() if known.line and self._may_take(name)
        )
        for known in sorted(able, key=lambda known: known.claim):
            if following := known.next():
                return following
        return None

    def pause(self) -> float:
        """The time until half of those in line are through, in seconds.

        All would be too long: the one refused has a fair chance once there is some room. Drawn a
        little apart, so that those refused together do not come back together.
        """
        waiting = sum(len(known.calls()) for known in self._callers.values())
        through = (waiting + 1) / 2 * self._mean / self._workers
        return min(max(through, _SHORTEST_PAUSE), _LONGEST_PAUSE) * random.uniform(0.75, 1.25)
