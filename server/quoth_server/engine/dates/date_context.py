"""Dates that a statement takes over from the sentences before it (basis CONTEXT).

After "they met on Friday", what was said "at the meeting" was said on Friday. And after "Weiss
told reporters on Monday …", what she "said" next was said on Monday too, until the text tells
another time or leaves the past tense. Taken over only there: a date left out is better than a
wrong one.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from spacy.tokens import Doc, Token

from quoth_server.engine.dates import time_attachment as attachment
from quoth_server.engine.dates.told_times import Chronicle, ToldTime, between
from quoth_server.engine.lexicon import words
from quoth_server.engine.statements import Draft
from quoth_server.engine.types import (
    DateBasis,
    Granularity,
    Paragraph,
    StatementDate,
)

__all__ = ["of_events", "of_speakers"]

_REACH = 2  # paragraphs that a speaker's date is carried over
_AT = frozenset({"at", "in", "during", "after"})
_DEFINITE = frozenset({"the", "that", "this"})


# ---- the time of an event told before -------------------------------------------------


def of_events(
    doc: Doc,
    drafts: Sequence[Draft],
    dates: Sequence[StatementDate | None],
    chronicle: Chronicle,
) -> list[StatementDate | None]:
    """Fills in the dates of statements made at an event ("at the hearing") that was dated before.

    Args:
        doc: The parse of the body.
        drafts: The statements, in text order.
        dates: For each draft what its own clause tells.
        chronicle: The times that the article tells.
    """
    by_event: dict[str, list[ToldTime]] = {}
    for time in chronicle.told:
        for lemma in _dated_by(time.words.root):
            by_event.setdefault(lemma, []).append(time)
    return [
        date or _event_date(doc, draft, by_event, chronicle)
        for draft, date in zip(drafts, dates, strict=True)
    ]


def _event_date(
    doc: Doc, draft: Draft, by_event: Mapping[str, Sequence[ToldTime]], chronicle: Chronicle
) -> StatementDate | None:
    governing = attachment.governors(doc, draft)
    for event in _events(doc, draft, governing):
        first = doc[min(governing)].sent.start_char
        dated = between(by_event.get(event, ()), 0, first)
        value = chronicle.resolve(dated[-1]) if dated else None
        if value:
            return StatementDate(dated[-1].span, value.date, value.granularity, DateBasis.CONTEXT)
    return None


def _events(doc: Doc, draft: Draft, governing: frozenset[int]) -> Iterator[str]:
    """Lemmas of the definite events in the cue's clause: "said at the **hearing**"."""
    sentence = doc[min(governing)].sent if governing else ()
    for token in sentence:
        prep = token.head
        if token.dep_ != "pobj" or prep.lower_ not in _AT or not _is_event(token):
            continue
        inside = any(span.start <= token.idx < span.end for span in draft.content)
        told = prep.head.i in governing or attachment.tells_time_of(prep, governing)
        if told and not inside:
            yield token.lemma_.lower()


def _is_event(token: Token) -> bool:
    listed = token.lemma_.lower() in words("media_public_remarks") | words("media_interview")
    return listed and any(c.lower_ in _DEFINITE or c.dep_ == "poss" for c in token.children)


def _dated_by(root: Token) -> Iterator[str]:
    """Lemmas of the nouns that it dates, up to and with the verb; "met" is a meeting."""
    for token in root.ancestors:
        lemma = token.lemma_.lower()
        yield lemma
        if token.pos_ == "VERB":
            yield f"{lemma}ing"
            return


# ---- the time of the same speaker's statement before ----------------------------------


def of_speakers(
    doc: Doc,
    paragraphs: Sequence[Paragraph],
    drafts: Sequence[Draft],
    dates: Sequence[StatementDate | None],
    chronicle: Chronicle,
    speaker_ids: Sequence[str],
) -> list[StatementDate | None]:
    """Fills in the dates that drafts without one take over from their speaker's last.

    Args:
        doc: The parse of the body.
        paragraphs: Those of the body.
        drafts: The statements, in text order.
        dates: For each draft what is known of it already.
        chronicle: The times that the article tells.
        speaker_ids: For each draft who speaks, empty where unknown.
    """
    starts = [paragraph.span.start for paragraph in paragraphs]
    last: dict[str, tuple[StatementDate, Draft]] = {}
    filled: list[StatementDate | None] = []
    for draft, date, speaker in zip(drafts, dates, speaker_ids, strict=True):
        if date is None and speaker in last:
            known, earlier = last.pop(speaker)
            near = _paragraph(starts, draft) - _paragraph(starts, earlier) <= _REACH
            if (
                near
                and _goes_on(doc, draft)
                and not _is_time_between(chronicle.told, earlier, draft, known)
            ):
                date = replace(known, basis=DateBasis.CONTEXT)
        # A year is background ("told the BBC in 2019"), not the time of what follows.
        if speaker and date and date.date and date.granularity is not Granularity.YEAR:
            last[speaker] = (date, draft)
        filled.append(date)
    return filled


def _paragraph(starts: Sequence[int], draft: Draft) -> int:
    return bisect_right(starts, (draft.cue or draft.content[0]).start)


def _is_time_between(
    told: Sequence[ToldTime], earlier: Draft, draft: Draft, known: StatementDate
) -> bool:
    """Whether another time is told from the earlier statement to the end of this one."""
    start = min(span.start for span in (earlier.content[0], earlier.cue, earlier.source) if span)
    end = max(draft.content[-1].end, draft.cue.end if draft.cue else 0)
    return any(time.span != known.span for time in between(told, start, end))


def _goes_on(doc: Doc, draft: Draft) -> bool:
    """Whether it can be said on the same occasion: "she said", "adding", or no cue at all.

    Not where "says", "has said" or "may say" leave the time of the telling, and not where another
    addressee or medium begins another occasion: "told the Harbor News", "said in an email".
    """
    if draft.cue is None:
        return True
    span = doc.char_span(draft.cue.start, draft.cue.end, alignment_mode="expand")
    if span is None or span.root.tag_ not in ("VBD", "VBG"):
        return False
    children = list(span.root.children)
    leaves = {"aux", "auxpass"}
    if span.root.lemma_ in words("telling_verbs"):
        leaves |= {"dative", "dobj"}
    media = (noun for prep in children if prep.dep_ == "prep" for noun in prep.children)
    return not any(c.dep_ in leaves for c in children) and not any(map(attachment.is_medium, media))
