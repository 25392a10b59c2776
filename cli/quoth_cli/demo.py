"""A demonstration: `python -m quoth_cli.demo` attributes a sample article.

It starts a real server on a free port, runs the real `quoth` command against it, and stops the
server as an operator would. Any step that goes wrong ends it with a message and an exit code.
"""

from __future__ import annotations

import contextlib
import importlib.resources
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

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
        [sys.executable, "-m", *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    written: list[str] = []
    try:
        yield _address(server, written)
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
        raise DemoError(f"the server ended with code {code}:\n{''.join(written).rstrip()}")


def _address(server: subprocess.Popen[str], written: list[str]) -> str:
    """The address that the server takes calls on, once it does.

    All that it writes is added to `written` as it comes, so that its pipe never fills.
    """
    assert server.stdout
    start = time.monotonic()
    late = threading.Timer(_START_SECONDS, server.kill)
    late.start()
    try:
        for line in server.stdout:
            written.append(line)
            if ready := _READY.search(line):
                threading.Thread(target=written.extend, args=[server.stdout], daemon=True).start()
                return ready[1]
    finally:
        late.cancel()
    is_late = time.monotonic() - start >= _START_SECONDS
    why = f"was not ready after {_START_SECONDS} s" if is_late else "ended before it was ready"
    raise DemoError(f"the server {why}:\n{''.join(written).rstrip()}")


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main())
