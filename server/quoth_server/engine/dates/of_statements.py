"""Step 8: when each statement was made.

A time expression belongs to a statement when it tells the time of its cue (basis CUE), or when
the sentences before set the time at which it was made (basis CONTEXT).
"""

from __future__ import annotations

from collections.abc import Sequence

from spacy.tokens import Doc

from quoth_server.engine.dates import date_context, told_times
from quoth_server.engine.dates import time_attachment as attachment
from quoth_server.engine.dates.told_times import Chronicle, ToldTime
from quoth_server.engine.statements import Draft
from quoth_server.engine.types import Anchor, DateBasis, Paragraph, StatementDate

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
    times = list(told_times.find(doc, paragraphs))
    chronicle = Chronicle(times, drafts, paragraphs, anchor.date if anchor else None)
    body = doc.text  # put together from the tokens at every access
    dates = [_of_cue(doc, body, draft, times, chronicle) for draft in drafts]
    dates = date_context.of_events(doc, drafts, dates, chronicle)
    if speaker_ids:
        dates = date_context.of_speakers(doc, paragraphs, drafts, dates, chronicle, speaker_ids)
    return tuple(dates)


def _of_cue(
    doc: Doc,
    body: str,
    draft: Draft,
    times: Sequence[ToldTime],
    chronicle: Chronicle,
) -> StatementDate | None:
    """The date that the clause of the cue tells; of several, the one nearest to the cue."""
    governing = attachment.governors(doc, draft)
    if draft.cue is None or not governing:
        return None
    start = doc[min(governing)].sent.start_char
    end = doc[max(governing)].sent.end_char
    ranked = []
    for time in told_times.between(times, start, end):
        if any(span.overlaps(time.span) for span in draft.content):
            continue
        beside = attachment.is_beside(body, time.words, draft, governing)
        if beside or attachment.tells_time_of(time.words.root, governing):
            gap = max(time.span.start - draft.cue.end, draft.cue.start - time.span.end)
            ranked.append((not beside, gap, time.span.start, time))
    if not ranked:
        return None
    time = min(ranked, key=lambda r: r[:3])[-1]
    value = chronicle.resolve(time, future=attachment.is_future(doc, governing))
    if value is None and time.expression.follows_event:
        return None
    return StatementDate(
        time.span,
        value.date if value else None,
        value.granularity if value else time.expression.granularity,
        DateBasis.CUE,
    )
