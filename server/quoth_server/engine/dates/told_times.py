"""The time expressions of an article that are dates, with their words in the parse."""

from __future__ import annotations

import datetime
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from spacy.tokens import Doc, Token
from spacy.tokens import Span as Words

from quoth_server.engine import anchors
from quoth_server.engine.body import body_of
from quoth_server.engine.dates import timex
from quoth_server.engine.dates.time_attachment import MODIFIERS
from quoth_server.engine.dates.time_meanings import Reference, Value
from quoth_server.engine.dates.timex import Expression, Form
from quoth_server.engine.lexicon import words
from quoth_server.engine.statements import Draft
from quoth_server.engine.types import DateGranularity, Paragraph, ParagraphKind, Span

__all__ = ["Chronicle", "ToldTime", "between", "find"]

_HEADER_LINES = (ParagraphKind.PUBLISHED, ParagraphKind.UPDATED)
_MEMORY = 20  # events; keeps the time linear where a paragraph has thousands
_NAMED = ("PERSON", "ORG", "WORK_OF_ART")
_OF_DAYS = frozenset({"on", "last", "late", "early", "since", "until"})


@dataclass(frozen=True, slots=True)
class ToldTime:
    """A time expression and its tokens."""

    expression: Expression
    words: Words

    @property
    def span(self) -> Span:
        """Where it stands."""
        return self.expression.span


def find(doc: Doc, paragraphs: Sequence[Paragraph]) -> Iterator[ToldTime]:
    """Finds the dates in the running text, in text order: no names, datelines or header lines."""
    skipped = [p.span for p in paragraphs if p.kind in _HEADER_LINES]
    body = body_of(doc)
    dateline = anchors.dateline(body, paragraphs)
    skipped += [dateline] if dateline else []
    for expression in timex.find(body):
        span = expression.span
        tokens = doc.char_span(span.start_offset, span.end_offset, alignment_mode="expand")
        inside = any(s.overlaps(span) for s in skipped)
        if tokens is not None and not inside and _is_date(expression, tokens):
            yield ToldTime(expression, tokens)


class Chronicle:
    """What the times of an article mean, each seen from those mentioned before it."""

    def __init__(
        self,
        times: Sequence[ToldTime],
        drafts: Sequence[Draft],
        paragraphs: Sequence[Paragraph],
        day: datetime.date | None,
    ) -> None:
        """Resolves the times given by the article itself, in text order.

        Args:
            times: All that `find` found.
            drafts: The statements; times in their quoted parts are not the article's own.
            paragraphs: Those of the body.
            day: The day that relative expressions count from.
        """
        length = paragraphs[-1].span.end_offset if paragraphs else 0
        quoted = _mask(length, [span for draft in drafts for span in draft.quoted])
        reported = _mask(length, [span for draft in drafts for span in draft.content])
        self._day = day
        self._starts = [paragraph.span.start_offset for paragraph in paragraphs]
        self._events: list[tuple[int, bool, Value]] = []
        self._known: dict[tuple[int, bool], Value | None] = {}
        self.told = tuple(time for time in times if not reported[time.span.start_offset])
        """The times outside statements, in text order."""
        for time in times:
            start = time.span.start_offset
            if quoted[start] or _is_to_come(time.words.root):
                continue
            if value := self.resolve(time):
                self._events.append((start, bool(reported[start]), value))

    def resolve(self, time: ToldTime, *, future: bool = False) -> Value | None:
        """The date meant; `future` where the expression tells what is to come."""
        key = (time.span.start_offset, future)
        if key not in self._known:
            event = self._event_before(time.span) if time.expression.follows_event else None
            self._known[key] = time.expression.resolve(Reference(self._day, event, future))
        return self._known[key]

    def _event_before(self, span: Span) -> Value | None:
        """The time given last in this paragraph or one of the two before.

        What the article tells itself goes before what it reports in a statement.
        """
        paragraph = bisect_right(self._starts, span.start_offset)
        nearest = self._starts[max(0, paragraph - 3)] if paragraph else 0
        last = bisect_left(self._events, span.start_offset, key=lambda event: event[0])
        near = [e for e in self._events[max(0, last - _MEMORY) : last] if e[0] >= nearest]
        own = [event for event in near if not event[1]]
        return (own or near)[-1][2] if near else None


def between(times: Sequence[ToldTime], start: int, end: int) -> Sequence[ToldTime]:
    """Those of the times, given in text order, that lie wholly in `[start, end)` of the body."""
    first = bisect_left(times, start, key=lambda time: time.span.start_offset)
    last = bisect_right(times, end, key=lambda time: time.span.end_offset)
    return times[first:last]


def _mask(length: int, spans: Iterable[Span]) -> bytearray:
    """A byte for each code point, 1 where a span covers it."""
    mask = bytearray(length)
    for span in spans:
        mask[span.start_offset : span.end_offset] = b"\1" * (span.end_offset - span.start_offset)
    return mask


def _is_to_come(root: Token) -> bool:
    verb = next((token for token in root.ancestors if token.pos_ in ("AUX", "VERB")), root)
    return any(child.tag_ == "MD" for child in verb.children)


def _is_date(expression: Expression, tokens: Words) -> bool:
    if expression.form is Form.SET:
        return False
    if expression.form is Form.YEAR:
        return _is_year(tokens)
    if expression.form is Form.NAME:
        lone_month = len(tokens) == 1 and expression.granularity is DateGranularity.MONTH
        return not _is_name(tokens) and (not lone_month or _is_month(tokens))
    return True


def _is_year(tokens: Words) -> bool:
    """A year is "in 2013" and "a 2013 memo", but not "2013 people"."""
    root = tokens.root
    before = tokens.doc[tokens.start - 1] if tokens.start else None
    if root.dep_ in MODIFIERS and root.head.i > root.i:
        return before is not None and before.pos_ in ("DET", "PRON", "ADJ", "PART")
    return root.dep_ == "pobj"


def _is_name(tokens: Words) -> bool:
    """April Jones, The Sunday Times, Black Friday; "may" and "march" as verbs."""
    root, doc = tokens.root, tokens.doc
    before = doc[tokens.start - 1].lower_ if tokens.start else ""
    after = doc[tokens.end] if tokens.end < len(doc) else None
    if root.pos_ in ("VERB", "AUX") or before in words("named_days"):
        return True
    if root.text.casefold() == "today" and root.text != "today" and not tokens[0].is_sent_start:
        return True  # USA Today
    # "On Friday Ford Motor Company said": a preposition without an article makes it a time.
    in_name = root.dep_ in MODIFIERS and root.head.i > root.i and before not in _OF_DAYS
    if in_name and after is not None and after.pos_ == "PROPN" and after.text[:1].isupper():
        return True
    return len(tokens) == 1 and root.ent_iob_ == "I" and root.ent_type_ in _NAMED


def _is_month(tokens: Words) -> bool:
    """A month's name alone is one only where it stands as a time: "in May", "a May interview"."""
    root = tokens.root
    return root.text[:1].isupper() and root.dep_ in ("pobj", "npadvmod", *MODIFIERS)
