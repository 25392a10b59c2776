"""The server behind `Embedded`: for one program, on a socket in a folder that the program made.

It ends at once, with its workers and the folder, when its standard input ends: the program holds
the other end, and has let go of it or is gone. On its standard output it says that it is ready, or
why it is not. What follows the folder and the workers on its command line are flags of
`quoth-server`.

Worker processes import this module too, so it imports what it needs only when it runs.
"""

from __future__ import annotations

import json
import os
import select
import shutil
import signal
import sys
import threading
from multiprocessing import forkserver

__all__ = ["main"]

# What concerns the engine and the articles; how a server is reached is settled here.
_SETTINGS = {
    f"QUOTH_{name}"
    for name in ("ENGINE", "PIPELINE", "MAX_DEADLINE", "MAX_BODY_CHARACTERS", "MIN_CONFIDENCE")
}
_SPEC = "QUOTH_PRELOAD_SPEC"  # of `service.preload`, whose import here would cost time


def main() -> int:
    """Runs the server; the command line has its folder, its workers and more flags of it."""
    folder, workers, *flags = sys.argv[1:]
    threading.Thread(target=_end_with_program, args=(folder,), daemon=True).start()
    _keep_standard_output()
    for name in list(os.environ):
        if name.upper().startswith("QUOTH_") and name.upper() not in _SETTINGS:
            del os.environ[name]

    _load_engine_early()

    import logging
    import urllib.parse

    from quoth_server.__main__ import serve

    logging.disable()  # the program learns from its answers what failed
    address = f"unix:{urllib.parse.quote(folder)}/socket"
    return serve(
        ["--listen", address, "--workers", workers, "--no-reflection", *flags],
        private=True,
    )


def _load_engine_early() -> None:
    """Starts the fork server, which loads the engine while this process imports the rest.

    The settings are not read yet. Should they want another engine, the workers load that one.
    """
    given = {"factory": "QUOTH_ENGINE", "pipeline": "QUOTH_PIPELINE"}
    spec = {
        name: os.environ[variable] for name, variable in given.items() if variable in os.environ
    }
    os.environ[_SPEC] = json.dumps(spec)
    forkserver.set_forkserver_preload(["quoth_server.service.preload"])
    forkserver.ensure_running()
    del os.environ[_SPEC]  # this process is to load nothing


def _end_with_program(folder: str) -> None:
    program = os.getppid()
    # A fork of the program may hold the other end of the pipe longer than the program lives.
    while not select.select([0], [], [], 1.0)[0] and os.getppid() == program:
        pass
    shutil.rmtree(folder, ignore_errors=True)
    os.killpg(0, signal.SIGKILL)


def _keep_standard_output() -> None:
    """Keeps it for what the server itself says: what a library prints goes nowhere."""
    program = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    sys.stdout = sys.stderr = program


if __name__ == "__main__":
    sys.exit(main())
