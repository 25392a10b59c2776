"""Where the words of a quotation are among those of a statement, and how they differ.

The least number of words to replace, add and leave out, as by Levenshtein, but a stretch of the
statement is enough, and an ellipsis costs nothing. Libraries have no distance with these two, so
it is computed here, a row at a time by numpy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from quoth_server.archive.quotation import ANY, EDITED, MOST_EDITED

__all__ = ["Alignment", "Step", "align"]

_A_WORD = 1_000  # what a word that differs costs; of those that cost the same, more are the same


@dataclass(frozen=True, slots=True)
class Step:
    """A word of the quotation beside one of the statement, by their places; None is none."""

    quoted: int | None
    said: int | None
    same: bool


@dataclass(frozen=True, slots=True)
class Alignment:
    """How a quotation lies in a statement.

    Attributes:
        start: The first word of the statement that it lies beside.
        end: Behind the last one.
        steps: In order; without those words of the statement that an ellipsis stands for.
    """

    start: int
    end: int
    steps: tuple[Step, ...]

    @property
    def cost(self) -> int:
        """How many words differ."""
        return sum(not step.same for step in self.steps)

    @property
    def same(self) -> int:
        """How many words are the same."""
        return sum(step.same for step in self.steps)


def align(quoted: Sequence[str], said: Sequence[str]) -> Alignment:
    """The best place of a quotation's words, by their keys, among those of a statement."""
    numbers: dict[str, int] = {}
    there = np.array([numbers.setdefault(key, len(numbers)) for key in said], dtype=np.int32)
    rows = [np.zeros(len(said) + 1, dtype=np.int32)]
    steps = _A_WORD * np.arange(len(said) + 1, dtype=np.int32)
    for key in quoted:
        before = rows[-1]
        if key == ANY:
            rows.append(np.minimum.accumulate(before))
            continue
        if key == EDITED:
            row = before.copy()
            for width in range(1, min(MOST_EDITED, len(said)) + 1):
                row[width:] = np.minimum(row[width:], before[:-width])
            rows.append(row)
            continue
        row = before + _A_WORD
        beside = np.where(there == numbers.get(key, -1), -1, _A_WORD).astype(np.int32)
        row[1:] = np.minimum(row[1:], before[:-1] + beside)
        # A word of the statement that the quotation lacks costs one, however many there are.
        rows.append(np.minimum.accumulate(row - steps) + steps)
    return _traced(quoted, said, rows)


def _traced(quoted: Sequence[str], said: Sequence[str], rows: list[np.ndarray]) -> Alignment:
    end = int(rows[-1].argmin())
    if quoted and end < len(said) and rows[-1][end + 1] == rows[-1][end] == rows[-2][end] + _A_WORD:
        end += 1  # the last word is another one, and not one too many
    at = end
    steps: list[Step] = []
    row = len(quoted)
    while row:
        key = quoted[row - 1]
        cost = rows[row][at]
        if key in (ANY, EDITED):
            reach = at + 1 if key == ANY else min(at, MOST_EDITED) + 1
            at -= next(back for back in range(reach) if rows[row - 1][at - back] == cost)
            row -= 1
        elif at and said[at - 1] == key and rows[row - 1][at - 1] - 1 == cost:
            row, at = row - 1, at - 1
            steps.append(Step(row, at, True))
        elif at and rows[row][at - 1] + _A_WORD == cost:
            at -= 1
            steps.append(Step(None, at, False))
        elif at and rows[row - 1][at - 1] + _A_WORD == cost:
            row, at = row - 1, at - 1
            steps.append(Step(row, at, False))
        else:
            row -= 1
            steps.append(Step(row, None, False))
    return Alignment(at, end, tuple(reversed(steps)))
