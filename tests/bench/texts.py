"""The articles that the bench reads, and their length in words."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import quoth_server
from evaluation.as_jsonl import documents

__all__ = ["SAMPLE", "Texts", "load", "shortened", "spread_out", "words"]

SAMPLE = Path(quoth_server.__file__).parent / "data" / "sample.txt"
_CORPUS = Path(__file__).resolve().parents[3] / "shared/corpora/polnear/dev.jsonl"


@dataclass(frozen=True, slots=True)
class Texts:
    """`whole` articles, and `short` ones: their first paragraphs.

    Speed is measured on whole articles. Latency needs many calls in little time, so what goes
    over the wire is short.
    """

    source: str
    whole: tuple[str, ...]
    short: tuple[str, ...]


def words(text: str) -> int:
    """The number of words, as white space divides them."""
    return len(text.split())


def load(whole_words: int, short_words: int, corpus: Path = _CORPUS) -> Texts:
    """The corpus where it is, else the project's own sample and gold texts.

    Args:
        whole_words: How many words the whole articles have together, roughly.
        short_words: How many words a short one has at least, where the article has as many.
        corpus: A file of JSON objects with a `text`, one a line.
    """
    if corpus.exists():
        lines = corpus.read_text(encoding="utf-8").splitlines()
        every = [json.loads(line)["text"] for line in lines if line.strip()]
        source = "PolNeAR, development part"
    else:
        every = [document["text"] for document in documents()]
        every.append(SAMPLE.read_text(encoding="utf-8"))
        source = "quoth's own sample and gold"
    whole = spread_out(every, whole_words)
    return Texts(source, whole, tuple(shortened(text, short_words) for text in every))


def spread_out(texts: Sequence[str], enough: int) -> tuple[str, ...]:
    """As many texts as have `enough` words together, taken evenly over all of them."""
    mean = sum(map(words, texts)) / len(texts)
    count = min(len(texts), max(1, round(enough / mean)))
    return tuple(texts[index * len(texts) // count] for index in range(count))


def shortened(text: str, enough: int) -> str:
    """The first paragraphs of a text, up to the one with which it has `enough` words."""
    taken: list[str] = []
    for line in text.splitlines(keepends=True):
        taken.append(line)
        if sum(map(words, taken)) >= enough:
            break
    return "".join(taken)
