"""What the rules and the linear ranker say of who speaks, in one pass over an article.

The record network takes it as one voice among others: on pronouns it is still the better one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from spacy.tokens import Doc, Token

from quoth_server.engine.speakers import sources
from quoth_server.engine.speakers.linking import Link, Linker
from quoth_server.engine.speakers.mentions import Form, Phrase
from quoth_server.engine.speakers.name_runs import is_title
from quoth_server.engine.statements.draft import Draft
from quoth_server.engine.types import StatementKind

__all__ = ["read"]

_NEAR = 6
"""The head of a name is at most this many tokens after its title."""


def read(linker: Linker, drafts: Sequence[Draft]) -> list[Link | None]:
    """One pass over the linker's phrases, each draft linked where its source stands.

    Returns:
        For each draft its link; None where there is nothing to link.
    """
    doc = linker.doc
    phrase_at = {p.head: p for p in linker.phrases}
    by_last: dict[int, list[tuple[int, tuple[Token, ...]]]] = defaultdict(list)
    wanted: set[int] = set()
    sourceless: list[tuple[int, int]] = []
    for index, draft in enumerate(drafts):
        head = sources.head_of(doc, draft)
        phrase = _phrase_of(head, phrase_at) if head is not None else None
        if phrase is not None:
            heads = sources.coordinated(doc[phrase.head], draft.source)
            last = phrase_at.get(heads[-1].i, phrase)
            by_last[last.head].append((index, heads))
            wanted.update(t.i for t in heads)
        elif head is None and draft.source is None and _needs_speaker(draft):
            sourceless.append((_token_at(doc, draft.content[0].start_offset), index))
    sourceless.sort(reverse=True)
    links: list[Link | None] = [None] * len(drafts)

    def quotations_up_to(token: int) -> None:
        while sourceless and sourceless[-1][0] <= token:
            start, index = sourceless.pop()
            links[index] = _speaks(linker, linker.quotation(start), start)

    for phrase in linker.phrases:
        quotations_up_to(phrase.start)
        found = linker.phrase(phrase, wanted=phrase.head in wanted)
        for index, heads in by_last.get(phrase.head, ()):
            first = linker.links.get(heads[0].i, found)
            links[index] = _speaks(linker, _jointly(linker, heads, first), phrase.start)
    quotations_up_to(len(doc))
    linker.settle(dict.fromkeys(x.entity for x in links if x is not None and x.entity is not None))
    return [linker.settled(x) for x in links]


def _needs_speaker(draft: Draft) -> bool:
    """Reported speech without a source ("it is said that") has none; a quotation has one."""
    return draft.kind is not StatementKind.INDIRECT


def _speaks(linker: Linker, found: Link | None, token: int) -> Link | None:
    if found is not None and found.entity is not None:
        linker.spoke(found.entity, token)
    return found


def _jointly(linker: Linker, heads: Sequence[Token], found: Link | None) -> Link | None:
    """The joint speaker, where the source names several."""
    if len(heads) < 2 or found is None:
        return found
    group = linker.joint([t.i for t in heads])
    return Link(group, found.probability, found.runner_up) if group is not None else found


def _phrase_of(head: Token, phrase_at: dict[int, Phrase]) -> Phrase | None:
    """The phrase that a source's head belongs to, though the parse put its head elsewhere.

    A source that is a title alone ("Rep.") was cut short: the name after it is meant.
    """
    for token in (head, head.head, *head.lefts, *head.rights):
        phrase = phrase_at.get(token.i)
        if phrase is not None and (token == head or phrase.start <= head.i < phrase.end):
            if phrase.form is Form.DESCRIPTION and is_title(head):
                break
            return phrase
    first = head.i + 1 if is_title(head) else head.i
    for index in range(head.i, min(head.i + _NEAR, len(head.doc))):
        phrase = phrase_at.get(index)
        if phrase is not None and phrase.start <= first < phrase.end:
            return phrase
    return phrase_at.get(head.i)


def _token_at(doc: Doc, offset: int) -> int:
    span = doc.char_span(offset, offset + 1, alignment_mode="expand")
    return span.start if span is not None else 0
