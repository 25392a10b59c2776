"""What is kept of every statement while repeats are looked for: some thirty bytes each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

import numpy as np
import numpy.typing as npt

from quoth_server.archive import words
from quoth_server.archive.repeats import marks
from quoth_server.archive.repeats.marks import Hashes
from quoth_server.archive.repeats.spill import Spill
from quoth_server.archive.statement import Statement

__all__ = ["FEWEST", "Digest", "Statements", "digest", "last_name", "without_day"]

FEWEST = 5
"""Words that a statement has at least: fewer say the same by chance."""
_FEW = 8  # words up to which two statements are one quotation only by the same speaker
_BATCH = 10_000
_DIRECT = "direct"
without_day = -1
"""Instead of a day, where none is known."""


class Statements(Protocol):
    """Statements by their numbers from 0, those of an article one after the other."""

    def __len__(self) -> int:
        """How many there are."""

    def each(self) -> Iterator[Statement]:
        """All of them, in order."""

    def statement(self, number: int) -> Statement:
        """One of them."""


@dataclass(frozen=True, slots=True)
class Digest:
    """Each array has a value for every statement; `days` and `titles` one for every article.

    Attributes:
        text: A hash of the words, and of the speaker where there are few.
        told: Whether it has enough words, and is likely enough, to be looked at.
        reported: Whether some of its words are the reporter's.
        article: The number of its article, from 0.
        days: Of the articles, as ordinals; `without_day` where none is known.
        titles: Hashes of the titles; 0 where there is none.
    """

    text: Hashes
    told: npt.NDArray[np.bool_]
    reported: npt.NDArray[np.bool_]
    article: npt.NDArray[np.int32]
    days: npt.NDArray[np.int32]
    titles: Hashes


def digest(statements: Statements, spill: Spill, least: float = 0) -> Digest:
    """Reads all statements once; their marks go to the disk, those of the likely ones."""
    count = len(statements)
    text = np.zeros(count, np.uint64)
    told = np.zeros(count, np.bool_)
    reported = np.zeros(count, np.bool_)
    article = np.zeros(count, np.int32)
    days: list[int] = []
    titles: list[int] = []
    last: object = None
    number = 0
    for batch in _batches(statements.each()):
        start = number
        texts = []
        for each in batch:
            keys = words.keys(each.content)
            place = each.source, each.position
            if place != last:
                last = place
                days.append(each.anchor_date.toordinal() if each.anchor_date else without_day)
                titles.append(marks.hash_of(words.keys(each.title)) if each.title else 0)
            own = (*keys, last_name(each)) if len(keys) < _FEW else keys
            text[number] = marks.hash_of(own)
            told[number] = len(keys) >= FEWEST and each.is_likely(least)
            reported[number] = each.kind != _DIRECT
            article[number] = len(days) - 1
            texts.append(keys if told[number] else ())
            number += 1
        found, owner = marks.marks(texts)
        spill.add(found, owner + np.uint32(start))
    if number != count:
        raise RuntimeError(f"the archive has {number} statements and not {count}; it has changed")
    return Digest(
        text, told, reported, article, np.array(days, np.int32), np.array(titles, np.uint64)
    )


def last_name(statement: Statement) -> str:
    """The last word of the speaker's name; empty where nobody is named."""
    keys = words.keys(statement.speaker or "")
    return keys[-1] if keys else ""


def _batches(statements: Iterable[Statement]) -> Iterator[list[Statement]]:
    each = iter(statements)
    while batch := list(islice(each, _BATCH)):
        yield batch
