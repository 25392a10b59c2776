"""One worker process, as the front process sees it."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import signal
import threading
from enum import StrEnum
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, SpawnContext
from multiprocessing.process import BaseProcess

from quoth_server.engine.types import Article
from quoth_server.service.worker import (
    Done,
    EngineNotLoaded,
    EngineSpec,
    Failed,
    Loaded,
    Message,
    WorkerLost,
    work,
)

__all__ = ["EndCause", "Shortage", "WorkerProcess"]

_SHORT_OF = (errno.EMFILE, errno.ENFILE, errno.EAGAIN, errno.ENOMEM, errno.ENOBUFS)


class EndCause(StrEnum):
    """Why a process has ended; only the first is a fault of it or of what it read."""

    DIED = "died"
    TIME_LIMIT = "time_limit"
    """It was at one article for all the time that one may take."""
    CALLER_GONE = "caller_gone"
    """Who asked for the article gave up, or had no more time: nothing else stops the work."""


class Shortage(WorkerLost):
    """The system has no file, thread or memory for a worker now, and may have later."""


class WorkerProcess:
    """One process. `lost` is set when it has died; until then it answers one article at a time.

    Raises:
        Shortage: if the system has no pipe for it.
    """

    def __init__(
        self, context: ForkServerContext | SpawnContext, spec: EngineSpec, limit: float, name: str
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._connection: Connection
        try:
            self._connection, self._theirs = context.Pipe()
        except OSError as error:
            raise Shortage(f"cannot open a pipe to a worker: {error.strerror}") from error
        self._process: BaseProcess = context.Process(
            target=work, args=(self._theirs, spec, limit), name=name, daemon=True
        )
        self._answer: asyncio.Future[Message] = self._loop.create_future()
        self.lost = asyncio.Event()
        self.used = False
        self.end_cause = EndCause.DIED
        """Why it has ended, once it has."""

    def start(self) -> None:
        """Starts the process; blocks while the fork server loads the engine.

        Raises:
            Shortage: if the system has no file or thread for it.
            WorkerLost: if the fork server died of it.
        """
        try:
            self._process.start()
        except (EOFError, OSError) as error:
            if isinstance(error, OSError) and error.errno in _SHORT_OF:
                raise Shortage(f"a worker cannot be started: {error.strerror}") from error
            raise WorkerLost("the fork server died while it loaded the engine") from error
        self._theirs.close()  # so that the death of the process ends the stream
        try:
            threading.Thread(target=self._listen, name=self._process.name, daemon=True).start()
        except RuntimeError as error:
            self._kill()
            raise Shortage(f"cannot listen to a worker: {error}") from error

    def _listen(self) -> None:
        try:
            with contextlib.suppress(EOFError, OSError, RuntimeError):  # it died, or the loop ended
                while True:
                    self._loop.call_soon_threadsafe(self._deliver, self._connection.recv())
        finally:
            self._kill()
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
        if isinstance(message, EngineNotLoaded):
            raise message
        assert isinstance(message, Loaded)
        return message

    async def read(self, article: Article) -> Done | Failed:
        """Reads an article; whoever cancels this must `kill` the worker too."""
        self.used = True
        self._answer = self._loop.create_future()
        try:
            # In a thread: a long article fills the pipe before the worker has read it.
            await self._loop.run_in_executor(None, self._connection.send, article)
        except OSError as error:
            raise WorkerLost(f"{self.describe()} died") from error
        message = await self._answer
        assert isinstance(message, Done | Failed)
        return message

    def kill(self, cause: EndCause = EndCause.DIED) -> None:
        """Ends the process at once."""
        if not self.lost.is_set():
            self.end_cause = cause
        self._kill()

    def _kill(self) -> None:
        # Not by `Process.kill`: where the fork server has died, which tells of the ends of
        # processes, that takes those that it started to have ended, and leaves them alone.
        if self._process.pid is not None and not self.lost.is_set():
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._process.pid, signal.SIGKILL)

    async def ended(self) -> None:
        """Waits until a process that was started has ended."""
        if self._process.pid is not None:
            await self.lost.wait()
