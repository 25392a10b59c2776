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

from quoth_server.service import preload
from quoth_server.service.worker import EngineSpec, Message, WorkerLost, work

__all__ = ["SoloWorker", "main"]

_COMMAND = "from quoth_server.service import solo; solo.main()"


class SoloWorker:
    """A process that reads one article after the other; it starts when it is made.

    It first says whether the engine is loaded, then answers each article in the order posted. It
    ends with the program, however that ends.

    Args:
        spec: the engine it loads.
        limit: seconds after which it ends itself over an article, should the program be gone.
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
        self.end = weakref.finalize(self, _end, self._process, self._connection)
        """Ends the process; nothing is read by it any more."""

    def fileno(self) -> int:
        """What to wait on for its next message, with `multiprocessing.connection.wait`."""
        return self._connection.fileno()

    def post(self, article: bytes) -> None:
        """Sends a pickled article; blocks while the pipe is full.

        Raises:
            WorkerLost: if the process died, or has been ended.
        """
        try:
            self._connection.send_bytes(article)
        except OSError as error:
            raise self._lost() from error

    def take(self) -> Message:
        """Waits for its next message.

        Raises:
            WorkerLost: if the process died, or has been ended.
        """
        try:
            message: Message = self._connection.recv()
        except (EOFError, OSError) as error:
            raise self._lost() from error
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
