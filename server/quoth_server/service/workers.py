"""N worker processes, each replaced when it dies, and articles handed to whichever is idle.

Not `ProcessPoolExecutor`: one dead worker breaks it for good, and running work cannot be stopped.
Not `pebble`: a worker that dies idle (measured with 5.2.3) breaks its whole pool.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from quoth_server.engine.types import Article
from quoth_server.service import preload
from quoth_server.service.gate import before
from quoth_server.service.process import EndCause, Shortage, WorkerProcess
from quoth_server.service.quarantine import Quarantine, Quarantined, digest
from quoth_server.service.worker import (
    Done,
    EngineNotLoaded,
    EngineSpec,
    Failed,
    Loaded,
    ReadingTimeout,
    WorkerLost,
)

__all__ = ["WorkerPool"]

_log = logging.getLogger(__name__)
_TRIES = 2  # of reading an article whose worker dies
_FAILURES_IN_A_ROW = 5
_FIRST_PAUSE = 0.1  # seconds before the second start; doubled for each one after it
_LONGEST_PAUSE = 10.0
_ENDED = {
    EndCause.DIED: (logging.WARNING, "a worker died and is being replaced"),
    EndCause.TIME_LIMIT: (
        logging.WARNING,
        "a worker exceeded the time limit, was ended and is being replaced",
    ),
    EndCause.CALLER_GONE: (
        logging.INFO,
        "a worker read for a caller that gave up, was ended and is being replaced",
    ),
}
_PROVEN = 10.0  # seconds after which a worker that has read nothing is taken to be sound


class WorkerPool:
    """Worker processes behind one queue, in which an article may take `limit` seconds.

    `on_change` is called with the number of warm workers whenever that changes, and `on_end` with
    the cause whenever one has ended, see `EndCause`.
    """

    def __init__(
        self,
        count: int,
        spec: EngineSpec,
        *,
        limit: float = 3600.0,
        on_change: Callable[[int], None] = lambda _: None,
        on_end: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.count = count
        self.engine: Loaded | None = None
        self.warm = 0
        self.failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.quarantine = Quarantine()
        self._spec = spec
        self._limit = limit
        self._on_change = on_change
        self._on_end = on_end
        self._context = preload.context(spec)
        self._starter = ThreadPoolExecutor(1, thread_name_prefix="start-worker")
        # The warmest caches first; None is there for good once no worker will come any more.
        self._idle: asyncio.LifoQueue[WorkerProcess | None] = asyncio.LifoQueue()
        self._workers: set[WorkerProcess] = set()
        self._keepers: list[asyncio.Task[None]] = []
        self.ended = False

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
        await before(warm, asyncio.shield(self.failed))

    async def read(self, article: Article) -> Done | Failed:
        """Reads an article in the next idle worker, and in another one if that dies.

        If this is canceled, the worker is killed: nothing else stops work that runs.

        Raises:
            Quarantined: if the text has ended too many workers.
            ReadingTimeout: if it took more than the limit.
            WorkerLost: if the second worker died too, or the pool ends.
        """
        for tries_left in reversed(range(_TRIES)):
            worker = await self._take()
            try:
                self.quarantine.check(article.body)  # others may have sent it meanwhile
            except Quarantined:
                self._idle.put_nowait(worker)
                raise
            try:
                async with asyncio.timeout(self._limit):
                    answer = await worker.read(article)
            except TimeoutError as error:
                worker.kill(EndCause.TIME_LIMIT)
                self.quarantine.strike(article.body)
                raise ReadingTimeout(f"{worker.describe()} exceeded the time limit") from error
            except WorkerLost:
                if self.ended:
                    raise
                self.quarantine.strike(article.body)
                if not tries_left:
                    raise
                _log.warning(
                    "an article lost its worker; another one reads it",
                    extra={"worker": worker.describe(), "body_sha256": digest(article.body)},
                )
            except asyncio.CancelledError:
                worker.kill(EndCause.CALLER_GONE)
                raise
            except BaseException:  # it reads on, and there was a fault here
                worker.kill()
                raise
            else:
                self.quarantine.clear(article.body)
                self._idle.put_nowait(worker)
                return answer
        raise AssertionError("the last try returns or raises")

    async def _take(self) -> WorkerProcess:
        while True:
            worker = await self._idle.get()
            if worker is None:
                self._idle.put_nowait(None)
                raise WorkerLost("the workers have ended")
            if not worker.lost.is_set():
                return worker

    async def _keep(self, name: str, warm: asyncio.Event) -> None:
        """Keeps one worker alive, replacing it whenever it is lost."""
        loop = asyncio.get_running_loop()
        failures = 0
        pause = _FIRST_PAUSE
        while True:
            worker: WorkerProcess | None = None
            try:
                worker = WorkerProcess(self._context, self._spec, self._limit, name)
                self._workers.add(worker)
                await loop.run_in_executor(self._starter, worker.start)
                self.engine = await worker.loaded()
            except (WorkerLost, EngineNotLoaded) as error:
                if worker:
                    self._workers.discard(worker)
                # What the system is short of comes back, while a program that is broken stays so.
                failures += not isinstance(error, Shortage)
                _log.error("a worker did not start", extra={"worker": name, "cause": str(error)})
                if self._is_hopeless(failures):
                    self._fail(EngineNotLoaded(str(error)))
                    return
            else:
                started = loop.time()
                self._idle.put_nowait(worker)
                self._count(+1)
                warm.set()
                await worker.lost.wait()
                self._workers.discard(worker)
                self._count(-1)
                self._on_end(worker.end_cause)
                level, message = _ENDED[worker.end_cause]
                _log.log(level, message, extra={"worker": worker.describe()})
                if worker.used or loop.time() - started > _PROVEN:
                    failures = 0
                    pause = _FIRST_PAUSE
                    continue
                # Nobody is to blame but the worker, so the next one may do no better.
                failures += 1
                if self._is_hopeless(failures):
                    self._fail(EngineNotLoaded(f"{worker.describe()} died before it read anything"))
                    return
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    def _is_hopeless(self, failures: int) -> bool:
        """Whether to give up: no worker ever started, or none is left and none starts again."""
        return self.engine is None or (failures >= _FAILURES_IN_A_ROW and not self.warm)

    def _fail(self, error: EngineNotLoaded) -> None:
        if not self.failed.done():
            self.failed.set_exception(error)
        self._end()

    def _end(self) -> None:
        """Lets nobody wait for a worker any more."""
        self.ended = True
        self._idle.put_nowait(None)

    def _count(self, change: int) -> None:
        self.warm += change
        self._on_change(self.warm)

    def kill(self) -> None:
        """Ends the workers at once and leaves them unreplaced only if the program ends too."""
        for worker in self._workers:
            worker.kill()

    async def stop(self) -> None:
        """Ends the workers; those that are reading are killed."""
        self._end()
        for keeper in self._keepers:
            keeper.cancel()
        await asyncio.gather(*self._keepers, return_exceptions=True)
        # A worker may be starting at this moment, and no signal can reach it before it has.
        await asyncio.to_thread(self._starter.shutdown, cancel_futures=True)
        self.kill()
        await asyncio.gather(*(worker.ended() for worker in self._workers))
