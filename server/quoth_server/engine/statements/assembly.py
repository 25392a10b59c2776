"""Step 5: makes statements of attributions and quotation marks.

The attributions say whose words they are; the marks say, for certain, where verbatim words begin
and end. Put together: a quotation cut in two by its cue, or running over several paragraphs, is
one statement of several spans; quotations that no attribution reports are statements only where
they are speech.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace

from spacy.tokens import Doc

from quoth_server.engine.statements import (
    likelihood,
    quoted_speech,
    rejection,
    reported_speech,
    second_hand,
)
from quoth_server.engine.statements.draft import Draft
from quoth_server.engine.types import (
    Attribution,
    Paragraph,
    ParagraphKind,
    Quotation,
    Span,
    StatementKind,
)

__all__ = ["assemble", "candidates", "kind_of"]

_WORD = re.compile(r"\w+")
_DIRECT_SHARE = 0.8
"""From this share of quoted words on, a statement is DIRECT (the convention of our gold)."""
_SAME_SHARE = 0.6
"""Two attributions sharing this much of the shorter one's content are one."""
_LIKELY = 0.5
"""Less likely findings are no statements. Chosen on PolNeAR dev and our gold: see training."""
_NOTHING = frozenset({"nothing", "little", "anything", "much", "so", "more"})
_FALSE_SHARE = 0.5
"""From this share of its words on, a quotation that is no statement takes one with it."""
_MARKS = '“”„‟"«»'
"""Marks that are never apostrophes: alone at the edge of a content, they are dropped."""


def assemble(
    doc: Doc,
    paragraphs: Sequence[Paragraph],
    quotations: Sequence[Quotation],
    attributions: Sequence[Attribution],
) -> tuple[Draft, ...]:
    """Merges attributions and quotations into statements, in text order.

    Args:
        doc: the parse of the body.
        paragraphs: of the body, in text order.
        quotations: from `marks.pair`.
        attributions: from step 4; their content may have its quotation marks.
    """
    layout = _Layout(doc.text, paragraphs, quotations)
    drafts = [
        replace(draft, likelihood=likelihood.of(doc, draft))
        for draft in candidates(doc, paragraphs, quotations, attributions)
    ]
    drafts = [draft for draft in drafts if draft.likelihood >= _LIKELY]
    by_inner = {quotation.inner: quotation for quotation in quotations}
    drafts = [second_hand.relayed(doc, by_inner, draft) for draft in drafts]
    drafts = second_hand.citations_resolved(doc, drafts)
    drafts = [
        draft if draft.relays else replace(draft, relays=second_hand.relays(doc, draft))
        for draft in drafts
    ]
    drafts += [_with_kind(layout, inner) for inner in second_hand.inside(doc, quotations, drafts)]
    drafts.sort(key=lambda d: (d.content[0].start, -d.content[-1].end))
    return tuple(_with_parents(drafts))


def candidates(
    doc: Doc,
    paragraphs: Sequence[Paragraph],
    quotations: Sequence[Quotation],
    attributions: Sequence[Attribution],
) -> list[Draft]:
    """What may be statements, likely or not; the arguments are those of `assemble`."""
    body = doc.text  # put together from the tokens at every access
    outermost = [q for q in quotations if q.depth == 0]
    merged = _merge([reported_speech.unfolded(doc, a) for a in attributions])
    merged = quoted_speech.begun_in_marks(outermost, merged)
    merged = quoted_speech.carried_on(body, paragraphs, outermost, merged)
    merged += quoted_speech.unreported(doc, paragraphs, outermost, merged)
    layout = _Layout(body, paragraphs, quotations)
    told = [_without_false_friends(doc, layout, a) for a in merged]
    drafts = [
        _draft(layout, attribution)
        for attribution in told
        if attribution is not None
        and any(_WORD.search(body, s.start, s.end) for s in attribution.content)
    ]
    return [draft for draft in drafts if not _is_nothing(body, draft)]


def _is_nothing(body: str, draft: Draft) -> bool:
    """Whether it says no more than that something, or nothing, was said."""
    if draft.kind is not StatementKind.INDIRECT:
        return False
    said = (w.lower() for s in draft.content for w in _WORD.findall(body, s.start, s.end))
    return all(word in _NOTHING for word in said)


def _without_false_friends(
    doc: Doc, layout: _Layout, attribution: Attribution
) -> Attribution | None:
    """The attribution without the parts that are little more than words in marks, but no speech.

    Returns:
        None where nothing is left.
    """
    body = layout.body
    kept = []
    for part in attribution.content:
        whole = _count(body, (part,))
        for quotation in layout.around(part):
            shared = _shared(part, quotation.inner) if quotation.depth == 0 else None
            if shared and _FALSE_SHARE * whole <= _count(body, (shared,)):
                if rejection.reason_of(doc, quotation) is None:
                    kept.append(part)
                break
        else:
            kept.append(part)
    if len(kept) == len(attribution.content):
        return attribution
    return replace(attribution, content=tuple(kept)) if kept else None


def _shared(one: Span, other: Span) -> Span | None:
    start, end = max(one.start, other.start), min(one.end, other.end)
    return Span(start, end) if start < end else None


class _Layout:
    """The body with its paragraphs and quotations, found by place."""

    def __init__(
        self, body: str, paragraphs: Sequence[Paragraph], quotations: Sequence[Quotation]
    ) -> None:
        self.body = body
        self._paragraphs = [p.span for p in paragraphs]
        self._headings = {p.span for p in paragraphs if p.kind is ParagraphKind.HEADING}
        self._quotations = sorted(quotations, key=lambda q: (q.outer.start, q.depth))
        self._ends = [p.end for p in self._paragraphs]
        self._starts = [q.outer.start for q in self._quotations]

    def by_paragraph(self, span: Span) -> list[Span]:
        """The span cut at the breaks between paragraphs."""
        parts = []
        for index in range(bisect_right(self._ends, span.start), len(self._ends)):
            paragraph = self._paragraphs[index]
            if paragraph.start >= span.end:
                break
            parts.append(Span(max(span.start, paragraph.start), min(span.end, paragraph.end)))
        return parts or [span]

    def starts_paragraph(self, offset: int) -> bool:
        """Whether a paragraph starts here."""
        index = bisect_right(self._ends, offset)
        return index < len(self._paragraphs) and self._paragraphs[index].start == offset

    def is_heading(self, part: Span) -> bool:
        """Whether a part of a content is a heading as a whole."""
        return part in self._headings

    def around(self, span: Span) -> list[Quotation]:
        """The quotations that overlap a span of one paragraph."""
        first = bisect_right(self._starts, span.start)
        while first > 0:  # back to the outermost quotation that may still be open here
            first -= 1
            if self._quotations[first].depth == 0:
                break
        last = bisect_left(self._starts, span.end)
        return [q for q in self._quotations[first:last] if q.outer.overlaps(span)]


def kind_of(body: str, content: Sequence[Span], quoted: Sequence[Span]) -> StatementKind:
    """DIRECT, MIXED or INDIRECT, by the share of the content's words that stand in marks."""
    total, verbatim = _count(body, content), _count(body, quoted)
    if verbatim == 0:
        return StatementKind.INDIRECT
    return StatementKind.DIRECT if verbatim >= _DIRECT_SHARE * total else StatementKind.MIXED


def _count(body: str, spans: Sequence[Span]) -> int:
    return sum(1 for s in spans for _ in _WORD.finditer(body, s.start, s.end))


# ---- attributions that are one --------------------------------------------------------


def _merge(attributions: Sequence[Attribution]) -> list[Attribution]:
    """Joins attributions whose contents mostly coincide; the higher score names the source."""
    merged: list[Attribution] = []
    for attribution in sorted(attributions, key=lambda a: (a.content[0].start, -a.score)):
        for index in range(len(merged) - 1, max(-1, len(merged) - 4), -1):
            if _are_one(merged[index], attribution):
                merged[index] = _joined(merged[index], attribution)
                break
        else:
            merged.append(attribution)
    return merged


def _are_one(one: Attribution, other: Attribution) -> bool:
    if one.cue and other.cue and not one.cue.overlaps(other.cue):
        return False
    shared = sum(
        max(0, min(a.end, b.end) - max(a.start, b.start))
        for a in one.content
        for b in other.content
    )
    shorter = min(sum(s.end - s.start for s in a.content) for a in (one, other))
    return shared > 0 and shared >= _SAME_SHARE * shorter


def _joined(one: Attribution, other: Attribution) -> Attribution:
    first, second = (one, other) if one.score >= other.score else (other, one)
    return replace(
        first,
        content=quoted_speech.union((*one.content, *other.content)),
        cue=first.cue or second.cue,
        source=first.source or second.source,
    )


# ---- contents without their marks -----------------------------------------------------


def _draft(layout: _Layout, attribution: Attribution) -> Draft:
    """The attribution as a draft: marks left out, quoted parts and kind told by the marks."""
    body = layout.body
    content: list[Span] = []
    quoted: list[Span] = []
    parts = [p for s in attribution.content for p in layout.by_paragraph(s)]
    parts = [p for p in parts if not layout.is_heading(p)] or parts
    for part in parts:
        near = layout.around(part)
        for piece in _by_quotation(body, near, part):
            bare = _without_marks(body, near, piece)
            if _WORD.search(body, bare.start, bare.end):
                content.append(bare)
                quoted += _quoted(body, near, bare, attribution.cue)
    kind = kind_of(body, content, quoted_speech.union(quoted))
    if _is_transcript(layout, attribution):
        kind = StatementKind.DIRECT
    return Draft(
        content=tuple(content) or attribution.content,
        quoted=quoted_speech.union(quoted),
        kind=kind,
        cue=attribution.cue,
        source=attribution.source,
        score=attribution.score,
    )


def _with_kind(layout: _Layout, draft: Draft) -> Draft:
    """The draft with what of its content stands in marks, and without marks at its edges."""
    if draft.quoted:
        return draft
    bare = Attribution(draft.content, draft.cue, draft.source, draft.score)
    return replace(_draft(layout, bare), likelihood=draft.likelihood)


def _is_transcript(layout: _Layout, attribution: Attribution) -> bool:
    """Whether it is a line of a transcript, whose words are verbatim without marks: "LUND: No."."""
    source, cue = attribution.source, attribution.cue
    if source is None or cue is None or cue.of(layout.body).strip() != ":":
        return False
    return source.of(layout.body).isupper() and layout.starts_paragraph(source.start)


def _by_quotation(body: str, near: Sequence[Quotation], span: Span) -> list[Span]:
    """The span as its quotations, where it is nothing but several of them."""
    inside = [q.outer for q in near if q.depth == 0 and span.covers(q.outer)]
    if len(inside) < 2:
        return [span]
    edges = [span.start, *(edge for q in inside for edge in (q.start, q.end)), span.end]
    gaps = [body[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True)]
    return [span] if any(_WORD.search(gap) for gap in gaps) else inside


def _without_marks(body: str, near: Sequence[Quotation], span: Span) -> Span:
    """The span without white space, enclosing marks, and marks whose partner is outside it."""
    start, end = span.start, span.end
    changed = True
    while changed and start < end:
        changed = False
        if body[start].isspace():
            start, changed = start + 1, True
        elif body[end - 1].isspace():
            end, changed = end - 1, True
        else:
            for q in near:
                opens = q.outer.start == start < q.inner.start and q.outer.end >= end
                closes = q.closed and q.outer.end == end and q.outer.start <= start
                if opens or closes:
                    start = q.inner.start if opens else start
                    end = min(end, q.inner.end) if closes else end
                    changed = True
                    break
    while start < end and (body[start].isspace() or _is_stray(body, near, start)):
        start += 1
    while start < end and (body[end - 1].isspace() or _is_stray(body, near, end - 1)):
        end -= 1
    return Span(start, max(start, end))


def _is_stray(body: str, near: Sequence[Quotation], index: int) -> bool:
    """Whether a mark that belongs to no quotation stands here."""
    if body[index] not in _MARKS:
        return False
    return not any(
        q.outer.start <= index < q.inner.start or q.inner.end <= index < q.outer.end for q in near
    )


def _quoted(body: str, near: Sequence[Quotation], content: Span, cue: Span | None) -> list[Span]:
    """The parts of the content in marks; marks around the cue too are another speaker's."""
    inner = [q.inner for q in near if cue is None or not q.outer.covers(cue)]
    parts = [Span(max(content.start, q.start), min(content.end, q.end)) for q in inner]
    return [_trimmed(body, p) for p in parts if _WORD.search(body, p.start, p.end)]


def _trimmed(body: str, span: Span) -> Span:
    """The span without white space at its ends: « A » has some inside its marks."""
    text = span.of(body)
    start = span.start + len(text) - len(text.lstrip())
    return Span(start, start + len(text.strip()))


# ---- who reports whom -----------------------------------------------------------------


def _with_parents(drafts: Sequence[Draft]) -> list[Draft]:
    """Links each draft whose cue and content lie in another's content to the closest such one."""
    linked = list(drafts)
    open_: list[int] = []
    for index, draft in enumerate(drafts):
        start = draft.content[0].start
        open_ = [i for i in open_ if drafts[i].content[-1].end > start][-8:]
        for candidate in reversed(open_):
            if draft.cue is not None and _reports(drafts[candidate], draft, draft.cue):
                linked[index] = replace(draft, parent=candidate)
                break
        open_.append(index)
    return linked


def _reports(outer: Draft, inner: Draft, cue: Span) -> bool:
    return all(any(o.covers(s) for o in outer.content) for s in (*inner.content, cue))
