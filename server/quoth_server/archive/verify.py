"""Whether statements have the words of a quotation: all, most, a part, or the sense of them.

What is found is never that a quotation is false: only what these articles have.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from quoth_server.archive import words
from quoth_server.archive.alignment import Alignment, Step, align
from quoth_server.archive.normalization import Normalization, overlooked
from quoth_server.archive.quotation import MOST_EDITED, Pattern, patterns
from quoth_server.archive.statement import Span, Statement
from quoth_server.archive.words import Word
from quoth_server.engine.joining import GAP

__all__ = [
    "Comparison",
    "Difference",
    "Part",
    "Quotation",
    "Wording",
    "parts_of",
    "quoted_in_content",
]

# A quotation is altered if so much of it is the same; less is another one.
_LEAST_SAME = 0.65
_LEAST_MEANT = 0.5  # of its words that say what it is about
# Fewer words in order are found by chance.
_LEAST_PART = 4
_LEAST_PART_SHARE = 0.3
_LEAST_REST = 4
_REST_SHARE = 0.25
_MOST_DIFFERENT_IN_PART = 0.15
_WRONG = 1.5  # what a differing word takes from a part
# A paraphrase has this many of its words about the subject.
_LEAST_SHARED = 2
_LEAST_SHARED_OF_MORE = 3
_FEW = 4
_OF_STATEMENT = 0.15
_PARAPHRASED = 0.5
_ENDS = re.compile(r"[.!?…]")


class Wording(StrEnum):
    """How the words of a statement agree with those of a quotation."""

    VERBATIM = "verbatim"
    IN_PART = "in_part"
    ALTERED = "altered"
    PARAPHRASED = "paraphrased"


class Part(StrEnum):
    """Of what a part agrees."""

    OF_STATEMENT = "of_statement"
    OF_QUOTATION = "of_quotation"


@dataclass(frozen=True, slots=True)
class Difference:
    """A stretch of words that differs, in the quotation and in the content; None means no words."""

    quoted: Span | None
    said: Span | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """A quotation beside a statement.

    Attributes:
        wording: How the words agree.
        part: Of what, where only a part does.
        similarity: How much of the quotation is in the statement, from 0 to 1.
        differences: In order.
        overlooked: What had to be overlooked for the rest to be the same.
        place: Where in the content the words are.
    """

    wording: Wording
    part: Part | None
    similarity: float
    differences: tuple[Difference, ...]
    overlooked: frozenset[Normalization]
    place: Span

    @property
    def rank(self) -> tuple[int, float]:
        """The greater, the closer."""
        closeness = {
            (Wording.VERBATIM, None): 4,
            (Wording.IN_PART, Part.OF_STATEMENT): 3,
            (Wording.ALTERED, None): 2,
            (Wording.IN_PART, Part.OF_QUOTATION): 1,
            (Wording.PARAPHRASED, None): 0,
        }
        return closeness[self.wording, self.part], self.similarity


class Quotation:
    """A quotation that is looked for, read once.

    Args:
        text: With or without quotation marks.

    Raises:
        ValueError: It has no word.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.patterns = patterns(text)
        if not self.patterns[0].plain:
            raise ValueError("no word")
        self._known: dict[object, Comparison | None] = {}
        self._keys = frozenset(word.key for word in self.patterns[-1].words)
        self._about = words.content_words(word.key for word in self.patterns[-1].words)

    def likeness(self, content: str) -> float:
        """How much of it is in a statement, in any order; 0 if the two cannot agree."""
        there = words.keys(content)
        shared = len(self._keys.intersection(there))
        if shared < min(_LEAST_PART, _LEAST_SAME * len(self._keys)):
            about = words.content_words(there)
            if not self._is_about(len(about & self._about), len(about)):
                return 0.0
        return (shared + 1) / (len(self._keys) + 1)

    def beside(self, statement: Statement) -> Comparison | None:
        """How a statement agrees with it; None if it does not."""
        key = statement.kind, statement.content, tuple(quoted_in_content(statement))
        if key not in self._known:  # many articles print the same words
            self._known[key] = self._beside(statement)
        return self._known[key]

    def _beside(self, statement: Statement) -> Comparison | None:
        said = words.split(statement.content)
        verbatim = _verbatim(statement, said)
        found = [
            comparison
            for pattern in self.patterns
            if (comparison := self._compared(pattern, statement, said, verbatim))
        ]
        if found:
            return max(found, key=lambda each: each.rank)
        return self._paraphrased(said)

    def _compared(
        self,
        pattern: Pattern,
        statement: Statement,
        said: Sequence[Word],
        verbatim: Sequence[bool],
    ) -> Comparison | None:
        """How the words agree, if they do in order."""
        aligned = align([word.key for word in pattern.words], [word.key for word in said])
        if not aligned.same:
            return None
        steps = aligned.steps
        own = all(verbatim[step.said] for step in steps if step.said is not None)
        if aligned.cost == 0 and own:
            whole = _whole(statement, said, aligned, pattern)
            wording = Wording.VERBATIM if whole else Wording.IN_PART
            part = None if whole else Part.OF_STATEMENT
            return self._made(pattern, statement, said, steps, wording, part)
        agreeing = [
            step if step.said is None or verbatim[step.said] else replace(step, same=False)
            for step in steps
        ]
        core = _core(agreeing)
        if self._is_part(pattern, said, agreeing, core):
            alone = [
                step if core.start <= place < core.end else replace(step, said=None, same=False)
                for place, step in enumerate(agreeing)
                if step.quoted is not None or core.start <= place < core.end
            ]
            return self._made(pattern, statement, said, alone, Wording.IN_PART, Part.OF_QUOTATION)
        if own and self._few_differ(pattern, said, aligned):
            return self._made(pattern, statement, said, steps, Wording.ALTERED, None)
        if aligned.cost == 0 or (not own and self._few_differ(pattern, said, aligned)):
            return self._made(pattern, statement, said, steps, Wording.PARAPHRASED, None)
        return None

    def _few_differ(self, pattern: Pattern, said: Sequence[Word], aligned: Alignment) -> bool:
        """Whether it is the same quotation with some words altered."""
        same = aligned.same
        if same < min(3, pattern.plain - 1) or same < 2:
            return False
        if same / max(pattern.plain, same + _lacking(aligned.steps)) < _LEAST_SAME:
            return False
        return self._meant(said, aligned.steps) >= _LEAST_MEANT

    def _meant(self, said: Sequence[Word], steps: Sequence[Step]) -> float:
        """How much of what it is about is in the words that are the same."""
        there = words.content_words(
            said[step.said].key for step in steps if step.same and step.said is not None
        )
        return len(there & self._about) / len(self._about) if self._about else 1.0

    def _is_part(
        self, pattern: Pattern, said: Sequence[Word], steps: Sequence[Step], core: Span
    ) -> bool:
        kept = steps[core.start : core.end]
        same = sum(step.same for step in kept)
        quoted = sum(step.quoted is not None for step in kept)
        rest = pattern.plain - quoted
        about = words.content_words(
            said[step.said].key for step in kept if step.same and step.said is not None
        )
        outside = words.content_words(
            pattern.words[step.quoted].key
            for place, step in enumerate(steps)
            if step.quoted is not None and not core.start <= place < core.end
        )
        there = words.content_words(word.key for word in said)
        if 2 * len(outside & there) >= max(1, len(outside)):
            return False  # the rest is there in other words
        return (
            same >= max(_LEAST_PART, _LEAST_PART_SHARE * pattern.plain)
            and len(about) >= 2
            and rest >= max(_LEAST_REST, _REST_SHARE * pattern.plain)
            and len(kept) - same <= _MOST_DIFFERENT_IN_PART * len(kept)
        )

    def _is_about(self, shared: int, there: int) -> bool:
        """Whether a statement of `there` words that shares this many is about the same."""
        least = _LEAST_SHARED if len(self._about) < _FEW else _LEAST_SHARED_OF_MORE
        return shared >= max(least, _PARAPHRASED * len(self._about), _OF_STATEMENT * there)

    def _paraphrased(self, said: Sequence[Word]) -> Comparison | None:
        there = words.content_words(word.key for word in said)
        shared = len(there & self._about)
        if not self._is_about(shared, len(there)):
            return None
        return Comparison(
            Wording.PARAPHRASED,
            None,
            shared / len(self._about),
            (),
            frozenset(),
            Span(said[0].start, said[-1].end),
        )

    def _made(
        self,
        pattern: Pattern,
        statement: Statement,
        said: Sequence[Word],
        steps: Sequence[Step],
        wording: Wording,
        part: Part | None,
    ) -> Comparison:
        same = sum(step.same for step in steps)
        places = [step.said for step in steps if step.said is not None]
        return Comparison(
            wording,
            part,
            same / max(pattern.plain, same + _lacking(steps)),
            tuple(_differences(pattern.words, said, steps)),
            overlooked(self.text, pattern.words, statement.content, said, steps),
            Span(said[places[0]].start, said[places[-1]].end),
        )


def _lacking(steps: Sequence[Step]) -> int:
    """How many words of the statement the quotation lacks."""
    return sum(step.quoted is None for step in steps)


def _verbatim(statement: Statement, said: Sequence[Word]) -> list[bool]:
    """Which words of the content the article gives as the speaker's own."""
    if statement.kind == "direct":
        return [True] * len(said)
    ranges = quoted_in_content(statement)
    return [any(own.start <= word.start < own.end for own in ranges) for word in said]


def quoted_in_content(statement: Statement) -> list[Span]:
    """Where in the content the words claimed to be verbatim are."""
    found: list[Span] = []
    for part, there in zip(statement.content_spans, parts_of(statement), strict=True):
        for quoted in statement.quoted_spans:
            start, end = max(part.start, quoted.start), min(part.end, quoted.end)
            if start < end:
                found.append(Span(there.start + start - part.start, there.start + end - part.start))
    return found


def parts_of(statement: Statement) -> list[Span]:
    """Where in the content its parts are, which a space joins, or `[…]` for words left out."""
    found: list[Span] = []
    at = 0
    for part in statement.content_spans:
        found.append(Span(at, at + part.end - part.start))
        at = found[-1].end
        at += len(GAP) if statement.content.startswith(GAP, at) else 1
    return found


def _whole(
    statement: Statement, said: Sequence[Word], aligned: Alignment, pattern: Pattern
) -> bool:
    """Whether they are whole sentences, or all that is quoted, but for what an editor put in."""
    content = statement.content
    # Between its parts a sentence ends if the next one begins with a capital letter.
    parts = [edge for part in parts_of(statement) for edge in (part.start, part.end)]
    own = [] if statement.kind == "direct" else quoted_in_content(statement)

    def ends(after: int, quoted: Sequence[int]) -> bool:
        """Whether a sentence, or what is quoted, ends before this word."""
        if after in (0, len(said)):
            return True
        start, end = said[after - 1].end, said[after].start
        if _ENDS.search(content, start, end) or any(start <= edge <= end for edge in quoted):
            return True
        return content[end].isupper() and any(start <= edge <= end for edge in parts)

    before = range(max(0, aligned.start - MOST_EDITED * pattern.edited_before), aligned.start + 1)
    after = range(aligned.end, min(len(said), aligned.end + MOST_EDITED * pattern.edited_after) + 1)
    return any(ends(at, [each.start for each in own]) for at in before) and any(
        ends(at, [each.end for each in own]) for at in after
    )


def _core(steps: Sequence[Step]) -> Span:
    """The stretch of steps in which the most are the same and the fewest are not."""
    best, best_span, total, start = 0.0, Span(0, 0), 0.0, 0
    for place, step in enumerate(steps):
        if total <= 0:
            total, start = 0.0, place
        total += 1 if step.same else -_WRONG
        if total > best:
            best, best_span = total, Span(start, place + 1)
    return best_span


def _differences(
    quoted: Sequence[Word], said: Sequence[Word], steps: Sequence[Step]
) -> Iterator[Difference]:
    """Yields the stretches of steps that are not the same."""
    stretch: list[Step] = []
    for step in [*steps, Step(None, None, True)]:
        if not step.same:
            stretch.append(step)
        elif stretch:
            yield Difference(
                _span(quoted, [each.quoted for each in stretch]),
                _span(said, [each.said for each in stretch]),
            )
            stretch = []


def _span(of: Sequence[Word], places: Sequence[int | None]) -> Span | None:
    there = [place for place in places if place is not None]
    return Span(of[there[0]].start, of[there[-1]].end) if there else None
