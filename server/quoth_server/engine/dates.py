"""Step 8: when each statement was made.

A time expression belongs to a statement when it tells the time of its cue (basis CUE), or when
the sentences before set the time at which the same speaker goes on (basis CONTEXT).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from spacy.tokens import Doc
from spacy.tokens import Span as Words

from quoth_server.engine import anchors, timex
from quoth_server.engine import time_attachment as attachment
from quoth_server.engine.lexicon import words
from quoth_server.engine.statements import Draft
from quoth_server.engine.timex import Expression, Form, Reference, Value
from quoth_server.engine.types import (
    Anchor,
    DateBasis,
    Granularity,
    Paragraph,
    ParagraphKind,
    Span,
    StatementDate,
)

__all__ = ["find"]


def find(
    doc: Doc,
    paragraphs: Sequence[Paragraph],
    drafts: Sequence[Draft],
    anchor: Anchor | None,
    speaker_ids: Sequence[str] = (),
) -> tuple[StatementDate | None, ...]:
    """Finds the date of each draft; None where the text gives none.

    A date whose words cannot be resolved ("in recent weeks"; "on Tuesday" without an anchor) has
    its span and no value.

    Args:
        doc: The parse of the body.
        paragraphs: Those of the body.
        drafts: The statements, in text order.
        anchor: The day that relative expressions count from.
        speaker_ids: For each draft who speaks, empty where unknown. Without them no date is taken
            over from one statement to the next.
    """
    times = [_Time(e, w) for e, w in _expressions(doc, paragraphs)]
    told = [time for time in times if not any(c.covers(time.span) for d in drafts for c in d.content)]
    found = [_of_cue(doc, draft, times, told, anchor) for draft in drafts]
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Time:
    expression: Expression
    words: Words

    @property
    def span(self) -> Span:
        return self.expression.span


def _expressions(doc: Doc, paragraphs: Sequence[Paragraph]) -> Iterator[tuple[Expression, Words]]:
    """The expressions of the running text that are dates: no names, no datelines."""
    header = (ParagraphKind.PUBLISHED, ParagraphKind.UPDATED)
    skipped = [p.span for p in paragraphs if p.kind in header]
    dateline = anchors.dateline(doc.text, paragraphs)
    skipped += [dateline] if dateline else []
    for expression in timex.find(doc.text):
        span = expression.span
        if any(s.overlaps(span) for s in skipped):
            continue
        tokens = doc.char_span(span.start, span.end, alignment_mode="expand")
        if tokens is not None and _is_date(expression, tokens):
            yield expression, tokens


def _is_date(expression: Expression, tokens: Words) -> bool:
    """Whether the words tell a time here: not April Jones, The Sunday Times, Black Friday."""
    doc, root = tokens.doc, tokens.root
    before = doc[tokens.start - 1] if tokens.start else None
    after = doc[tokens.end] if tokens.end < len(doc) else None
    if expression.form is Form.SET:
        return False
    if expression.form is Form.YEAR:
        if root.dep_ == "pobj":
            return True
        is_modifier = root.dep_ in attachment.MODIFIERS and root.head.i > root.i
        return is_modifier and before is not None and before.pos_ in ("DET", "PRON", "ADJ", "PART")
    if expression.form is Form.NAME:
        if root.tag_ == "MD" or root.pos_ in ("VERB", "AUX"):
            return False
        if before is not None and before.lower_ in words("named_days"):
            return False
        in_name = root.dep_ in attachment.MODIFIERS and root.head.i > root.i
        if in_name and after is not None and after.pos_ == "PROPN" and after.text[:1].isupper():
            return False
        if len(tokens) == 1 and root.ent_type_ in ("PERSON", "ORG", "WORK_OF_ART") and root.ent_iob_ == "I":
            return False
        if len(tokens) == 1 and expression.granularity is Granularity.MONTH:
            return root.text[:1].isupper() and root.dep_ in ("pobj", "npadvmod", *attachment.MODIFIERS)
    return True


def _of_cue(
    doc: Doc,
    draft: Draft,
    times: Sequence[_Time],
    told: Sequence[_Time],
    anchor: Anchor | None,
) -> StatementDate | None:
    """The date that the clause of the cue tells."""
    if draft.cue is None:
        return None
    cue = draft.cue
    governing = attachment.governors(doc, cue)
    if not governing:
        return None
    first = doc[min(governing)].sent
    last = doc[max(governing)].sent
    ranked = []
    for time in times:
        if not (first.start_char <= time.span.start and time.span.end <= last.end_char):
            continue
        if any(c.overlaps(time.span) for c in draft.content):
            continue
        beside = attachment.is_beside(doc.text, time.span, cue, draft.source)
        if beside or attachment.tells_time_of(time.words.root, governing):
            distance = min(abs(time.span.start - cue.end), abs(cue.start - time.span.end))
            ranked.append((not beside, distance, time))
    if not ranked:
        return None
    time = min(ranked, key=lambda r: r[:2])[2]
    event = None
    if time.expression.follows_event:
        event = _event_before(time, told, anchor)
    reference = Reference(anchor and anchor.date, event, attachment.is_future(doc, governing))
    value = time.expression.resolve(reference)
    if value is None and time.expression.follows_event:
        return None
    return StatementDate(
        time.span,
        value and value.date,
        value.granularity if value else time.expression.granularity,
        DateBasis.CUE,
    )


def _event_before(time: _Time, told: Sequence[_Time], anchor: Anchor | None) -> Value | None:
    """The time of the event told last before the expression."""
    event = None
    for earlier in told:
        if earlier.span.start >= time.span.start:
            break
        event = earlier.expression.resolve(Reference(anchor and anchor.date, event)) or event
    return event
