"""N worker processes, each replaced when it dies, and articles handed to whichever is idle.

Not `ProcessPoolExecutor`: one dead worker breaks it for good, and running work cannot be stopped.
Not `pebble`: a worker that dies idle (measured with 5.2.3) breaks its whole pool.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import multiprocessing
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, SpawnContext
from multiprocessing.process import BaseProcess

from quoth_server.engine.types import Article
from quoth_server.service import preload
from quoth_server.service.worker import Done, EngineSpec, Failed, Loaded, Message, NotLoaded, work

__all__ = ["EngineNotLoaded", "WorkerLost", "WorkerPool"]

_log = logging.getLogger(__name__)
_FAILURES_IN_A_ROW = 5
_FIRST_PAUSE = 0.1  # seconds before the second try; doubled for each one after it


class WorkerLost(Exception):
    """The process that read the article died; another one may do better."""


class EngineNotLoaded(Exception):
    """No worker can load the engine; the message says why."""


class _Worker:
    """One process. `lost` is set when it has died; until then it answers one article at a time."""

    def __init__(
        self, context: ForkServerContext | SpawnContext, spec: EngineSpec, name: str
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._connection: Connection
        self._connection, self._theirs = context.Pipe()
        self._process: BaseProcess = context.Process(
            target=work, args=(self._theirs, spec), name=name, daemon=True
        )
        self._answer: asyncio.Future[Message] = self._loop.create_future()
        self.lost = asyncio.Event()

    def start(self) -> None:
        """Starts the process; blocks while the fork server loads the engine.

        Raises:
            WorkerLost: if the fork server died of it.
        """
        try:
            self._process.start()
        except (EOFError, OSError) as error:
            raise WorkerLost("the fork server died while it loaded the engine") from error
        self._theirs.close()  # so that the death of the process ends the stream
        threading.Thread(target=self._listen, name=self._process.name, daemon=True).start()

    def _listen(self) -> None:
        try:
            with contextlib.suppress(EOFError, OSError, RuntimeError):  # it died, or the loop ended
                while True:
                    self._loop.call_soon_threadsafe(self._deliver, self._connection.recv())
        finally:
            self._process.kill()
            self._process.join()
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._lose)

    def _deliver(self, message: Message) -> None:
        if not self._answer.done():
            self._answer.set_result(message)

    def _lose(self) -> None:
        self.lost.set()
        self._connection.close()
        if not self._answer.done():
            self._answer.set_exception(WorkerLost(f"{self.describe()} died"))
            self._answer.exception()  # nobody may be waiting

    def describe(self) -> str:
        """Which process this is and how it ended, for a log."""
        return f"{self._process.name} pid={self._process.pid} exitcode={self._process.exitcode}"

    async def loaded(self) -> Loaded:
        """Waits until it is warm."""
        message = await self._answer
        if isinstance(message, NotLoaded):
            raise EngineNotLoaded(message.message)
        assert isinstance(message, Loaded)
        return message

    async def read(self, article: Article) -> Done | Failed:
        """Reads an article; whoever cancels this must `kill` the worker too."""
        self._answer = self._loop.create_future()
        try:
            # In a thread: a long article fills the pipe before the worker has read it.
            await self._loop.run_in_executor(None, self._connection.send, article)
        except OSError as error:
            raise WorkerLost(f"{self.describe()} died") from error
        message = await self._answer
        assert isinstance(message, Done | Failed)
        return message

    def kill(self) -> None:
        """Ends the process at once."""
        if self._process.pid is not None:
            self._process.kill()

    async def ended(self) -> None:
        """Waits until a process that was started has ended."""
        if self._process.pid is not None:
            await self.lost.wait()


class WorkerPool:
    """Worker processes behind one queue.

    Args:
        count: how many.
        spec: the engine they load.
        on_change: called with the number of warm workers whenever it changes.
    """

    def __init__(
        self, count: int, spec: EngineSpec, on_change: Callable[[int], None] = lambda warm: None
    ) -> None:
        self.count = count
        self.engine: Loaded | None = None
        self.warm = 0
        self.failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._spec = spec
        self._on_change = on_change
        self._context = _context(spec)
        self._starter = ThreadPoolExecutor(1, thread_name_prefix="start-worker")
        self._idle: asyncio.LifoQueue[_Worker] = asyncio.LifoQueue()  # the warmest caches first
        self._workers: set[_Worker] = set()
        self._keepers: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Starts the workers and waits until one is warm.

        Raises:
            EngineNotLoaded: if the engine cannot be loaded.
        """
        warm = asyncio.Event()
        self._keepers = [
            asyncio.create_task(self._keep(f"worker-{number}", warm))
            for number in range(1, self.count + 1)
        ]
        waiting = asyncio.create_task(warm.wait())
        await asyncio.wait((waiting, self.failed), return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        if self.failed.done():
            self.failed.result()

    async def read(self, article: Article) -> Done | Failed:
        """Reads an article in the next idle worker. If this is cancelled, its worker is killed.

        Raises:
            WorkerLost: if the worker died while it read.
        """
        worker = await self._take()
        try:
            answer = await worker.read(article)
        except asyncio.CancelledError:
            worker.kill()  # nothing else stops work that runs
            raise
        self._idle.put_nowait(worker)
        return answer

    async def _take(self) -> _Worker:
        while True:
            worker = await self._idle.get()
            if not worker.lost.is_set():
                return worker

    async def _keep(self, name: str, warm: asyncio.Event) -> None:
        """Keeps one worker alive, replacing it whenever it is lost."""
        failures = 0
        while True:
            worker = _Worker(self._context, self._spec, name)
            self._workers.add(worker)
            try:
                await asyncio.get_running_loop().run_in_executor(self._starter, worker.start)
                self.engine = await worker.loaded()
            except (WorkerLost, EngineNotLoaded) as error:
                self._workers.discard(worker)
                failures += 1
                _log.error("a worker did not start", extra={"worker": name, "cause": str(error)})
                if failures == _FAILURES_IN_A_ROW or self.engine is None:
                    if not self.failed.done():
                        self.failed.set_exception(EngineNotLoaded(str(error)))
                    return
                await asyncio.sleep(_FIRST_PAUSE * 2 ** (failures - 1))
                continue
            failures = 0
            self._idle.put_nowait(worker)
            self._count(+1)
            warm.set()
            await worker.lost.wait()
            self._workers.discard(worker)
            self._count(-1)
            _log.warning("a worker died and is replaced", extra={"worker": worker.describe()})

    def _count(self, change: int) -> None:
        self.warm += change
        self._on_change(self.warm)

    def kill(self) -> None:
        """Ends the workers at once and leaves them unreplaced only if the program ends too."""
        for worker in self._workers:
            worker.kill()

    async def stop(self) -> None:
        """Ends the workers; those that are reading are killed."""
        for keeper in self._keepers:
            keeper.cancel()
        await asyncio.gather(*self._keepers, return_exceptions=True)
        # A worker may be starting at this moment, and no signal can reach it before it has.
        await asyncio.to_thread(self._starter.shutdown, cancel_futures=True)
        self.kill()
        await asyncio.gather(*(worker.ended() for worker in self._workers))


def _context(spec: EngineSpec) -> ForkServerContext | SpawnContext:
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([preload.__name__])
    os.environ[preload.SPEC] = preload.to_variable(spec)
    return context
