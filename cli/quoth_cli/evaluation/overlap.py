"""Which words two spans share, and which statements belong together for that."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from quoth_cli.evaluation.documents import Span

__all__ = ["iou", "one_to_one", "word_f1", "words", "words_in"]

_WORD = re.compile(r"\w+")


def words(phrase: str) -> list[str]:
    """The words of a phrase, in lower case."""
    return _WORD.findall(phrase.lower())


def words_in(text: str, spans: Iterable[Span]) -> frozenset[int]:
    """The words of some spans, by where they start."""
    return frozenset(word.start() for s, e in spans for word in _WORD.finditer(text, s, e))


def iou(one: Collection[int], other: Collection[int]) -> float:
    """The share of what either has that both have, 0 to 1."""
    both = len(set(one) & set(other))
    return both / (len(one) + len(other) - both) if both else 0.0


def word_f1(one: Sequence[str], other: Sequence[str]) -> float:
    """How much two phrases share, 0 to 1; a word that stands twice counts twice."""
    if not one or not other:
        return 0.0
    return 2 * (Counter(one) & Counter(other)).total() / (len(one) + len(other))


def one_to_one(ranked: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Pairs of gold and prediction, each taken once, the first of `ranked` first."""
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for gold, predicted in ranked:
        if gold not in pairs and predicted not in taken:
            pairs[gold] = predicted
            taken.add(predicted)
    return pairs
