"""An event loop whose turns are short, however many connections have something for it at once."""

from __future__ import annotations

import asyncio
import selectors
from typing import Any

__all__ = ["loop"]

_IN_A_TURN = 16  # of what is ready, each of which may take a millisecond or two


class _Bounded:
    """What an `EpollSelector` polls, without most of what is ready.

    Epoll puts what it has given behind the rest, so that all have their turn.
    """

    def __init__(self, poll: Any) -> None:
        self._poll = poll

    def __getattr__(self, name: str) -> Any:
        return getattr(self._poll, name)

    def poll(self, timeout: float, most: int) -> Any:
        return self._poll.poll(timeout, min(most, _IN_A_TURN))


def loop() -> asyncio.AbstractEventLoop:
    """A new loop; where the system has no epoll, one as any."""
    if not hasattr(selectors, "EpollSelector"):
        return asyncio.new_event_loop()
    selector: Any = selectors.EpollSelector()
    selector._selector = _Bounded(selector._selector)
    return asyncio.SelectorEventLoop(selector)
