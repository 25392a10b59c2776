"""A demonstration: `python -m quoth_cli.demo` attributes a sample article.

It starts a real server on a free port, runs the real `quoth` command against it, and stops the
server as an operator would. Any step that goes wrong ends it with a message and an exit code.
"""

from __future__ import annotations

import contextlib
import importlib.resources
import queue
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import IO

__all__ = ["main"]

_READY = re.compile(r"quoth-server ready on (\S+)")
# Loading the models takes some ten seconds; a slow disk may take ten times that.
_START_SECONDS = 180
_STOP_SECONDS = 60


class DemoError(Exception):
    """A step of the demonstration went wrong; the text says which."""


def main() -> int:
    """Runs the demonstration and returns the exit code: that of the first step that failed."""
    sample = importlib.resources.files("quoth_server") / "data" / "sample.txt"
    try:
        with importlib.resources.as_file(sample) as path, _server() as address:
            command = ["attribute", "--server", address, str(path)]
            _say("$ quoth " + " ".join(command))
            attributed = subprocess.run([sys.executable, "-m", "quoth_cli", *command], check=False)
    except DemoError as error:
        _say(f"demo: {error}")
        return 1
    if attributed.returncode:
        _say(f"demo: the command failed with exit code {attributed.returncode}")
    return attributed.returncode


@contextlib.contextmanager
def _server() -> Iterator[str]:
    """Runs a server on a free port of this machine and yields its address.

    Raises:
        DemoError: It did not start, or did not stop cleanly when asked to.
    """
    command = ["quoth_server", "--listen", "127.0.0.1:0", "--workers", "1"]
    _say("$ quoth-server " + " ".join(command[1:]))
    server = subprocess.Popen(
        [sys.executable, "-m", *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    output = _Output(server)
    try:
        yield output.address()
    except BaseException:
        server.kill()
        raise
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            code = server.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            server.kill()
            code = server.wait()
    if code:
        raise DemoError(f"the server ended with code {code}:\n{output.text()}")


class _Output:
    """What the server writes, read as it comes so that its pipes never fill."""

    def __init__(self, server: subprocess.Popen[str]) -> None:
        self._lines: list[str] = []
        self._address: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._threads = [
            threading.Thread(target=self._read, args=(pipe,), daemon=True)
            for pipe in (server.stdout, server.stderr)
            if pipe
        ]
        for thread in self._threads:
            thread.start()
        threading.Thread(target=self._ended, daemon=True).start()

    def _read(self, pipe: IO[str]) -> None:
        for line in pipe:
            self._lines.append(line)
            if ready := _READY.search(line):
                self._address.put(ready[1])

    def _ended(self) -> None:
        for thread in self._threads:
            thread.join()
        self._address.put("")

    def address(self) -> str:
        """The address that the server takes calls on, once it does."""
        try:
            address = self._address.get(timeout=_START_SECONDS)
        except queue.Empty:
            raise DemoError(
                f"the server was not ready after {_START_SECONDS} s:\n{self.text()}"
            ) from None
        if not address:
            raise DemoError(f"the server ended before it was ready:\n{self.text()}")
        return address

    def text(self) -> str:
        """All that the server has written."""
        return "".join(self._lines).rstrip()


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main())
