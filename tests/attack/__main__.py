"""Attacks a server, the client and the command on this machine, and says what became of it.

    python -m tests.attack [--only R1,R5,…] [--pairs 100]

Small inputs once halted the service, lost data or took gigabytes; each of them is sent again here,
to processes that this program starts on free ports of 127.0.0.1 and ends itself. It takes some
minutes. The table goes to standard output and to `build/attack`, where `front.traces` says what
the threads of the server were doing when its event loop stood still. It ends with 1 if anything
is not as wanted.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from tests.attack import archives, clients, loop, ports, service
from tests.attack.finding import Finding
from tests.attack.front import FAKE, Front, front
from tests.integration.server import ROOT, Server

_LONGEST_STOP = 0.25  # seconds that the event loop may stand still
_WATCHED = ("--workers", "2", "--queue-per-worker", "8", "--http", "0")
_HEADS = ("", "wanted", "measured", "reached")


def main() -> int:
    """Runs the attacks; 1 if one of them reached something."""
    arguments = _arguments()
    arguments.out.mkdir(parents=True, exist_ok=True)
    only = {name for name in arguments.only.split(",") if name}
    found: dict[str, Finding] = {}
    with tempfile.TemporaryDirectory() as made, ExitStack() as running:
        folder = Path(made)
        resting = folder / "resting.stops"
        running.enter_context(loop.resting(resting))
        began = time.monotonic()
        target = running.enter_context(front(folder, "front", FAKE, *_WATCHED))
        plain = running.enter_context(Server("--workers", "2", "--log-level", "info"))
        for name, run in _attacks(target, plain, folder, arguments.pairs):
            if only and name.split(" ", maxsplit=1)[0].rstrip(",") not in only:
                continue
            found[name] = _told(name, run)
        found["event loop"] = _told("event loop", lambda: _loop(target.stops, resting, began))
        shown = target.stops.with_suffix(".traces")
        (arguments.out / "front.traces").write_bytes(shown.read_bytes())
    table = _table(found)
    (arguments.out / "attack.md").write_text(table, encoding="utf-8")
    document = {name: dataclasses.asdict(finding) for name, finding in found.items()}
    (arguments.out / "attack.json").write_text(json.dumps(document, indent=1) + "\n")
    print(f"\n{table}", end="")
    return int(not all(finding.reached for finding in found.values()))


def _attacks(
    target: Front, plain: Server, folder: Path, pairs: int
) -> Iterator[tuple[str, Callable[[], Finding]]]:
    def watched(run: Callable[[Front], Finding]) -> Finding:
        target.forget_memory()
        return run(target)

    every: Mapping[str, Callable[[], Finding]] = {
        **{name: partial(watched, run) for name, run in service.ATTACKS.items()},
        "R3": partial(archives.pairs, pairs),
        "R5": partial(service.long_texts, folder),
        **{name: partial(run, folder) for name, run in ports.ATTACKS.items()},
        **{name: partial(run, plain, folder) for name, run in archives.ATTACKS.items()},
        **{name: partial(run, plain) for name, run in clients.ATTACKS.items()},
    }
    return iter(sorted(every.items(), key=lambda item: _place(item[0])))


def _place(name: str) -> tuple[int, int]:
    first = name.split(" ", maxsplit=1)[0].rstrip(",")
    return "ROD".index(first[0]), int(first[1:])


def _told(name: str, run: Callable[[], Finding]) -> Finding:
    """Runs one attack and says so; one that fails itself is one that is not as wanted."""
    start = time.monotonic()
    try:
        finding = run()
    except Exception as error:  # noqa: BLE001 - the others are run all the same
        finding = Finding("ends", f"{type(error).__name__}: {error}"[:300], reached=False)
    mark = "reached" if finding.reached else "NOT REACHED"
    print(f"{name:12} {time.monotonic() - start:6.1f} s  {mark}: {finding.measured}", flush=True)
    return finding


def _loop(path: Path, resting: Path, began: float) -> Finding:
    """How long the event loop stood still while it was attacked."""
    stops = loop.stops(path, began, time.monotonic())
    longest = loop.worst(stops)
    at_work = max((stop.work for stop in stops), default=0.0)
    beside = loop.worst(loop.stops(resting, began, time.monotonic()))
    return Finding(
        f"stands still for at most {_LONGEST_STOP:g} s",
        f"{longest.late:.2f} s by the clock, in which the server used {longest.work:.2f} s of the "
        f"cores; at most {at_work:.2f} s at work; a process that only sleeps {beside.late:.2f} s",
        at_work <= _LONGEST_STOP,
    )


def _table(found: Mapping[str, Finding]) -> str:
    rows = [_HEADS, tuple("---" for _ in _HEADS)]
    rows += [
        (name, each.wanted, each.measured, "yes" if each.reached else "**no**")
        for name, each in found.items()
    ]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.attack", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--only", default="", help="those to run, with commas between them")
    parser.add_argument("--pairs", type=int, default=100, help="of R3")
    parser.add_argument("--out", type=Path, default=ROOT / "build/attack", help="where to write")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
