"""How long the event loop of a server stands still, as the loop itself notices.

`PRELUDE` is what a server runs first to have it noted. A process that only sleeps notes the same
of itself: what both have is a machine that is busy with something else.
"""

from __future__ import annotations

import asyncio
import contextlib
import faulthandler
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.integration.server import ROOT, python_path

__all__ = ["PRELUDE", "Stop", "control", "resting", "stops", "watch", "worst"]

PRELUDE = "import sys; from tests.attack import loop; loop.watch({path!r})"

_EVERY = 0.02  # seconds between two looks
_NOTED = 0.03  # seconds over that; less is not written
_TRACED = 0.15  # seconds after which it is written what all threads are doing


@dataclass(frozen=True, slots=True)
class Stop:
    """A time that the loop, or a process that sleeps, came too late.

    Attributes:
        at: When it went on, by the clock that all processes share.
        late: For how long, in seconds.
        work: What the process used of the cores meanwhile, all its threads together; of a machine
            that was busy with others it is little.
    """

    at: float
    late: float
    work: float


def watch(path: str) -> None:
    """Has the server that is about to run note its stops in a file."""
    from quoth_server.service import app

    serve = app.serve

    async def watched(settings: Any, **rest: Any) -> Any:
        noting = asyncio.create_task(_note(Path(path)))
        try:
            return await serve(settings, **rest)
        finally:
            noting.cancel()

    app.serve = watched


async def _note(path: Path) -> None:
    with path.open("w") as notes, path.with_suffix(".traces").open("w") as traces:
        while True:
            begun, used = time.monotonic(), time.process_time()
            faulthandler.dump_traceback_later(_EVERY + _TRACED, file=traces)
            await asyncio.sleep(_EVERY)
            faulthandler.cancel_dump_traceback_later()
            _write(notes, begun, used)


def control(path: str) -> None:
    """Sleeps until it is ended, and notes when it came too late."""
    with Path(path).open("w") as notes:
        while True:
            begun, used = time.monotonic(), time.process_time()
            time.sleep(_EVERY)
            _write(notes, begun, used)


def _write(notes: Any, begun: float, used: float) -> None:
    now = time.monotonic()
    late = now - begun - _EVERY
    if late >= _NOTED:
        stop = Stop(now, round(late, 3), round(min(late, time.process_time() - used), 3))
        notes.write(json.dumps(asdict(stop)) + "\n")
        notes.flush()


@contextmanager
def resting(path: Path) -> Iterator[None]:
    """Runs a process that only sleeps, and notes in a file when it came too late."""
    program = f"from tests.attack import loop; loop.control({str(path)!r})"
    process = subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, env={"PYTHONPATH": python_path()}
    )
    try:
        yield
    finally:
        process.kill()
        process.wait()


def stops(path: Path, since: float, until: float) -> list[Stop]:
    """What was noted of stops that ended between two times."""
    found = []
    with contextlib.suppress(FileNotFoundError), path.open() as notes:
        for line in notes:
            with contextlib.suppress(ValueError):  # the last line may be a part of one
                found.append(Stop(**json.loads(line)))
    return [stop for stop in found if since <= stop.at <= until + 1]


def worst(found: list[Stop]) -> Stop:
    """The longest of some stops."""
    return max(found, key=lambda stop: stop.late, default=Stop(0.0, 0.0, 0.0))
