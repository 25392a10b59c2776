"""The content of a statement, cut at paragraphs, without its marks; and what stands in them."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from quoth_server.engine.anchors import dateline
from quoth_server.engine.statements import turns
from quoth_server.engine.statements.draft import Draft
from quoth_server.engine.statements.quoted_speech import union
from quoth_server.engine.types import (
    Attribution,
    Paragraph,
    ParagraphKind,
    Quotation,
    Span,
    StatementKind,
)

__all__ = ["Layout", "count", "draft_of", "kind_of", "own_words"]

_WORD = re.compile(r"\w+")
_DIRECT_SHARE = 0.8
"""From this share of quoted words on, a statement is DIRECT (the convention of our gold)."""
_SURE = 0.9
_MARKS = '“”„‟"«»'
"""Marks that are never apostrophes: alone at the edge of a content, they are dropped."""


class Layout:
    """The body with its paragraphs and quotations, found by place."""

    def __init__(
        self, body: str, paragraphs: Sequence[Paragraph], quotations: Sequence[Quotation]
    ) -> None:
        self.body = body
        self._paragraphs = [p.span for p in paragraphs]
        self._headings = {p.span for p in paragraphs if p.kind is ParagraphKind.HEADING}
        self._quotations = sorted(quotations, key=lambda q: (q.outer.start_offset, q.depth))
        self._ends = [p.end_offset for p in self._paragraphs]
        self._starts = [q.outer.start_offset for q in self._quotations]
        self.turns = turns.find(body, paragraphs)
        self._dateline = dateline(body, paragraphs)
        self.labels = frozenset(turn.source for turn in self.turns)

    def by_paragraph(self, span: Span) -> list[Span]:
        """The span cut at the breaks between paragraphs."""
        parts = []
        for index in range(bisect_right(self._ends, span.start_offset), len(self._ends)):
            paragraph = self._paragraphs[index]
            if paragraph.start_offset >= span.end_offset:
                break
            parts.append(
                Span(
                    max(span.start_offset, paragraph.start_offset),
                    min(span.end_offset, paragraph.end_offset),
                )
            )
        return parts or [span]

    def after_dateline(self, part: Span) -> Span | None:
        """A part of a content without the dateline that the text opens with, if more is left."""
        line = self._dateline
        if line is None or not line.start_offset <= part.start_offset < line.end_offset:
            return part
        told = _WORD.search(self.body, line.end_offset, max(line.end_offset, part.end_offset))
        return Span(told.start(), part.end_offset) if told else None

    def starts_paragraph(self, offset: int) -> bool:
        """Whether a paragraph starts here."""
        index = bisect_right(self._ends, offset)
        return index < len(self._paragraphs) and self._paragraphs[index].start_offset == offset

    def sure(self, draft: Draft) -> float:
        """How likely the layout alone makes a statement: a turn of a legislature's record is one.

        Their labels are too rare in the news for the record network to know them.
        """
        in_record = draft.cue is not None and draft.cue.of(self.body) == "."
        return _SURE if in_record and draft.source in self.labels else 0.0

    def is_beside_turn(self, offset: int) -> bool:
        """Whether the paragraph before or behind the one here is a turn."""
        index = bisect_right(self._ends, offset)
        near = (*self._paragraphs[max(0, index - 1) : index], *self._paragraphs[index + 1 :][:1])
        return any(label and span.covers(label) for span in near for label in self.labels)

    def is_heading(self, part: Span) -> bool:
        """Whether a part of a content is a heading as a whole."""
        return part in self._headings

    def around(self, span: Span) -> list[Quotation]:
        """The quotations that overlap a span of one paragraph."""
        first = bisect_right(self._starts, span.start_offset)
        while first > 0:  # back to the outermost quotation that may still be open here
            first -= 1
            if self._quotations[first].depth == 0:
                break
        last = bisect_left(self._starts, span.end_offset)
        return [q for q in self._quotations[first:last] if q.outer.overlaps(span)]


def draft_of(layout: Layout, attribution: Attribution) -> Draft:
    """The attribution as a draft: marks left out, quoted parts and kind read off the marks."""
    body = layout.body
    content: list[Span] = []
    quoted: list[Span] = []
    found = [p for s in attribution.content for p in layout.by_paragraph(s)]
    parts = [part for p in found if (part := layout.after_dateline(p))] or found
    parts = [p for p in parts if not layout.is_heading(p)] or parts
    for part in parts:
        near = layout.around(part)
        for piece in _by_quotation(body, near, part):
            bare = _without_marks(body, near, piece)
            if _WORD.search(body, bare.start_offset, bare.end_offset):
                content.append(bare)
                quoted += _quoted(body, near, bare, attribution.cue)
    kind = kind_of(body, content, union(quoted))
    if _is_transcript(layout, attribution):
        kind = StatementKind.DIRECT
    return Draft(
        content=tuple(content) or attribution.content,
        quoted=union(quoted),
        kind=kind,
        cue=attribution.cue,
        source=attribution.source,
        score=attribution.score,
    )


def _is_transcript(layout: Layout, attribution: Attribution) -> bool:
    """Whether it is a line of a transcript, whose words are verbatim without marks: "LUND: No."."""
    source, cue = attribution.source, attribution.cue
    if source is None or cue is None or cue.of(layout.body).strip() not in turns.SIGNS:
        return False
    if source in layout.labels:
        return True
    begins = layout.starts_paragraph(source.start_offset)
    return begins and (source.of(layout.body).isupper() or _is_label(layout, source, cue))


def _is_label(layout: Layout, source: Span, cue: Span) -> bool:
    """Whether a source is a label but not a name, beside others: "Two senators: Shame!"."""
    gap = layout.body[source.end_offset : cue.start_offset]
    return not gap.strip() and layout.is_beside_turn(source.start_offset)


def _by_quotation(body: str, near: Sequence[Quotation], span: Span) -> list[Span]:
    """The span as its quotations, where it is nothing but several of them."""
    inside = [q.outer for q in near if q.depth == 0 and span.covers(q.outer)]
    if len(inside) < 2:
        return [span]
    edges = [
        span.start_offset,
        *(edge for q in inside for edge in (q.start_offset, q.end_offset)),
        span.end_offset,
    ]
    gaps = [body[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True)]
    return [span] if any(_WORD.search(gap) for gap in gaps) else inside


def _without_marks(body: str, near: Sequence[Quotation], span: Span) -> Span:
    """The span without white space, enclosing marks, and marks whose partner is outside it."""
    start, end = span.start_offset, span.end_offset
    changed = True
    while changed and start < end:
        changed = False
        if body[start].isspace():
            start, changed = start + 1, True
        elif body[end - 1].isspace():
            end, changed = end - 1, True
        else:
            for q in near:
                opens = (
                    q.outer.start_offset == start < q.inner.start_offset
                    and q.outer.end_offset >= end
                )
                closes = (
                    q.closed
                    and q.outer.end_offset == end > q.inner.end_offset
                    and q.outer.start_offset <= start
                )
                if opens or closes:
                    start = q.inner.start_offset if opens else start
                    end = min(end, q.inner.end_offset) if closes else end
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
        q.outer.start_offset <= index < q.inner.start_offset
        or q.inner.end_offset <= index < q.outer.end_offset
        for q in near
    )


def _quoted(body: str, near: Sequence[Quotation], content: Span, cue: Span | None) -> list[Span]:
    """The parts of the content in marks; marks around the cue too are another speaker's."""
    inner = [q.inner for q in near if cue is None or not q.outer.covers(cue)]
    parts = [
        Span(max(content.start_offset, q.start_offset), min(content.end_offset, q.end_offset))
        for q in inner
    ]
    return [p.trimmed(body) for p in parts if _WORD.search(body, p.start_offset, p.end_offset)]


def kind_of(body: str, content: Sequence[Span], quoted: Sequence[Span]) -> StatementKind:
    """DIRECT, MIXED or INDIRECT, by the share of the content's words that are in marks."""
    total, verbatim = count(body, content), count(body, quoted)
    if verbatim == 0:
        return StatementKind.INDIRECT
    return StatementKind.DIRECT if verbatim >= _DIRECT_SHARE * total else StatementKind.MIXED


def own_words(body: str, draft: Draft) -> tuple[Span, ...]:
    """The content of a draft; of a DIRECT one only the words in marks.

    The words that lead into a quotation (“the company ‘extends its condolences’”) are the writer's.
    The steps before keep them: they were made with them, and find by them what they look for.
    """
    # a transcript needs no marks
    marked = draft.cue is None or draft.cue.of(body).strip() not in turns.SIGNS
    if draft.kind is not StatementKind.DIRECT or not marked:
        return draft.content
    own: list[Span] = []
    for part in draft.content:
        within = [
            Span(max(part.start_offset, q.start_offset), min(part.end_offset, q.end_offset))
            for q in draft.quoted
            if part.overlaps(q)
        ]
        own += [part] if count(body, within) == count(body, (part,)) else within
    return tuple(own) or draft.content


def count(body: str, spans: Sequence[Span]) -> int:
    """The number of words in the spans."""
    return sum(1 for s in spans for _ in _WORD.finditer(body, s.start_offset, s.end_offset))
