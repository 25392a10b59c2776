"""How many bytes the front process holds for callers, and who may have more of them.

Everything that callers make it hold counts: requests on their way in, articles that wait or are
read, answers not yet taken, ids that a stream remembers. What is about to be read counts as the
largest request until its size is known. Over the budget, a call waits a moment and is refused, and
a stream is not read. One caller has at most three quarters, so that others always have some.
"""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from types import TracebackType
from typing import Self

__all__ = ["Budget", "Hold"]

_SHARE = 0.75  # of the budget, that one caller may have


class Hold:
    """Bytes held for a caller until it is released; entered, until the end of the block."""

    def __init__(self, budget: Budget, caller: str, size: int) -> None:
        self._budget = budget
        self._caller = caller
        self._size = size

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()

    def resize(self, size: int) -> None:
        """Says how much is held from now on, which may be more than there was room for."""
        change, self._size = size - self._size, size
        self._budget._change(self._caller, change)

    def add(self, size: int) -> None:
        """Says that so much more is held."""
        self.resize(self._size + size)

    def release(self) -> None:
        """Nothing is held any more."""
        self.resize(0)


class Budget:
    """What is held for all callers together.

    Args:
        size: in bytes; several times the largest request.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self.held = 0
        self._by_caller: Counter[str] = Counter()
        self._lines: dict[str, deque[tuple[int, asyncio.Future[Hold]]]] = {}

    def fits(self, caller: str, size: int) -> bool:
        """Whether there is room for this many more bytes of this caller's."""
        return (
            self.held + size <= self.size and self._by_caller[caller] + size <= self.size * _SHARE
        )

    def is_wanted(self, caller: str) -> bool:
        """Whether somebody waits for room that this caller could make."""
        return any(
            name == caller or self._by_caller[name] + line[0][0] <= self.size * _SHARE
            for name, line in self._lines.items()
        )

    def hold(self, caller: str, size: int = 0) -> Hold:
        """Holds this many bytes, whether there is room or not."""
        hold = Hold(self, caller, 0)
        hold.resize(size)
        return hold

    async def room(self, caller: str, size: int) -> Hold:
        """Waits until there is room for this many bytes, and holds them."""
        if caller not in self._lines and self.fits(caller, size):
            return self.hold(caller, size)
        turn: asyncio.Future[Hold] = asyncio.get_running_loop().create_future()
        self._lines.setdefault(caller, deque()).append((size, turn))
        try:
            return await turn
        except asyncio.CancelledError:
            if not turn.cancelled():
                turn.result().release()  # it came in the same moment
            self._hand_out()  # this one may have been in the way of others
            raise

    def _change(self, caller: str, change: int) -> None:
        self.held += change
        self._by_caller[caller] += change
        if not self._by_caller[caller]:
            del self._by_caller[caller]
        if change < 0:
            self._hand_out()

    def _hand_out(self) -> None:
        """Gives room to those who wait, to callers in turns."""
        progress = bool(self._lines)
        while progress:
            progress = False
            for caller, line in list(self._lines.items()):
                while line and line[0][1].done():
                    line.popleft()  # who gave up
                if not line:
                    del self._lines[caller]
                elif self.fits(caller, line[0][0]):
                    size, turn = line.popleft()
                    turn.set_result(self.hold(caller, size))
                    progress = True
                    del self._lines[caller]
                    if line:
                        self._lines[caller] = line  # behind the others
