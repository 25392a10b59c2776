"""Gold documents, and whether what the engine found in them is right.

The rules are those of `score_records.py` (`../shared/eval`): a statement pairs with the record of
which it shares at least half the words; other names than a person's need two thirds of their words.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from quoth_server.engine.types import DateGranularity, Span, StatementDate
from training import standoff

__all__ = [
    "Gold",
    "annotated",
    "content_words",
    "documents",
    "fold_of",
    "iso",
    "own_gold",
    "read_jsonl",
    "real_news",
    "same_date",
    "same_role",
    "same_speaker",
    "spans",
]

_ROOT = Path(__file__).resolve().parents[2]
_WORD = re.compile(r"\w+")
_TRAINING = ("wikinews", "records")
_PAIRED = 0.5
_TOUCHED = 0.2
_SAME_DESCRIPTION = 0.6
_SAME_ROLE = 0.5
_TITLES = frozenset(
    re.findall(
        r"\w+",
        "mr mrs ms dr sen senator rep representative gov governor president gen general lt col sgt "
        "judge justice prof professor sir dame lord lady the a an his her its their former",
    )
)


def own_gold() -> list[dict[str, Any]]:
    """The project's own gold."""
    printed = subprocess.run(
        [sys.executable, "-m", "evaluation.as_jsonl"], cwd=_ROOT, check=True, capture_output=True
    )
    return [json.loads(line) for line in printed.stdout.decode("utf-8").splitlines()]


@cache
def documents(shared: Path, *, quick: bool = False) -> list[dict[str, Any]]:
    """The gold to train on: the own less what is held out, real news, and what we annotated."""
    own = [document for document in own_gold() if not document["held_out"]]
    if quick:
        return own[:12]
    return own + real_news(shared) + annotated(shared)


def annotated(shared: Path) -> list[dict[str, Any]]:
    """What we annotated on articles of the corpora."""
    return [
        article
        for corpus in standoff.CORPORA
        for article in standoff.read(shared / "corpora", corpus)
    ]


def real_news(shared: Path) -> list[dict[str, Any]]:
    """The gold of real news that others annotated: what figures are told of."""
    return read_jsonl(shared / "gold" / f"{name}-train.jsonl" for name in _TRAINING)


def fold_of(key: str, folds: int) -> int:
    """The fold of an article, by its id."""
    return int(hashlib.sha256(key.encode()).hexdigest(), 16) % folds


def read_jsonl(paths: Iterable[Path]) -> list[dict[str, Any]]:
    """The documents of some files."""
    return [json.loads(line) for path in paths for line in path.open(encoding="utf-8")]


@dataclass(frozen=True)
class Gold:
    """The annotation of one document: records or attributions, and what may be found or not."""

    body: str
    records: Sequence[tuple[frozenset[int], Mapping[str, Any]]]
    other: Sequence[frozenset[int]]

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Gold:
        """The gold of a document with "records" or "attributions"."""
        body = document["text"]
        told = document["records"] if "records" in document else document["attributions"]
        return cls(
            body,
            [(content_words(body, record["content"]), record) for record in told],
            [content_words(body, each) for each in document.get("other", ())],
        )

    def record(self, content: Sequence[Span]) -> Mapping[str, Any] | None:
        """The record that a statement pairs with."""
        said = content_words(self.body, content)
        share, _, record = max(
            ((_overlap(said, words), -n, r) for n, (words, r) in enumerate(self.records)),
            key=lambda each: each[:2],
            default=(0.0, 0, None),
        )
        return record if share >= _PAIRED else None

    def touches(self, content: Sequence[Span]) -> bool:
        """Whether a statement that pairs with no record touches what is annotated."""
        said = content_words(self.body, content)
        return any(said & words for words in self.other) or any(
            _overlap(said, words) > _TOUCHED for words, _ in self.records
        )

    def is_other(self, content: Sequence[Span]) -> bool:
        """Whether it touches what may be found or not."""
        said = content_words(self.body, content)
        return any(said & words for words in self.other)


def spans(value: Any) -> list[Span]:
    """A span of gold, one or several or none, as spans."""
    if not value:
        return []
    return [Span(*each) for each in ([value] if isinstance(value[0], int) else value)]


def same_speaker(speaker: Mapping[str, Any] | None, name: str | None) -> bool:
    """Whether a name is one of the speaker's; none is wanted where the record has none."""
    if speaker is None or not name:
        return speaker is None and not name
    found = _name(name)
    for wanted in (_name(n) for n in speaker["names"]):
        if found == wanted:
            return True
        if speaker["kind"] != "PERSON" and _shared(found, wanted) >= _SAME_DESCRIPTION:
            return True
    return False


def same_role(record: Mapping[str, Any], role: str | None) -> bool:
    """Whether a role is one of the record's wordings."""
    found = _words(role or "")
    return any(_shared(found, _words(wanted)) >= _SAME_ROLE for wanted in record["roles"])


def same_date(record: Mapping[str, Any], date: str | None) -> bool:
    """Whether a date is the record's; one given before the statement may be missing."""
    if date is None:
        return record.get("date_scope") != "cue"
    return bool(date == record["date"])


def iso(told: StatementDate | None) -> str | None:
    """The date as gold writes it: a week by its month."""
    if told is None or told.date is None:
        return None
    day = told.date
    parts = (f"{day.year:04}", f"{day.month:02}", f"{day.day:02}")
    known = {
        DateGranularity.DAY: 3,
        DateGranularity.WEEK: 2,
        DateGranularity.MONTH: 2,
        DateGranularity.YEAR: 1,
    }
    return "-".join(parts[: known[told.granularity]])


def content_words(body: str, spans: Sequence[Any]) -> frozenset[int]:
    """Where the words of some spans begin; a span is a `Span` or a pair of offsets."""
    edges = [(s.start_offset, s.end_offset) if isinstance(s, Span) else (s[0], s[1]) for s in spans]
    return frozenset(m.start() for a, b in edges for m in _WORD.finditer(body, a, b))


def _overlap(one: frozenset[int], other: frozenset[int]) -> float:
    return len(one & other) / len(one | other) if one or other else 0.0


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower().replace("’", "'"))


def _name(text: str) -> list[str]:
    found = _words(text)
    return [w for w in found if w not in _TITLES and w != "s"] or found


def _shared(one: Sequence[str], other: Sequence[str]) -> float:
    """F1 of two bags of words."""
    common = sum((Counter(one) & Counter(other)).values())
    return 2 * common / (len(one) + len(other)) if common else 0.0
