"""What scoring one document gives: counts to add up, and rows to look at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any

from quoth_cli.evaluation.documents import Span

__all__ = ["Counts", "Figures", "Judgment", "Row", "percent", "three"]

Counts = Counter[Hashable]
Figures = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """A statement of gold beside that of the answer.

    Attributes:
        gold: What gold says of it; empty where gold does not have it.
        answer: What the answer says of it; empty where it was not found.
        gold_spans: The content in gold.
        answer_spans: The content in the answer.
        wrong: What is wrong with it, such as "missed" or "speaker"; empty where it is right.
    """

    gold: str = ""
    answer: str = ""
    gold_spans: tuple[Span, ...] = ()
    answer_spans: tuple[Span, ...] = ()
    wrong: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Judgment:
    """The counts of one document, of which every figure is a ratio of sums, and its rows."""

    counts: Counts = field(default_factory=Counter)
    rows: tuple[Row, ...] = ()

    @property
    def errors(self) -> int:
        """How many rows are wrong."""
        return sum(1 for row in self.rows if row.wrong)

    @property
    def share(self) -> float:
        """The share of rows that are right, 0 to 1."""
        return 1 - self.errors / len(self.rows) if self.rows else 1.0


def percent(part: int, whole: int) -> float:
    """The share in percent; 0 of nothing."""
    return 100 * part / whole if whole else 0.0


def three(precision: float, recall: float) -> dict[str, float]:
    """Precision, recall and their harmonic mean."""
    both = precision + recall
    f1 = 2 * precision * recall / both if both else 0.0
    return {"precision": precision, "recall": recall, "f1": f1}
