"""Where the time of an article goes: the steps of the engine, each wrapped with a clock.

A profiler would slow Python code down and leave C code alone, and so blame the wrong steps. It
runs in its own process, which has one thread as a worker has:

    python -m tests.bench.steps SECONDS < texts.json
"""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from quoth_server.engine import (
    anchors,
    context,
    factuality,
    language,
    marks,
    nonresponses,
    paragraphs,
    parse,
    pipeline,
    roles,
    statements,
    word_attributes,
)
from quoth_server.engine.attributions import model
from quoth_server.engine.config import EngineConfig
from quoth_server.engine.dates import of_statements
from quoth_server.engine.pipeline import load
from quoth_server.engine.records.network import RecordNetwork
from quoth_server.engine.speakers import referents, resolution
from quoth_server.engine.types import Article
from tests.bench.machine import ONE_THREAD
from tests.bench.texts import words
from tests.integration.server import python_path

__all__ = ["PARTS", "STEPS", "Clock", "Step", "clocked", "measured", "profile"]

STEPS: dict[str, tuple[Any, str]] = {
    "language": (language, "check"),
    "paragraphs": (paragraphs, "divide"),
    "anchor date": (anchors, "find"),
    "quotation marks": (marks, "pair"),
    "tokens": (parse.Parser, "tokens"),
    "attributions": (model.AttributionModel, "read"),
    "parse": (parse.Parser, "parse"),
    "words": (pipeline, "read_table"),
    "records": (RecordNetwork, "read"),
    "candidates": (statements, "candidates"),
    "statements": (statements, "assemble"),
    "names": (referents, "find"),
    "speakers": (resolution, "link"),
    "roles: phrases": (roles, "find"),
    "roles": (roles, "assign"),
    "dates": (of_statements, "find"),
    "context": (context, "find"),
    "factuality": (factuality, "find"),
    "nonresponses": (nonresponses, "find"),
    "rejected quotations": (statements, "rejected"),
}
"""The steps in the order of the pipeline: where each function is, and its name there."""

PARTS: dict[str, tuple[Any, str]] = {
    "parse: trees": (parse, "trees"),
    "parse: word attributes": (word_attributes.WordAttributes, "__call__"),
    "attributions: words": (model, "read_words"),
    "attributions: network": (model, "score_words"),
    "attributions: decoding": (model, "propose"),
}
"""Parts of steps; their time is in their step's, too."""


@dataclass(frozen=True, slots=True)
class Step:
    """CPU seconds of a step for 1,000 words, and its share; a part's are also in its step's."""

    name: str
    seconds: float
    share: float
    part: bool


@dataclass(slots=True)
class Clock:
    """Adds up the CPU seconds that wrapped functions take."""

    seconds: dict[str, float] = field(default_factory=dict)

    def wrap(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The same function, timed under a name."""
        self.seconds.setdefault(name, 0.0)

        def timed(*arguments: Any, **named: Any) -> Any:
            start = time.process_time()
            try:
                return function(*arguments, **named)
            finally:
                self.seconds[name] += time.process_time() - start

        return timed


@contextmanager
def clocked(places: dict[str, tuple[Any, str]]) -> Iterator[Clock]:
    """Times the functions at these places as long as it lasts.

    Raises:
        AttributeError: There is no such function any more.
    """
    clock = Clock()
    functions = {name: getattr(where, attribute) for name, (where, attribute) in places.items()}
    try:
        for name, (where, attribute) in places.items():
            setattr(where, attribute, clock.wrap(name, functions[name]))
        yield clock
    finally:
        for name, (where, attribute) in places.items():
            setattr(where, attribute, functions[name])


def measured(texts: Sequence[str], *, seconds: float) -> tuple[Step, ...]:
    """The profile, made by another process."""
    answer = subprocess.run(
        [sys.executable, "-m", __name__, str(seconds)],
        input=json.dumps(texts),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        env=os.environ | ONE_THREAD | {"PYTHONPATH": python_path()},
    )
    return tuple(Step(**row) for row in json.loads(answer.stdout))


def profile(texts: Sequence[str], *, seconds: float) -> tuple[Step, ...]:
    """Reads the texts, again and again until the CPU time is up; the steps in order."""
    engine = load(EngineConfig())
    for text in texts[:2]:
        engine.attribute(Article(text))
    read = 0
    with clocked(STEPS | PARTS) as clock:
        start = time.process_time()
        while time.process_time() - start < seconds or not read:
            for text in texts:
                engine.attribute(Article(text))
                read += words(text)
        total = time.process_time() - start
    thousands = read / 1000
    timed = dict(clock.seconds)
    rest = total - sum(timed[name] for name in STEPS)
    rows = {**timed, "the rest": rest, "total": total}
    return tuple(
        Step(name, took / thousands, took / total, part=":" in name)
        for name in _in_order(rows)
        for took in [rows[name]]
    )


def _in_order(rows: dict[str, float]) -> list[str]:
    """The steps in order, each before its parts."""
    last = ["the rest", "total"]
    parts = [name for name in rows if ":" in name]
    steps = [name for name in rows if name not in parts and name not in last]
    nested = [
        each for step in steps for each in (step, *(p for p in parts if p.startswith(f"{step}:")))
    ]
    return [*nested, *last]


if __name__ == "__main__":
    found = profile(json.load(sys.stdin), seconds=float(sys.argv[1]))
    print(json.dumps([dataclasses.asdict(step) for step in found]))
