"""Step 5: makes statements of attributions and quotation marks.

The attributions say whose words they are; the marks say, for certain, where verbatim words begin
and end. Put together: a quotation cut in two by its cue, or running over several paragraphs, is
one statement of several spans; quotations that no attribution reports are statements only where
they are speech.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from spacy.tokens import Doc

from quoth_server.engine.body import body_of
from quoth_server.engine.statements import (
    quoted_speech,
    rejection,
    reported_speech,
    second_hand,
    turns,
)
from quoth_server.engine.statements.contents import Layout, count, draft_of
from quoth_server.engine.statements.draft import Draft
from quoth_server.engine.types import (
    Attribution,
    Paragraph,
    Quotation,
    Span,
    StatementKind,
)

__all__ = ["assemble", "candidates"]

_WORD = re.compile(r"\w+")
_SAME_SHARE = 0.6
"""Two attributions sharing this much of the shorter one's content are one."""
_LIKELY = 0.3
"""Less likely findings are not statements. Chosen on held-out articles: at 0.15 more statements are
found, 93.4 % of Wikinews' instead of 92.9, but 5.6 % of those given are none instead of 4.4."""
_NOTHING = frozenset({"nothing", "little", "anything", "much", "so", "more"})
_FALSE_SHARE = 0.5
"""From this share of its words on, a quotation that is not a statement takes one with it."""


def assemble(
    doc: Doc,
    paragraphs: Sequence[Paragraph],
    quotations: Sequence[Quotation],
    candidates: Sequence[Draft],
    likelihoods: Sequence[float],
) -> tuple[Draft, ...]:
    """Keeps the likely candidates, and adds what is said inside them and around, in text order.

    Args:
        doc: the parse of the body.
        paragraphs: of the body, in text order.
        quotations: from `marks.pair`.
        candidates: from `candidates`.
        likelihoods: how likely each is a statement at all.
    """
    layout = Layout(body_of(doc), paragraphs, quotations)
    judged = [
        replace(draft, likelihood=max(likelihood, layout.sure(draft)))
        for draft, likelihood in zip(candidates, likelihoods, strict=True)
    ]
    drafts = [draft for draft in judged if draft.likelihood >= _LIKELY]
    drafts += [_with_kind(layout, inner) for inner in second_hand.inside(doc, quotations, drafts)]
    known = frozenset(drafts)
    drafts = [
        draft if draft in known else _with_kind(layout, draft)
        for draft in second_hand.around(doc, drafts)
    ]
    drafts.sort(key=lambda d: (d.content[0].start_offset, -d.content[-1].end_offset))
    return tuple(_with_parents(drafts))


def candidates(
    doc: Doc,
    paragraphs: Sequence[Paragraph],
    quotations: Sequence[Quotation],
    attributions: Sequence[Attribution],
) -> list[Draft]:
    """What may be statements, with who relays them: attributions and quotations merged.

    Args:
        doc: the parse of the body.
        paragraphs: of the body, in text order.
        quotations: from `marks.pair`.
        attributions: from step 4; their content may have its quotation marks.
    """
    body = body_of(doc)
    outermost = [q for q in quotations if q.depth == 0]
    layout = Layout(body, paragraphs, quotations)
    told = [part for a in attributions for part in reported_speech.apart(doc, a)]
    told = [turns.own(layout.turns, reported_speech.unfolded(doc, a)) for a in told]
    merged = _merge([*layout.turns, *told])
    merged = quoted_speech.parted(body, outermost, merged)
    merged = quoted_speech.begun_in_marks(outermost, merged)
    merged = quoted_speech.carried_on(body, paragraphs, outermost, merged)
    merged += quoted_speech.unreported(doc, paragraphs, outermost, merged)
    kept = [_without_false_friends(doc, layout, a) for a in merged]
    drafts = [
        draft_of(layout, attribution)
        for attribution in kept
        if attribution is not None
        and any(_WORD.search(body, s.start_offset, s.end_offset) for s in attribution.content)
    ]
    drafts = [draft for draft in drafts if not _is_nothing(body, draft)]
    by_inner = {quotation.inner: quotation for quotation in quotations}
    drafts = [second_hand.relayed(doc, by_inner, draft) for draft in drafts]
    drafts = second_hand.citations_resolved(doc, drafts)
    return [
        draft if draft.relays else replace(draft, relays=second_hand.relays(doc, draft))
        for draft in drafts
    ]


def _with_kind(layout: Layout, draft: Draft) -> Draft:
    """The draft with what of its content is in marks, and without marks at its edges."""
    if draft.quoted:
        return draft
    bare = Attribution(draft.content, draft.cue, draft.source, draft.score)
    return replace(draft_of(layout, bare), likelihood=draft.likelihood)


def _is_nothing(body: str, draft: Draft) -> bool:
    """Whether it says no more than that something, or nothing, was said."""
    if draft.kind is not StatementKind.INDIRECT:
        return False
    said = (
        w.lower() for s in draft.content for w in _WORD.findall(body, s.start_offset, s.end_offset)
    )
    return all(word in _NOTHING for word in said)


def _without_false_friends(
    doc: Doc, layout: Layout, attribution: Attribution
) -> Attribution | None:
    """The attribution without the parts that are little more than words in marks, but no speech.

    Returns:
        None where nothing is left.
    """
    body = layout.body
    kept = []
    for part in attribution.content:
        whole = count(body, (part,))
        for quotation in layout.around(part):
            shared = _shared(part, quotation.inner) if quotation.depth == 0 else None
            if shared and _FALSE_SHARE * whole <= count(body, (shared,)):
                if rejection.reason_of(doc, quotation) is None:
                    kept.append(part)
                break
        else:
            kept.append(part)
    if len(kept) == len(attribution.content):
        return attribution
    return replace(attribution, content=tuple(kept)) if kept else None


def _shared(one: Span, other: Span) -> Span | None:
    start, end = max(one.start_offset, other.start_offset), min(one.end_offset, other.end_offset)
    return Span(start, end) if start < end else None


# ---- attributions that are one --------------------------------------------------------


def _merge(attributions: Sequence[Attribution]) -> list[Attribution]:
    """Joins attributions whose contents mostly coincide; the higher score names the source."""
    merged: list[Attribution] = []
    for attribution in sorted(attributions, key=lambda a: (a.content[0].start_offset, -a.score)):
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
        max(0, min(a.end_offset, b.end_offset) - max(a.start_offset, b.start_offset))
        for a in one.content
        for b in other.content
    )
    shorter = min(sum(s.end_offset - s.start_offset for s in a.content) for a in (one, other))
    return shared > 0 and shared >= _SAME_SHARE * shorter


def _joined(one: Attribution, other: Attribution) -> Attribution:
    first, second = (one, other) if one.score >= other.score else (other, one)
    return replace(
        first,
        content=quoted_speech.union((*one.content, *other.content)),
        cue=first.cue or second.cue,
        source=first.source or second.source,
    )


# ---- who reports whom -----------------------------------------------------------------


def _with_parents(drafts: Sequence[Draft]) -> list[Draft]:
    """Links each draft whose cue and content lie in another's content to the closest such one."""
    linked = list(drafts)
    open_: list[int] = []
    for index, draft in enumerate(drafts):
        start = draft.content[0].start_offset
        open_ = [i for i in open_ if drafts[i].content[-1].end_offset > start][-8:]
        for candidate in reversed(open_):
            if draft.cue is not None and _reports(drafts[candidate], draft, draft.cue):
                linked[index] = replace(draft, parent=candidate)
                break
        open_.append(index)
    return linked


def _reports(outer: Draft, inner: Draft, cue: Span) -> bool:
    return all(any(o.covers(s) for o in outer.content) for s in (*inner.content, cue))
