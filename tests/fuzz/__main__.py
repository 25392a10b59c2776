"""Sends broken requests to its own server and checks every answer.

    python -m tests.fuzz [--cases N] [--seed S] [--replay FILE …]

Every case is made from the seed and its number. Those that fail are written to `build/fuzz`, from
where `--replay` sends them again. It ends with 1 if any failed.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from quoth_cli.cores import cores
from tests.fuzz.attack import Failure, Tally, attack, read_case, write_failure
from tests.fuzz.mutations import Case, case
from tests.integration.server import ROOT, Server

ENGINE = "quoth_server.engine.pipeline:load"
_FAULTS = ("message=fault", "died", "was not read", "Traceback")


def main() -> int:
    """Runs the attack; 1 if an answer was wrong or the server faltered."""
    arguments = _arguments()
    seed = arguments.seed if arguments.seed is not None else time.time_ns() % 1_000_000
    chosen: Iterator[Case] = (
        map(read_case, arguments.replay)
        if arguments.replay
        else (case(seed, number) for number in range(arguments.cases))
    )
    print(f"seed {seed}", flush=True)
    began = time.monotonic()

    def keep(failure: Failure) -> None:
        path = write_failure(failure, arguments.out)
        print(f"{path}\n  " + "\n  ".join(failure.problems[:5]), flush=True)

    # A long queue, so that nothing is refused for want of room.
    flags = (
        "--workers",
        str(cores()),
        "--queue-per-worker",
        "100",
        "--log-level",
        "info",
        "--http",
        "0",
    )
    with Server(*flags, engine=ENGINE) as server:
        cases = _watched(chosen, began)
        tally = asyncio.run(attack(server.address, server.url, cases, on_failure=keep))
        log, faltered = server.log, server.process.poll() is not None
    bad_lines = [line for line in log.splitlines() if any(fault in line for fault in _FAULTS)]
    print(*bad_lines[:20], sep="\n")
    print(summary(tally, time.monotonic() - began), f"exit code {server.process.returncode}")
    return int(bool(tally.failures or bad_lines or faltered or server.process.returncode))


def summary(tally: Tally, seconds: float) -> str:
    """What was sent and what came back, for people."""
    outcomes = "\n".join(f"  {count:7,} {name}" for name, count in sorted(tally.outcomes.items()))
    return (
        f"{tally.sent:,} cases, {tally.requests:,} requests in {seconds:.0f} s, "
        f"{tally.statements:,} statements, "
        f"the slowest ({tally.slowest[1]}) {tally.slowest[0]:.1f} s; "
        f"{len(tally.failures)} failed\n{outcomes}"
    )


def _watched(cases: Iterator[Case], began: float) -> Iterator[Case]:
    for number, each in enumerate(cases):
        if number and number % 1_000 == 0:
            print(f"{time.monotonic() - began:5.0f} s  {number:,} cases", flush=True)
        yield each


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--cases", type=int, default=100_000, help="how many to send")
    parser.add_argument("--seed", type=int, help="that of an earlier run")
    parser.add_argument("--replay", type=Path, nargs="*", help="files of build/fuzz to send again")
    parser.add_argument("--out", type=Path, default=ROOT / "build/fuzz", help="where to write")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
