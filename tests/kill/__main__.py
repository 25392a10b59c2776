"""Kills the processes of a server under load, and counts what was lost.

    python -m tests.kill [--minutes N]

Callers keep every worker busy; about once a second a worker is ended with SIGKILL, and now and
then the process that they are forked from. Each call must be answered, but that an article which
loses two workers gets an error; afterwards all workers must be back. Then the front process is
killed too, and must leave none behind. It ends with 1 if anything is wrong.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import os
import random
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import grpc
import psutil
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from quoth import v1
from quoth_cli.cores import cores
from tests.bench import start, texts
from tests.integration.server import Server, article
from tests.integration.test_privacy import scrape

_CALLERS_PER_WORKER = 2
_EVERY = 1.0  # seconds between two kills, on average
_FORK_SERVER = 0.1  # share of the kills that it gets
_PATIENCE = 90.0  # seconds that a call, or the workers' return, may take
_TOLD = "WORKER_LOST", "QUARANTINED"


@dataclass(frozen=True, slots=True)
class Family:
    """The processes that were seen behind a front process."""

    workers: set[psutil.Process] = field(default_factory=set)
    fork_servers: set[psutil.Process] = field(default_factory=set)


def main() -> int:
    """Runs it; 1 if anything is wrong."""
    arguments = _arguments()
    workers = cores()
    articles = texts.load(whole_words=1, short_words=60, corpus=Path("none")).short
    flags = ("--workers", str(workers), "--queue-per-worker", "100", "--metrics-port", "0")
    outcomes: Counter[str] = Counter()
    chance = random.Random(arguments.seed)
    with Server(*flags, engine=start.ENGINE) as server:
        ended = threading.Event()
        callers = [
            threading.Thread(target=_call, args=(server, articles, number, ended, outcomes))
            for number in range(_CALLERS_PER_WORKER * workers)
        ]
        for caller in callers:
            caller.start()
        killed: Counter[str] = Counter()
        end = time.monotonic() + 60 * arguments.minutes
        seen = Family()
        while time.monotonic() < end and server.process.poll() is None:
            time.sleep(chance.expovariate(1 / _EVERY))
            _look(server, seen)
            killed[_kill(seen, chance)] += 1
        ended.set()
        for caller in callers:
            caller.join()
        back = _until(lambda: f"\nquoth_workers {workers}.0" in scrape(server))
        _look(server, seen)
        with contextlib.suppress(ProcessLookupError):
            os.kill(server.process.pid, signal.SIGKILL)
        gone = _until(lambda: not any(map(_runs, seen.workers | seen.fork_servers)))
    problems = [f"{count} calls: {code}" for code, count in outcomes.items() if _is_bad(code)]
    problems += [] if back else ["the workers have not come back"]
    problems += [] if gone else ["processes outlive the front process"]
    problems += [] if outcomes["OK"] else ["no call was answered"]
    print(f"killed {_words(killed)}; calls {_words(outcomes)}")
    print(*(f"PROBLEM: {problem}" for problem in problems), sep="\n")
    return int(bool(problems))


def _call(
    server: Server,
    articles: Sequence[str],
    first: int,
    ended: threading.Event,
    outcomes: Counter[str],
) -> None:
    """Asks for one article after the other; no two are the same, as one that ends workers is."""
    with server.channel() as channel:
        stub = v1.AttributionServiceStub(channel)
        for number in itertools.count():
            if ended.is_set():
                return
            text = articles[(first + number) % len(articles)]
            request = article(f"{text}\n\nEdition {first}, {number}.")
            call = stub.AttributeQuotes.future(request, timeout=_PATIENCE)
            outcomes[_outcome(call)] += 1


def _outcome(call: grpc.Future) -> str:
    code: grpc.StatusCode = call.code()
    if code is grpc.StatusCode.OK:
        return "OK"
    info = error_details_pb2.ErrorInfo()
    status = rpc_status.from_call(call)
    for detail in status.details if status else ():
        detail.Unpack(info)
    return f"{code.name} {info.reason}"


def _is_bad(outcome: str) -> bool:
    return outcome != "OK" and outcome.rpartition(" ")[2] not in _TOLD


def _look(server: Server, seen: Family) -> None:
    """Notes the processes behind the front process, those that workers are forked from too.

    Where one of these has died, its workers are no longer behind the front process.
    """
    with contextlib.suppress(psutil.NoSuchProcess):
        for parent in psutil.Process(server.process.pid).children():
            workers = parent.children()
            seen.workers.update(workers)
            # There is another child, without children: it looks after what processes share.
            seen.fork_servers.update([parent] if workers else [])


def _kill(seen: Family, chance: random.Random) -> str:
    """Kills one of them; what it was. None that took over the number of another is hit."""
    is_parent = chance.random() < _FORK_SERVER
    there = [each for each in (seen.fork_servers if is_parent else seen.workers) if _runs(each)]
    if not there:
        return "nobody, as none was there"
    with contextlib.suppress(psutil.NoSuchProcess):
        min(there, key=lambda each: chance.random()).kill()
    return "fork server" if is_parent else "worker"


def _runs(process: psutil.Process) -> bool:
    with contextlib.suppress(psutil.NoSuchProcess):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False


def _until(holds: Callable[[], bool]) -> bool:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.1)
    return False


def _words(counted: Counter[str]) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(counted.items()))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.kill", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--minutes", type=float, default=3.0, help="how long")
    parser.add_argument("--seed", type=int, default=9, help="of what is killed")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
