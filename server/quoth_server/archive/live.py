"""An archive that is served: read again when it changes, its people put together beside.

Both take long, and are done by their own process each time: threads would hold up the calls.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import multiprocessing
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar, TypeVarTuple

from quoth_server.archive import sources, store
from quoth_server.archive.archive import View
from quoth_server.archive.errors import BadArchive
from quoth_server.archive.people import Known
from quoth_server.archive.register import Register, register
from quoth_server.archive.repeats import Found, find
from quoth_server.archive.store import Stored

__all__ = ["Live", "Now"]

_BETWEEN_LOOKS = 1.0  # seconds
_AT_FIRST = 3.0
"""Seconds after the start in which answers wait for people: those of a small archive take fewer."""

_log = logging.getLogger(__name__)
T = TypeVar("T")
Ts = TypeVarTuple("Ts")


@dataclass(frozen=True, slots=True)
class Now:
    """An archive as it answers at a time.

    Attributes:
        view: The statements.
        register: The people; of fewer statements while those that are new are read, and None until
            they are put together for the first time.
        behind: Whether the archive has changed since.
    """

    view: View
    register: Register | None
    behind: bool


class Live:
    """Follows an archive, see `archive.opened`. It belongs to one event loop.

    Raises:
        BadArchive: The archive cannot be read, or the index cannot be written.
    """

    def __init__(self, path: Path, index: Path | None = None, table: Sequence[Known] = ()) -> None:
        self._path = path
        self._table = table
        self._folder = index or store.folder_of(path)
        self._apart = ProcessPoolExecutor(
            1, multiprocessing.get_context("spawn"), max_tasks_per_child=1
        )
        stored = self._apart.submit(store.updated, path, self._folder).result()
        self.now = Now(View.of(stored), None, False)
        """What it answers now."""
        self.settled = self.now
        """The same but for what is new and whose people are still put together."""
        self._changed = asyncio.Event()
        self._known = asyncio.Event()
        self._told = ""
        self._started = 0.0
        self._looked: tuple[View, asyncio.Future[Found]] | None = None
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begins to look after it."""
        self._started = time.monotonic()
        self._task = asyncio.create_task(self._follow())

    def stop(self) -> None:
        """Looks after it no longer."""
        if self._task:
            self._task.cancel()
        processes = list((self._apart._processes or {}).values())
        self._apart.shutdown(wait=False, cancel_futures=True)
        for process in processes:  # what they make is made again
            process.kill()

    async def changed(self) -> None:
        """Returns when `settled` has more than now."""
        await self._changed.wait()

    async def people(self) -> Now:
        """The archive with its people, as soon as they are put together."""
        while (now := self.now).register is None:
            await self._known.wait()
        return now

    async def soon(self) -> Now:
        """The archive, just after the start with its people if they are put together soon."""
        left = self._started + _AT_FIRST - time.monotonic()
        if self.now.register is None and left > 0:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.people(), left)
        return self.now

    async def repeats(self) -> tuple[Now, Found]:
        """The archive, and the quotations that several articles of it have.

        They are looked for when they are first asked for, once for each state of the archive, and
        also to the end where nobody waits any longer.
        """
        now = self.now
        if self._looked is None or self._looked[0] is not now.view or _failed(self._looked[1]):
            looking = asyncio.ensure_future(self._done(_repeats, now.view.stored))
            self._looked = now.view, looking
        return now, await asyncio.shield(self._looked[1])

    async def _follow(self) -> None:
        await self._put_together()
        while True:
            await asyncio.sleep(_BETWEEN_LOOKS)
            try:
                await self._look()
                self._told = ""
            except (BadArchive, OSError) as error:
                if str(error) != self._told:  # it is tried again and again
                    _log.warning("the archive is not read again", extra={"cause": str(error)})
                self._told = str(error)

    async def _look(self) -> None:
        there = await asyncio.to_thread(sources.found, self._path)
        known = self.now.view.stored
        if known.is_of(there):
            return
        self.now = replace(self.now, behind=True)
        stored = await self._done(store.updated, self._path, self._folder)
        if stored != known:
            same = stored.folder == known.folder
            view = await asyncio.to_thread(View.of, stored)
            self.now = Now(view, self.now.register if same else None, False)
            await self._put_together()
            self._changed.set()
            self._changed = asyncio.Event()
        self.now = replace(self.now, behind=False)

    async def _put_together(self) -> None:
        view = self.now.view
        found = await self._done(_registered, view.stored, self._table)
        self.now = self.settled = Now(view, found, self.now.behind)
        self._known.set()
        self._known = asyncio.Event()

    async def _done(self, work: Callable[[*Ts], T], *given: *Ts) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._apart, work, *given)


def _failed(looking: asyncio.Future[Found]) -> bool:
    return looking.done() and (looking.cancelled() or looking.exception() is not None)


def _repeats(stored: Stored) -> Found:
    return find(View.of(stored).rows)


def _registered(stored: Stored, table: Sequence[Known]) -> Register:
    return register(View.of(stored), table)
