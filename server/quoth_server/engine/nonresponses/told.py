"""The places where the article tells that somebody did not answer.

What is told of with content is a statement ("declined to say whether"), and what somebody else
tells is theirs ("she said the bank does not comment"): neither is one of these.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from spacy.tokens import Doc, Token

from quoth_server.engine.nonresponses import messages, refusals, silences
from quoth_server.engine.nonresponses.words import Wording
from quoth_server.engine.statements import Draft
from quoth_server.engine.statements.quoted_speech import union
from quoth_server.engine.subjects import words_of
from quoth_server.engine.types import NonresponseKind, Span, StatementKind

__all__ = ["Told", "find", "not_stated", "without"]

_CONTENT = frozenset(
    {
        "whether",
        "if",
        "how",
        "why",
        "what",
        "who",
        "whom",
        "whose",
        "when",
        "where",
        "which",
        "that",
    }
)
"""Words that open a clause, which is content."""
_CALLING = frozenset({"call", "describe", "term"})
_ADVERBIAL = frozenset({"when", "where", "if", "that"})
"""Of those, the ones that open one beside it where no preposition leads to them."""
_LINKS = frozenset({"on", "about", "as", "to", "of", "over", "regarding", "upon"})


@dataclass(frozen=True, slots=True)
class Told:
    """Somebody's not answering: the words for it, and for whom; None where no words name them.

    `extent` goes on to the end of what belongs to it: "declined to comment on the budget".
    """

    kind: NonresponseKind
    cue: Span
    extent: Span
    source: Span | None

    @property
    def draft(self) -> Draft:
        """It as a statement would be, for what looks at statements."""
        return Draft(content=(self.cue,), cue=self.cue, source=self.source)


def find(doc: Doc) -> tuple[Told, ...]:
    """All places, in text order; no word is in the cues of two."""
    found: list[Told] = []
    for wording in _wordings(doc):
        told = _told(doc, wording)
        if not found or not found[-1].cue.overlaps(told.cue):
            found.append(told)
    return tuple(sorted(found, key=lambda each: each.cue))


def without(doc: Doc, candidates: Sequence[Draft], told: Sequence[Told]) -> list[Draft]:
    """The candidates for statements that are more than somebody's not answering."""
    starts = [each.cue.start_offset for each in told]

    def near(draft: Draft) -> Sequence[Told]:
        """Those whose cue can overlap that of the draft or its content; no two cues overlap."""
        spans = (*draft.content, *((draft.cue,) if draft.cue else ()))
        first = bisect_right(starts, min(span.start_offset for span in spans)) - 1
        last = bisect_left(starts, max(span.end_offset for span in spans))
        return told[max(0, first) : last]

    return [c for c in candidates if not any(_is_no_more(doc, c, each) for each in near(c))]


def not_stated(told: Sequence[Told], drafts: Sequence[Draft]) -> tuple[Told, ...]:
    """Those that neither are a statement nor stand in one."""
    spans = [span for draft in drafts for span in draft.content]
    taken = union([*spans, *(draft.cue for draft in drafts if draft.cue is not None)])
    ends = [span.end_offset for span in taken]

    def is_stated(cue: Span) -> bool:
        at = bisect_right(ends, cue.start_offset)
        return at < len(taken) and taken[at].start_offset < cue.end_offset

    return tuple(each for each in told if not is_stated(each.cue))


def _wordings(doc: Doc) -> Iterator[Wording]:
    for token in doc:
        for reader in (refusals.read, silences.read, messages.read):
            wording = reader(token)
            if wording is not None:
                yield wording
                break


def _told(doc: Doc, wording: Wording) -> Told:
    first, last = doc[wording.first], doc[wording.last]
    end = max(wording.last, min(wording.head.right_edge.i, _clause_end(wording)))
    while doc[end].is_punct or doc[end].is_space:
        end -= 1
    start = first.idx
    return Told(
        kind=wording.kind,
        cue=Span(start, last.idx + len(last)),
        extent=Span(start, max(doc[end].idx + len(doc[end]), last.idx + len(last))),
        source=words_of(doc, wording.who, wording.first) if wording.who is not None else None,
    )


def _clause_end(wording: Wording) -> int:
    """The last token before what is joined on: "declined to comment **but sent a cake**"."""
    joined = [
        c.left_edge.i
        for c in _within(wording.head)
        if c.i > wording.last and c.dep_ in {"conj", "cc", "advcl", "ccomp", "parataxis"}
    ]
    return min(joined, default=wording.head.right_edge.i + 1) - 1


def _within(head: Token) -> Iterable[Token]:
    return (*head.rights, *(g for c in head.rights if c.dep_ == "xcomp" for g in c.rights))


def _is_no_more(doc: Doc, draft: Draft, told: Told) -> bool:
    if draft.kind is not StatementKind.INDIRECT or len(draft.content) > 1:
        return False
    content = draft.content[0]
    if draft.cue is None or not (draft.cue.overlaps(told.cue) or content.overlaps(told.cue)):
        return False
    whole = told.extent.covers(content) and (
        told.extent.covers(draft.cue)
        or told.cue.covers(Span(content.start_offset, content.start_offset + 1))
    )  # "declined **to comment on the case**, citing it"
    start = max(content.start_offset, told.cue.end_offset)
    rest = doc.char_span(start, content.end_offset, alignment_mode="contract")
    words = [t for t in rest or () if t.lower_ not in _LINKS]
    if not words or words[0].lower_ not in _CONTENT:
        return whole
    first = words[0].i
    if doc[first - 1].lower_ in _LINKS:  # "on **what it called** an old matter"
        return whole and any(t.lemma_ in _CALLING for t in doc[first + 1 : first + 4])
    return words[0].lower_ in _ADVERBIAL  # "declined to comment **when we called**"
