"""Step 6: links every statement to its speaker, under the fullest name the article uses."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from spacy.tokens import Doc, Token

from quoth_server.engine.speakers import role_spans, sources
from quoth_server.engine.speakers.entities import Entity
from quoth_server.engine.speakers.linking import Link, Linker
from quoth_server.engine.speakers.mentions import Form, Phrase
from quoth_server.engine.speakers.name_runs import is_title
from quoth_server.engine.speakers.names import without_possessive
from quoth_server.engine.speakers.nouns import Number
from quoth_server.engine.statements import Draft
from quoth_server.engine.types import (
    Mention,
    Notice,
    NoticeReason,
    Paragraph,
    Quotation,
    Role,
    Speaker,
    SpeakerType,
    StatementKind,
)

__all__ = ["Speakers", "link", "read"]

_NEAR = 6
"""The head of a name is at most so many tokens after its title."""
_TOO_CLOSE = 0.9
"""A choice whose runner-up has this share of its probability is no choice: left open."""


@dataclass(frozen=True, slots=True)
class Speakers:
    """The speakers by their first statement, and for each draft who speaks; None if unknown."""

    speakers: tuple[Speaker, ...]
    mentions: tuple[Mention | None, ...]
    notices: tuple[Notice, ...] = ()


def link(
    doc: Doc,
    paragraphs: Sequence[Paragraph],
    quotations: Sequence[Quotation],
    drafts: Sequence[Draft],
    title: str = "",
) -> Speakers:
    """Reads the article in order and links each draft to its speaker.

    Args:
        doc: the parse of the body.
        paragraphs: of the body.
        quotations: of the body.
        drafts: the statements.
        title: the article's title, where it is no part of the body.
    """
    linker = Linker(doc, paragraphs, quotations, title=title)
    return _gathered(doc, drafts, read(linker, drafts))


# ---- reading --------------------------------------------------------------------------


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
            sourceless.append((_token_at(doc, draft.content[0].start), index))
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


# ---- what is told of it ---------------------------------------------------------------


def _gathered(doc: Doc, drafts: Sequence[Draft], links: Sequence[Link | None]) -> Speakers:
    """Ids, names and mentions of those who speak."""
    ids: dict[Entity, str] = {}
    mentions: list[Mention | None] = []
    notices: list[Notice] = []
    for draft, found in zip(drafts, links, strict=True):
        entity = found.entity if found is not None else None
        if entity is not None and found is not None and _is_open(found):
            where = draft.source or draft.content[0]
            notices.append(
                Notice(
                    NoticeReason.AMBIGUOUS_SPEAKER,
                    "Two speakers are about equally likely here; the speaker is left open.",
                    where,
                )
            )
            entity = None
        if entity is None or found is None:
            mentions.append(Mention(draft.source) if draft.source else None)
            continue
        key = ids.setdefault(entity, f"p{len(ids) + 1}")
        mentions.append(Mention(draft.source, key, confidence=found.probability))
    speakers = tuple(_speaker(doc, key, entity) for entity, key in ids.items())
    return Speakers(speakers, tuple(mentions), tuple(notices))


def _is_open(found: Link) -> bool:
    return found.runner_up >= _TOO_CLOSE * found.probability


def _speaker(doc: Doc, key: str, entity: Entity) -> Speaker:
    return Speaker(
        speaker_id=key,
        display_name=_display_name(doc, entity),
        type=_type(entity),
        roles=_each_once(doc, entity.roles or entity.passing),
        mentions=tuple(sorted({p.span for p in entity.phrases})),
    )


def _each_once(doc: Doc, found: Sequence[Role]) -> tuple[Role, ...]:
    """The roles in text order, those with the same words once."""
    once: dict[str, Role] = {}
    for role in sorted(found, key=lambda r: r.span):
        once.setdefault(role_spans.text_of(doc, role).casefold(), role)
    return tuple(once.values())


def _type(entity: Entity) -> SpeakerType:
    one = {SpeakerType.DOCUMENT, SpeakerType.ORGANIZATION}
    if entity.parts or (entity.number is Number.SEVERAL and entity.type not in one):
        return SpeakerType.GROUP
    return entity.type


def _display_name(doc: Doc, entity: Entity) -> str:
    """The fullest name, as written; for those without one, the first description."""
    if entity.parts:
        return " and ".join(_display_name(doc, part) for part in entity.parts)
    named = entity.named
    if named:
        full = [p for p in named if not p.in_title and len(p.text.split()) > 1] or named
        forms = Counter(p.name.bare if p.name else p.text for p in full)
        return max(forms, key=lambda f: (len(f.split()), forms[f], len(f)))
    described = [p for p in entity.phrases if p.form is Form.DESCRIPTION]
    if not described:
        return entity.phrases[0].text
    start, end = role_spans.noun_phrase(doc[described[0].head])
    return _as_text(doc, start, end)


def _as_text(doc: Doc, start: int, end: int) -> str:
    return " ".join(without_possessive(doc[start:end].text).split())
