"""Scores a set of gold documents by the scorer of their kind, with confidence intervals."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, reduce
from typing import Any, cast

from quoth_cli.evaluation import attributions, cases, records
from quoth_cli.evaluation.documents import Attributions, Case, Document, Prediction, Records
from quoth_cli.evaluation.judgment import Counts, Figures, Judgment

__all__ = ["Gold", "Score", "score", "unseen_first", "value_of"]

_RESAMPLINGS = 1000
_SEED = 1
_LOW, _HIGH = 0.025, 0.975


@dataclass(frozen=True, slots=True)
class _Scorer:
    kind: str
    judge: Callable[[Any, Prediction], Judgment]
    figures: Callable[[Counts], Figures]
    headlines: Sequence[str]


_SCORERS: Mapping[type[Document], _Scorer] = {
    Records: _Scorer("records", records.judge, records.figures, records.HEADLINES),
    Attributions: _Scorer(
        "attributions", attributions.judge, attributions.figures, attributions.HEADLINES
    ),
    Case: _Scorer("cases", cases.judge, cases.figures, cases.HEADLINES),
}


@dataclass(frozen=True, slots=True)
class Gold:
    """Documents of one kind that are scored together.

    Attributes:
        name: What to call them.
        documents: The documents.
        part: "held out" or "in sight" where a set has both, else empty.
    """

    name: str
    documents: Sequence[Document]
    part: str = ""

    @property
    def title(self) -> str:
        """The name with the part."""
        return f"{self.name}, {self.part}" if self.part else self.name


@dataclass(frozen=True)
class Score:
    """How good the predictions for some documents are."""

    gold: Gold
    judgments: Sequence[Judgment]
    unanswered: int = 0
    _scorer: _Scorer = field(repr=False, kw_only=True)

    @property
    def kind(self) -> str:
        """What was scored: "records", "attributions" or "cases"."""
        return self._scorer.kind

    @cached_property
    def figures(self) -> Figures:
        """Every figure, in percent unless it is a count."""
        return self._scorer.figures(_total(each.counts for each in self.judgments))

    @cached_property
    def intervals(self) -> Mapping[str, tuple[float, float]]:
        """The 95 % confidence intervals of the headline figures, the documents resampled."""
        rng = random.Random(_SEED)
        keys = sorted({key for each in self.judgments for key in each.counts}, key=repr)
        rows = [[each.counts[key] for key in keys] for each in self.judgments]
        samples: dict[str, list[float]] = {name: [] for name in self._scorer.headlines}
        for _ in range(_RESAMPLINGS):
            drawn = rng.choices(rows, k=len(rows))
            sums = map(sum, zip(*drawn, strict=True))
            made = self._scorer.figures(Counter(dict(zip(keys, sums, strict=True))))
            for name, values in samples.items():
                values.append(value_of(made, name))
        return {name: _interval(values) for name, values in samples.items()}

    def fields(self) -> dict[str, Any]:
        """The score as it is written in JSON."""
        return {
            "gold": self.gold.name,
            "part": self.gold.part,
            "kind": self.kind,
            "articles": len(self.gold.documents),
            "unanswered": self.unanswered,
            "figures": self.figures,
            "intervals": self.intervals,
        }


def score(gold: Gold, predictions: Mapping[str, Prediction]) -> Score:
    """Scores the predictions, by id; a document without one counts as one without statements."""
    scorer = _SCORERS[type(gold.documents[0])]
    judgments = [
        scorer.judge(each, predictions.get(each.id) or Prediction(id=each.id))
        for each in gold.documents
    ]
    unanswered = sum(1 for each in gold.documents if each.id not in predictions)
    return Score(gold, judgments, unanswered, _scorer=scorer)


def unseen_first(sets: Iterable[Gold]) -> list[Gold]:
    """The sets with what is held out by itself, before everything else."""
    unseen, others = [], []
    for each in sets:
        held_out = [document for document in each.documents if document.held_out]
        rest = [document for document in each.documents if not document.held_out]
        if held_out:
            unseen.append(Gold(each.name, held_out, "held out"))
        if rest:
            others.append(Gold(each.name, rest, "in sight") if held_out else each)
    return [*unseen, *others]


def value_of(figures: Figures, name: str) -> float:
    """A figure by its dotted name."""
    return cast("float", reduce(lambda part, key: part[key], name.split("."), cast("Any", figures)))


def _total(counts: Iterable[Counts]) -> Counts:
    total: Counts = Counter()
    for each in counts:
        total.update(each)
    return total


def _interval(values: list[float]) -> tuple[float, float]:
    ranked = sorted(values)
    last = len(ranked) - 1
    return ranked[int(_LOW * last)], ranked[round(_HIGH * last)]
