"""Quotations that several articles have: where, since when, in which wordings."""

from __future__ import annotations

import datetime
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from quoth_server.archive import words
from quoth_server.archive.repeats import alike, grouping
from quoth_server.archive.repeats.alike import Change
from quoth_server.archive.repeats.digest import Digest, Statements, digest
from quoth_server.archive.repeats.marks import runs
from quoth_server.archive.repeats.spill import Spill
from quoth_server.archive.statement import Statement

__all__ = ["Found", "Occurrence", "Repeat", "Wording", "find", "repeats"]


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One statement of a quotation.

    Attributes:
        number: Of the statement in the archive.
        day: Of its article; None where none is known.
        wording: Which of `Repeat.wordings` it has, from 0.
        story: Which of the stories it is in, from 0; reprints are one story.
    """

    statement: Statement
    number: int
    day: datetime.date | None
    wording: int
    story: int


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of a quotation in some articles.

    Attributes:
        text: As the first article has them.
        first_day: The first day of an article that has them; None where none is known.
        statements: How many have them.
        changes: How they differ from those that came first.
    """

    text: str
    first_day: datetime.date | None
    statements: int
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """A quotation that at least two articles have.

    Attributes:
        text: The wording that most statements have; of those, the longest.
        occurrences: By day, those without a day last.
        wordings: In the order in which they came.
        speakers: To whom the articles give it, the most frequent first.
        articles: How many have it.
        stories: How many there are with reprints of one story counted once.
        first_day: The first day of an article; None where none has a day.
        last_day: The last one.
    """

    text: str
    occurrences: tuple[Occurrence, ...]
    wordings: tuple[Wording, ...]
    speakers: tuple[str, ...]
    articles: int
    stories: int
    first_day: datetime.date | None
    last_day: datetime.date | None


@dataclass(frozen=True, slots=True)
class Found:
    """Where the quotations are that several articles have, those of most articles first.

    Attributes:
        members: The numbers of their statements, one quotation behind the other.
        starts: Where each begins in `members`; behind the last is its end.
        articles: How many articles have each.
        article: The number of the article of each statement of the archive.
        story: For each article, the number of its story.
    """

    members: npt.NDArray[np.int64]
    starts: npt.NDArray[np.int64]
    articles: npt.NDArray[np.int64]
    article: npt.NDArray[np.int32]
    story: npt.NDArray[np.int64]

    def having(self, least: int) -> int:
        """How many quotations at least this many articles have; they are the first ones."""
        return int(np.count_nonzero(self.articles >= least))

    def read(self, statements: Statements, first: int, last: int) -> Iterator[Repeat]:
        """The quotations from one place to another, `[first, last)`."""
        for start, end in pairwise(self.starts[first : last + 1].tolist()):
            numbers = self.members[start:end].tolist()
            yield _repeat([statements.statement(number) for number in numbers], numbers, self)


def repeats(
    statements: Statements, folder: Path | None = None, *, least: float = 0
) -> Iterator[Repeat]:
    """The quotations that at least two articles have, those of most articles first; see `find`."""
    found = find(statements, folder, least=least)
    yield from found.read(statements, 0, len(found.articles))


def find(statements: Statements, folder: Path | None = None, *, least: float = 0) -> Found:
    """Finds the quotations that at least two articles have.

    A statement takes some sixty bytes of memory while they are looked for; its marks are on the
    disk, and the words of one quotation at a time are read again. Statements of fewer than five
    words are left out, as they are the same by chance.

    Args:
        statements: Of the whole archive; they must not change meanwhile.
        folder: For files of some hundred bytes a statement, removed at the end; by default the
            system's folder for temporary files.
        least: The confidence of the statements that are looked at; those without one are, too.
    """
    with tempfile.TemporaryDirectory(dir=folder) as place, Spill(Path(place)) as spill:
        known = digest(statements, spill, least)
        labels = grouping.quotations(statements, known, spill)
    groups = _groups(labels, known)
    sizes = [len(numbers) for _, numbers in groups]
    return Found(
        members=np.concatenate([numbers for _, numbers in groups] or [labels[:0]]),
        starts=np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        articles=np.array([articles for articles, _ in groups], np.int64),
        article=known.article,
        story=grouping.stories(known),
    )


def _groups(labels: grouping.Numbers, known: Digest) -> list[tuple[int, grouping.Numbers]]:
    """For each quotation of several articles, of how many, and its statements; most first."""
    order = np.lexsort((np.arange(len(labels)), labels))
    order = order[np.searchsorted(labels[order], 0) :]
    found = []
    for start, end in runs(labels[order]):
        articles = len(np.unique(known.article[order[start:end]])) if end - start > 1 else 1
        if articles > 1:
            found.append((-articles, start, end))
    return [(-articles, order[start:end]) for articles, start, end in sorted(found)]


def _repeat(said: Sequence[Statement], numbers: Sequence[int], known: Found) -> Repeat:
    order = sorted(range(len(said)), key=lambda n: (said[n].anchor_date or datetime.date.max, n))
    keys = [tuple(words.keys(each.content)) for each in said]
    wordings: dict[tuple[str, ...], int] = {}
    story_of: dict[int, int] = {}
    found = []
    for n in order:
        wording = wordings.setdefault(keys[n], len(wordings))
        story = int(known.story[known.article[numbers[n]]])
        story = story_of.setdefault(story, len(story_of))
        found.append(Occurrence(said[n], numbers[n], said[n].anchor_date, wording, story))
    texts = _wordings(found)
    main = max(texts, key=lambda each: (each.statements, len(each.text)))
    days = [each.day for each in found if each.day]
    speakers = Counter(each.statement.speaker for each in found if each.statement.speaker)
    return Repeat(
        main.text,
        tuple(found),
        texts,
        tuple(name for name, _ in speakers.most_common()),
        len({int(known.article[number]) for number in numbers}),
        len(story_of),
        min(days, default=None),
        max(days, default=None),
    )


def _wordings(found: Sequence[Occurrence]) -> tuple[Wording, ...]:
    firsts: dict[int, Occurrence] = {}
    counts = Counter[int]()
    for each in found:
        firsts.setdefault(each.wording, each)
        counts[each.wording] += 1
    source = _words(found[0].statement.content)
    return tuple(
        Wording(
            each.statement.content,
            each.day,
            counts[wording],
            tuple(alike.changes(source, _words(each.statement.content))),
        )
        for wording, each in firsts.items()
    )


def _words(text: str) -> list[tuple[str, str]]:
    return [(word.key, text[word.start : word.end]) for word in words.split(text)]
