"""A real `quoth-server` in its own process."""

from __future__ import annotations

import contextlib
import os
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

import grpc

from quoth import v1

__all__ = ["ROOT", "Server", "article", "cpu_seconds", "descendants", "free_port", "python_path"]

ROOT = Path(__file__).parents[2]
_PATIENCE = 200.0  # seconds; less than a test has


def article(body: str, **fields: object) -> v1.AttributeQuotesRequest:
    return v1.AttributeQuotesRequest(article=v1.Article(body=body, **fields))


def python_path(first: str = "") -> str:
    """Where a program that a test starts imports from: `first`, where the test does, and here."""
    return os.pathsep.join(filter(None, (first, os.environ.get("PYTHONPATH"), str(ROOT))))


def free_port() -> int:
    """A port that stays free: the system gives none below 32,768 to those who ask for any."""
    while True:
        port = random.randrange(10_000, 32_000)
        with socket.socket() as one, contextlib.suppress(OSError):
            one.bind(("127.0.0.1", port))
            return port


def descendants(pid: int) -> list[int]:
    """The processes that a process started, and those that these did."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            parents[int(stat.parent.name)] = int(_fields(stat)[1])
    found = [pid]
    for each in found:
        found.extend(child for child, parent in parents.items() if parent == each)
    return found[1:]


def cpu_seconds(pid: int) -> float:
    """What a process and its descendants, those that ended included, have used of the cores."""
    ticks = 0
    for each in (pid, *descendants(pid)):
        with contextlib.suppress(OSError):
            ticks += sum(map(int, _fields(Path(f"/proc/{each}/stat"))[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def _fields(stat: Path) -> list[str]:
    # The name of the program, in parentheses, may have anything in it.
    return stat.read_text().rpartition(")")[2].split()


class Server:
    """`quoth-server`, by default on a free port and with a fake engine.

    Entered, it has been started and, unless `wait` is false, is ready. `prelude` is Python that
    runs before it.
    """

    def __init__(
        self,
        *flags: str,
        engine: str = "tests.fake_engine:load",
        wait: bool = True,
        variables: Mapping[str, str] | None = None,
        prelude: str = "",
    ) -> None:
        if "--listen" not in flags:
            flags = ("--listen", "127.0.0.1:0", *flags)
        if "--log-level" not in flags:
            flags = ("--log-level", "debug", *flags)
        program = (
            ["-c", f"{prelude}; from quoth_server.__main__ import main; sys.exit(main())"]
            if prelude
            else ["-m", "quoth_server"]
        )
        self._arguments = [sys.executable, *program, "--engine", engine, *flags]
        self._variables = dict(variables or {})
        self._wait = wait

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory()
        self._out = Path(self._folder.name) / "out"
        self._err = Path(self._folder.name) / "err"
        variables = {
            name: value for name, value in os.environ.items() if not name.startswith("QUOTH_")
        }
        path = python_path(self._variables.get("PYTHONPATH", ""))
        with self._out.open("wb") as out, self._err.open("wb") as err:
            self.process = subprocess.Popen(
                self._arguments,
                stdout=out,
                stderr=err,
                env=variables | self._variables | {"PYTHONPATH": path},
            )
        if self._wait:
            try:
                self.until_output(r"^quoth-server ready on .+\n")
            except BaseException:
                self.__exit__(None, None, None)
                raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self._folder.cleanup()

    @property
    def output(self) -> str:
        return self._out.read_text(encoding="utf-8")

    @property
    def log(self) -> str:
        return self._err.read_text(encoding="utf-8")

    @property
    def address(self) -> str:
        """Where it listens, known before it is ready."""
        return self.until_log(r"message=listening address=(\S+)")[1]

    @property
    def url(self) -> str:
        """Where the live page is, without the slash at the end."""
        return self.until_log(r'message="live page" url=(\S+)/')[1]

    def channel(self, **options: int) -> grpc.Channel:
        """A channel that shares no connection with another and, by itself, tries nothing twice."""
        return grpc.insecure_channel(
            self.address,
            options=[
                ("grpc.use_local_subchannel_pool", 1),
                ("grpc.enable_retries", 0),
                *((f"grpc.{name}", value) for name, value in options.items()),
            ],
        )

    @contextmanager
    def taking(self, calls: int) -> Iterator[None]:
        """Waits at the end until as many calls as are sent inside have been taken."""
        line = 'message="call begins"'
        before = self.log.count(line)
        yield
        end = time.monotonic() + _PATIENCE
        while self.log.count(line) < before + calls:
            assert time.monotonic() < end, self.log
            time.sleep(0.005)

    def until_output(self, pattern: str) -> re.Match[str]:
        return self._until("_out", pattern)

    def until_log(self, pattern: str) -> re.Match[str]:
        return self._until("_err", pattern)

    def _until(self, name: str, pattern: str) -> re.Match[str]:
        end = time.monotonic() + _PATIENCE
        while True:
            over = self.process.poll() is not None or time.monotonic() > end
            found = re.search(pattern, getattr(self, name).read_text(encoding="utf-8"), re.M)
            if found:
                return found
            if over:
                raise AssertionError(f"no {pattern!r}; exit {self.process.poll()}: {self.log}")
            time.sleep(0.01)

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def exit_code(self) -> int:
        """Waits until it has ended."""
        return self.process.wait(_PATIENCE)
