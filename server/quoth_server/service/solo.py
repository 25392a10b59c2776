"""One worker process for a program that is no server.

Not by `multiprocessing`, whose processes run the program's main module again: a script without the
guard for that would start itself over and over.
"""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import weakref
from multiprocessing.connection import Connection

from quoth_server.engine.types import Article
from quoth_server.service import preload
from quoth_server.service.worker import (
    Done,
    EngineSpec,
    Failed,
    Loaded,
    Message,
    NotLoaded,
    ReadingTimeout,
    WorkerLost,
    work,
)

__all__ = ["SoloWorker", "main"]

_COMMAND = "from quoth_server.service import solo; solo.main()"


class SoloWorker:
    """A process that reads one article at a time; it starts when it is made.

    It ends with the program, and when an article takes too long or the caller is interrupted.

    Args:
        spec: the engine it loads.
        limit: seconds that one article may take.
    """

    def __init__(self, spec: EngineSpec, limit: float) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [
                    *(sys.executable, "-P", "-c", _COMMAND),
                    *(str(theirs.fileno()), preload.to_variable(spec), str(limit)),
                ],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,  # it is the program's
                # It finds what the program finds.
                env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
                start_new_session=True,  # the program decides what an interruption means
            )
        self._connection = Connection(ours.detach())
        self._limit = limit
        self._loaded: Loaded | NotLoaded | None = None
        self.end = weakref.finalize(self, _end, self._process, self._connection)
        """Ends the process; nothing is read by it any more."""

    def loaded(self) -> Loaded | NotLoaded:
        """Waits until the engine is loaded, or says why it cannot be.

        Raises:
            WorkerLost: if the process died of it.
        """
        if self._loaded is None:
            message = self._receive(None)
            assert isinstance(message, Loaded | NotLoaded)
            self._loaded = message
        return self._loaded

    def read(self, article: Article, timeout: float | None = None) -> Done | Failed:
        """Reads an article; after an error, nothing is read by this process any more.

        Args:
            article: the article.
            timeout: seconds that it may take, if they are less than those of the process.

        Raises:
            ReadingTimeout: if it took more.
            WorkerLost: if the process died, or has been ended.
        """
        self.loaded()
        try:
            self._connection.send(article)
        except OSError as error:
            raise self._lost() from error
        limit = self._limit if timeout is None else min(timeout, self._limit)
        message = self._receive(limit)
        assert isinstance(message, Done | Failed)
        return message

    def _receive(self, limit: float | None) -> Message:
        """Waits for the next message; whatever else comes instead ends the process."""
        received = False
        try:
            if not self._connection.poll(limit):
                raise ReadingTimeout(f"{limit:g} s")
            message: Message = self._connection.recv()
            received = True
        except (EOFError, OSError) as error:
            raise self._lost() from error
        finally:
            if not received:
                self.end()
        return message

    def _lost(self) -> WorkerLost:
        self.end()
        return WorkerLost(f"the process ended with {self._process.returncode}")


def _end(process: subprocess.Popen[bytes], connection: Connection) -> None:
    process.kill()
    process.wait()
    with contextlib.suppress(OSError):
        connection.close()


def main() -> None:
    """What the process runs; see `SoloWorker` for its arguments."""
    descriptor, spec, limit = sys.argv[1:]
    work(Connection(int(descriptor)), preload.from_variable(spec), float(limit))
