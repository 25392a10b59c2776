"""The time expressions of an article that are dates, with their words in the parse."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from spacy.tokens import Doc
from spacy.tokens import Span as Words

from quoth_server.engine import anchors, timex
from quoth_server.engine.lexicon import words
from quoth_server.engine.time_attachment import MODIFIERS
from quoth_server.engine.time_meanings import Reference, Value
from quoth_server.engine.timex import Expression, Form
from quoth_server.engine.types import Granularity, Paragraph, ParagraphKind, Span

__all__ = ["ToldTime", "find", "last_event"]

_HEADER_LINES = (ParagraphKind.PUBLISHED, ParagraphKind.UPDATED)
_NAMED = ("PERSON", "ORG", "WORK_OF_ART")


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
    dateline = anchors.dateline(doc.text, paragraphs)
    skipped += [dateline] if dateline else []
    for expression in timex.find(doc.text):
        span = expression.span
        tokens = doc.char_span(span.start, span.end, alignment_mode="expand")
        inside = any(s.overlaps(span) for s in skipped)
        if tokens is not None and not inside and _is_date(expression, tokens):
            yield ToldTime(expression, tokens)


def last_event(times: Sequence[ToldTime], before: Span, day: datetime.date | None) -> Value | None:
    """The time told last before that expression, which "a day earlier" counts from."""
    event = None
    for time in times:
        if time.span.start >= before.start:
            break
        event = time.expression.resolve(Reference(day, event)) or event
    return event


def _is_date(expression: Expression, tokens: Words) -> bool:
    if expression.form is Form.SET:
        return False
    if expression.form is Form.YEAR:
        return _is_year(tokens)
    if expression.form is Form.NAME:
        lone_month = len(tokens) == 1 and expression.granularity is Granularity.MONTH
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
    in_name = root.dep_ in MODIFIERS and root.head.i > root.i
    if in_name and after is not None and after.pos_ == "PROPN" and after.text[:1].isupper():
        return True
    return len(tokens) == 1 and root.ent_iob_ == "I" and root.ent_type_ in _NAMED


def _is_month(tokens: Words) -> bool:
    """A month's name alone is one only where it stands as a time: "in May", "a May interview"."""
    root = tokens.root
    return root.text[:1].isupper() and root.dep_ in ("pobj", "npadvmod", *MODIFIERS)
