"""quoth's engine beside textacy's `direct_quotations`, on the same texts, in turns."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from tests.bench.figures import Spread, ratios
from tests.bench.machine import ONE_THREAD
from tests.bench.texts import words

__all__ = ["PEERS", "Linearity", "Peer", "Reader", "compare", "linearity", "process"]

_READER = Path(__file__).with_name("reader.py")
PEERS = ("textacy by paragraph", "textacy by batch", "textacy whole")


@dataclass(frozen=True, slots=True)
class Peer:
    """Words a second of one reader, by CPU time and by the clock, and quoth's beside them."""

    name: str
    by_cpu: Spread
    by_clock: Spread
    quoth_times: Spread
    """How many times as fast quoth is, by CPU time, round by round."""
    refused: int


@dataclass(frozen=True, slots=True)
class Linearity:
    """How many times as long `times` times the text takes, by CPU time."""

    words: int
    times: int
    longer: Spread


class Reader:
    """A process of `reader.py`."""

    def __init__(self, child: subprocess.Popen[str]) -> None:
        self._child = child

    def read(self, name: str, texts: Sequence[str]) -> dict[str, float]:
        """Has the texts read; `wall` and `cpu` seconds, and the number of parts `refused`."""
        assert self._child.stdin
        assert self._child.stdout
        print(json.dumps({"reader": name, "texts": texts}), file=self._child.stdin, flush=True)
        answer = self._child.stdout.readline()
        if not answer:
            raise RuntimeError(f"the process that reads as {name!r} ended; see above")
        figures: dict[str, float] = json.loads(answer)
        return figures


@contextmanager
def process(python: Path = Path(sys.executable)) -> Iterator[Reader]:
    """A process that reads, in the environment of this interpreter or another."""
    child = subprocess.Popen(
        [python, "-P", _READER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | ONE_THREAD,
    )
    with child:
        yield Reader(child)
        assert child.stdin
        child.stdin.close()


class _Speeds:
    """Words a second in each round."""

    def __init__(self) -> None:
        self.by_cpu: list[float] = []
        self.by_clock: list[float] = []
        self.refused = 0

    def add(self, read: int, took: dict[str, float]) -> Self:
        self.by_cpu.append(read / took["cpu"])
        self.by_clock.append(read / took["wall"])
        self.refused = int(took["refused"])
        return self


def compare(
    quoth: Reader, textacy: Reader, texts: Sequence[str], *, seconds: float, least: int
) -> list[Peer]:
    """Rounds of quoth, then each form of textacy, until the time is up; quoth comes first.

    At least `least` rounds are done, whatever they take.
    """
    read = sum(map(words, texts))
    readers = {"quoth": quoth, **dict.fromkeys(PEERS, textacy)}
    speeds = {name: _Speeds() for name in readers}
    for name, reader in readers.items():
        reader.read(name, texts[:1])  # loads it
    end = time.monotonic() + seconds
    while time.monotonic() < end or len(speeds["quoth"].by_cpu) < least:
        for name, reader in readers.items():
            speeds[name].add(read, reader.read(name, texts))
    return [
        Peer(
            name,
            Spread.of(speed.by_cpu),
            Spread.of(speed.by_clock),
            ratios(speeds["quoth"].by_cpu, speed.by_cpu),
            speed.refused,
        )
        for name, speed in speeds.items()
    ]


def linearity(quoth: Reader, text: str, *, times: int, rounds: int) -> Linearity:
    """Reads a text and then `times` of it in one, in turns."""
    long = "\n\n".join([text] * times)
    quoth.read("quoth", [text])
    pairs = [
        (quoth.read("quoth", [long])["cpu"], quoth.read("quoth", [text])["cpu"])
        for _ in range(rounds)
    ]
    longer = ratios([long for long, _ in pairs], [short for _, short in pairs])
    return Linearity(words(text), times, longer)
