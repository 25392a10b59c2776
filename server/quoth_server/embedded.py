"""The engine without a server to look after: a private one, which lives as long as it is used."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import urllib.parse
import weakref
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from grpc import StatusCode

from quoth import Client, Outcome, QuothError, Unavailable, v1

__all__ = ["Embedded"]

# Of a folder, in bytes, for sockets in it: the paths of those have at most 103 on some systems.
_LONGEST_PATH = 60
_LAST_WORDS = 5.0  # seconds that a server which refuses calls may take to say why and end
_BAD_SETTINGS = 2  # the exit code of quoth-server


class Embedded(Client):
    """A client of a `quoth-server` of its own, on this machine, which needs no server elsewhere.

    The server begins to load the engine when this is made, and the first call waits for it. It ends
    when this is closed or no longer needed, and with the program, however that ends. The `QUOTH_*`
    settings of the engine, and of what an article may be and take, are its settings too.

    Args:
        workers: How many articles are read at the same time; each keeps one core busy.
        timeout: Seconds a call may take once the engine is loaded, unless it is given its own.
        archive: What `quoth bulk` wrote, to answer questions about; None for no archive.
        index: The folder of the archive's index; beside it if it is not given.
        known_people: A table of people whose names, roles and ids win over the archive's.

    Raises:
        QuothError: By the first call: the engine cannot be loaded, or a setting is wrong, which
            has the code INVALID_ARGUMENT.
    """

    def __init__(
        self,
        workers: int = 1,
        *,
        timeout: float = 120.0,
        archive: Path | None = None,
        index: Path | None = None,
        known_people: Path | None = None,
    ) -> None:
        if workers < 1:
            raise ValueError(f"workers is {workers}; give 1 or more")
        self._workers = workers
        self._ready = False
        given = {"--archive": archive, "--archive-index": index, "--known-people": known_people}
        flags = [each for flag, path in given.items() if path for each in (flag, str(path))]
        self._said = b""
        folder = _private_folder()
        self._process = subprocess.Popen(
            # It finds the modules that the program finds, and none in the current folder.
            [sys.executable, "-P", "-m", "quoth_server.private", folder, str(workers), *flags],
            stdin=subprocess.PIPE,  # it ends when this is closed, as by the end of the program
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "TMPDIR": folder},
            start_new_session=True,  # the program decides what an interruption means
        )
        self._end = weakref.finalize(self, _end, self._process, folder, os.getpid())
        self._lock = threading.Lock()
        self.target = f"unix:{urllib.parse.quote(folder)}/socket"
        """Where its server is; only this user can reach it."""
        super().__init__(self.target, timeout=timeout, max_response_bytes=-1)

    def close(self) -> None:
        """Ends the server; calls that run are canceled."""
        super().close()
        self._end()

    def ask(self, request: Any, **options: Any) -> Any:
        """See `quoth.Client.ask`."""
        with self._serving():
            return super().ask(request, **options)

    def attribute_many(
        self, articles: Iterable[v1.Article], *, in_flight: int | None = None, **options: Any
    ) -> Iterator[Outcome]:
        """See `quoth.Client.attribute_many`; `in_flight` is by default eight for each worker."""
        in_flight = in_flight or 8 * self._workers
        with self._serving():
            yield from super().attribute_many(articles, in_flight=in_flight, **options)

    def server_info(self, **options: Any) -> v1.GetServerInfoResponse:
        """See `quoth.Client.server_info`."""
        with self._serving():
            return super().server_info(**options)

    @contextlib.contextmanager
    def _serving(self) -> Iterator[None]:
        """Waits until the server takes calls; where it has ended since, a call says why."""
        assert self._process.stdout
        with self._lock:
            if not self._ready:
                self._said += self._process.stdout.readline()
                if not self._said.startswith(b"quoth-server ready on "):
                    raise self._failure()
                self._said = b""
                self._ready = True
        try:
            yield
        except Unavailable as error:
            try:
                self._process.wait(_LAST_WORDS)
            except subprocess.TimeoutExpired:
                raise error from None
            raise self._failure() from error

    def _failure(self) -> QuothError:
        """Why the server has ended, as it said last."""
        assert self._process.stdout
        self._said += self._process.stdout.read()
        line = self._said.decode(errors="replace").strip().rpartition("\n")[2]
        code = self._process.wait()
        return QuothError(
            line.removeprefix("quoth-server: ") or f"its server ended with exit code {code}",
            code=StatusCode.INVALID_ARGUMENT if code == _BAD_SETTINGS else StatusCode.UNKNOWN,
        )


def _private_folder() -> str:
    """A folder that only this user can enter, with a name short enough for a socket in it."""
    usual = tempfile.gettempdir()
    short = "/tmp"  # noqa: S108 - `mkdtemp` makes a folder in it that nobody else can enter
    return tempfile.mkdtemp(
        prefix="quoth-", dir=usual if len(os.fsencode(usual)) <= _LONGEST_PATH else short
    )


def _end(process: subprocess.Popen[bytes], folder: str, owner: int) -> None:
    """Ends the server and its workers at once: nothing is lost with them."""
    if os.getpid() != owner:
        return  # a fork of the program, which the server is not of
    if process.returncode is None:  # so nothing else can have its number by now
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    for pipe in (process.stdin, process.stdout):
        assert pipe
        pipe.close()
    shutil.rmtree(folder, ignore_errors=True)
