"""What only quotation marks know: where speech is carried on, and speech that nothing reports."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from spacy.tokens import Doc

from quoth_server.engine.body import body_of
from quoth_server.engine.statements import reported_speech
from quoth_server.engine.types import Attribution, Paragraph, Quotation, Span

__all__ = ["begun_in_marks", "carried_on", "parted", "union", "unreported"]

_WORD = re.compile(r"\w+")
_MOST = 0.5
"""An attribution owns a quotation when it covers this share of it."""
_SPEECH_WORDS = 4
"""A quotation of fewer words that nothing reports is a term, a title or a nickname."""
_UNREPORTED_SCORE = 0.5
_FINITE = frozenset({"VBD", "VBP", "VBZ", "MD"})
_ENDED = re.compile(r"[.!?…]\s*$")
_PRONOUNS = frozenset({"he", "she", "they"})


def union(spans: Sequence[Span]) -> tuple[Span, ...]:
    """The spans in text order, with those that overlap made one."""
    out: list[Span] = []
    for span in sorted(spans):
        if out and span.start_offset < out[-1].end_offset:
            out[-1] = Span(out[-1].start_offset, max(out[-1].end_offset, span.end_offset))
        else:
            out.append(span)
    return tuple(out)


def carried_on(
    body: str,
    paragraphs: Sequence[Paragraph],
    quotations: Sequence[Quotation],
    attributions: Sequence[Attribution],
) -> list[Attribution]:
    """Gives each quoted attribution the quotations that carry it on.

    They are: the next one in the same paragraph, where only the cue and the source stand between
    the two (“A,” she said. “B.”), and those that continue one which the paragraph before left
    open. A quotation that an attribution mostly covers is made whole.

    Args:
        body: the text.
        paragraphs: of the body, in text order.
        quotations: the outermost ones, in text order.
        attributions: in order of their first content span.
    """
    grown = list(attributions)
    owners = _owners(quotations, attributions)
    starts = [p.span.start_offset for p in paragraphs]

    def paragraph_of(span: Span) -> int:
        return bisect_right(starts, span.start_offset)

    answered = frozenset(_back_to_back(body, quotations))
    owner: int | None = None
    absorbed: set[int] = set()
    for number, quotation in enumerate(quotations):
        mine = owners.get(number, [])
        if quotation.continues and owner is not None and number:
            bare = {i for i in mine if grown[i].cue is None and grown[i].source is None}
            absorbed |= bare - {owner}
            mine = [i for i in mine if i not in absorbed]
        if mine:
            owner = mine[-1] if _covers_most(grown[mine[-1]], quotation) else None
            if len(mine) == 1 and owner is not None:
                grown[owner] = _with(grown[owner], quotation.outer)
            continue
        if owner is None or number == 0:
            continue
        previous = quotations[number - 1].outer
        next_ = owners.get(number + 1, []) if number in answered else []
        follows = quotation.continues or (
            not any(_is_same(body, grown[owner], grown[i]) for i in next_ if i != owner)
            and paragraph_of(previous) == paragraph_of(quotation.outer)
            and _is_speech(body, quotation)
            and _only_reporting(
                body, Span(previous.end_offset, quotation.outer.start_offset), grown[owner]
            )
        )
        if follows:
            grown[owner] = _with(grown[owner], quotation.outer)
        else:
            owner = None
    return [one for index, one in enumerate(grown) if index not in absorbed]


def parted(
    body: str, quotations: Sequence[Quotation], attributions: Sequence[Attribution]
) -> list[Attribution]:
    """Gives those who talk to each other in one paragraph, “A.” “B,” she said, each their own.

    What a clause of saying stands behind is the last of the two. The first is of whoever spoke
    before, unless the clause says that this is who speaks now.

    Args:
        body: the text.
        quotations: the outermost ones, in text order.
        attributions: any.
    """
    out = list(attributions)
    owners = _owners(quotations, attributions)
    for number in _back_to_back(body, quotations):
        first, second = quotations[number].outer, quotations[number + 1].outer
        behind = [
            i
            for i in owners.get(number + 1, [])
            if _is_cue_behind(body, second, quotations[number + 2 : number + 3], out[i])
        ]
        for index in behind:
            out[index] = _cut(out[index], Span(second.start_offset, len(body)))
        for index in owners.get(number, []):
            cue = out[index].cue
            led = cue is not None and cue.end_offset <= first.start_offset
            if led and any(_is_same(body, out[index], out[i]) for i in behind if i != index):
                out[index] = _cut(out[index], Span(0, first.start_offset))
    return out


def _back_to_back(body: str, quotations: Sequence[Quotation]) -> list[int]:
    """The places of quotations that end a sentence and another directly follows, “A.” “B.”."""
    return [
        number
        for number, (one, other) in enumerate(pairwise(quotations))
        if one.closed
        and body[one.outer.end_offset : other.outer.start_offset] == " "
        and _ENDED.search(one.inner.of(body))
        and other.inner.of(body)[:1].isupper()
    ]


def _is_cue_behind(
    body: str, quotation: Span, following: Sequence[Quotation], attribution: Attribution
) -> bool:
    """Whether an attribution's cue stands behind a quotation, in the same sentence."""
    cue = attribution.cue
    if cue is None or cue.start_offset < quotation.end_offset:
        return False
    between = body[quotation.end_offset : cue.start_offset]
    return not re.search(r"[.!?…]\s|\n", between) and all(
        cue.end_offset <= q.outer.start_offset for q in following
    )


def _cut(attribution: Attribution, within: Span) -> Attribution:
    """The attribution with what of its content is within a span, if there is any."""
    kept = [
        Span(max(s.start_offset, within.start_offset), min(s.end_offset, within.end_offset))
        for s in attribution.content
        if s.overlaps(within)
    ]
    return replace(attribution, content=tuple(kept)) if kept else attribution


def _is_same(body: str, one: Attribution, other: Attribution) -> bool:
    """Whether a source is that of another again: "he" or a part of the name."""
    if one.source is None or other.source is None:
        return False
    first, second = (
        set(_WORD.findall(source.of(body).lower())) for source in (one.source, other.source)
    )
    return bool(second & _PRONOUNS) or first <= second or second <= first


def begun_in_marks(
    quotations: Sequence[Quotation], attributions: Sequence[Attribution]
) -> list[Attribution]:
    """Without the pieces outside marks of content whose first piece is in marks.

    Who begins verbatim goes on so. On PolNeAR dev the finder gives eight attributions such pieces,
    all eight wrongly.

    Args:
        quotations: the outermost ones, in text order.
        attributions: any.
    """
    ends = [q.outer.end_offset for q in quotations]

    def quotation_at(span: Span) -> Span | None:
        number = bisect_right(ends, span.start_offset)
        outer = quotations[number].outer if number < len(ends) else None
        return outer if outer is not None and outer.start_offset < span.end_offset else None

    def kept(attribution: Attribution) -> Attribution:
        around = quotation_at(attribution.content[0])
        if around is None or not around.covers(attribution.content[0]):
            return attribution
        return replace(attribution, content=tuple(filter(quotation_at, attribution.content)))

    return [kept(attribution) for attribution in attributions]


def _owners(
    quotations: Sequence[Quotation], attributions: Sequence[Attribution]
) -> dict[int, list[int]]:
    """For each quotation, by its place in the sequence, the attributions that touch it."""
    owners: dict[int, list[int]] = {}
    ends = [q.outer.end_offset for q in quotations]
    for index, attribution in enumerate(attributions):
        for span in attribution.content:
            number = bisect_right(ends, span.start_offset)
            while (
                number < len(quotations) and quotations[number].outer.start_offset < span.end_offset
            ):
                if index not in owners.setdefault(number, []):
                    owners[number].append(index)
                number += 1
    return owners


def _covers_most(attribution: Attribution, quotation: Quotation) -> bool:
    q = quotation.outer
    shared = sum(
        max(0, min(s.end_offset, q.end_offset) - max(s.start_offset, q.start_offset))
        for s in attribution.content
    )
    return shared >= _MOST * (q.end_offset - q.start_offset)


def _with(attribution: Attribution, span: Span) -> Attribution:
    return replace(attribution, content=union((*attribution.content, span)))


def _only_reporting(body: str, gap: Span, attribution: Attribution) -> bool:
    """Whether the gap holds the attribution's cue or source, and no further sentence.

    Speech continues after a stop or comma; what is in marks right behind other words (“A,” she
    says on “B”) is their object.
    """
    named = [s for s in (attribution.cue, attribution.source) if s is not None]
    inside = [s for s in named if gap.covers(s)]
    if not inside:
        return False
    rest = body[max(s.end_offset for s in inside) : gap.end_offset]
    if rest.strip() and rest.rstrip()[-1].isalnum():
        return False
    return not re.search(r"[.!?…]\s+\S", rest) and "\n" not in rest


def _is_speech(body: str, quotation: Quotation) -> bool:
    """Whether the quotation begins and ends as a sentence does, or has the length of one."""
    text = quotation.inner.of(body).strip()
    return len(_WORD.findall(text)) >= _SPEECH_WORDS or text[-1:] in ".!?,…"


def unreported(
    doc: Doc,
    paragraphs: Sequence[Paragraph],
    quotations: Sequence[Quotation],
    attributions: Sequence[Attribution],
) -> list[Attribution]:
    """Quotations that are speech though no attribution has them, one attribution each.

    Scare quotes, titles, nicknames and mottos are not speech: a quotation counts when it is a
    sentence (a finite verb, closing punctuation) that stands at the start of a sentence, or
    after a colon. One that continues another joins it. A clause of saying beside it is its cue
    and source.
    """
    body = body_of(doc)
    owned = _owners(quotations, attributions)
    starts = frozenset(p.span.start_offset for p in paragraphs)
    found: list[Attribution] = []
    joins = False
    for number, quotation in enumerate(quotations):
        if number in owned:
            joins = False
        elif quotation.continues and joins:
            found[-1] = _with(found[-1], quotation.outer)
        elif joins := _is_sentence(doc, body, starts, quotation):
            cue, source = reported_speech.clause_beside(doc, quotation.outer)
            found.append(Attribution((quotation.outer,), cue, source, _UNREPORTED_SCORE))
    return found


def _is_sentence(doc: Doc, body: str, starts: frozenset[int], quotation: Quotation) -> bool:
    inner = quotation.inner
    text = inner.of(body).strip()
    if len(_WORD.findall(text)) < _SPEECH_WORDS or not text[0].isupper() or text[-1] not in ".!?…,":
        return False
    before = body[max(0, quotation.outer.start_offset - 3) : quotation.outer.start_offset].rstrip()
    if quotation.outer.start_offset not in starts and before[-1:] not in {
        ".",
        "!",
        "?",
        ":",
        "”",
        '"',
        "…",
        "—",
        "",
    }:
        return False
    span = doc.char_span(inner.start_offset, inner.end_offset, alignment_mode="expand")
    return span is not None and any(t.tag_ in _FINITE for t in span)
