"""What a speaker is called, and what kind of speaker it is."""

from __future__ import annotations

from collections import Counter

from spacy.tokens import Doc, Token

from quoth_server.engine.speakers import role_spans
from quoth_server.engine.speakers.entities import Entity
from quoth_server.engine.speakers.mentions import Phrase
from quoth_server.engine.speakers.names import without_possessive
from quoth_server.engine.speakers.nouns import Number
from quoth_server.engine.types import Span, SpeakerType

__all__ = ["description", "display_name", "in_full", "type_of"]


def type_of(entity: Entity) -> SpeakerType:
    """The kind of speaker that an entity is by its names."""
    one = {SpeakerType.DOCUMENT, SpeakerType.ORGANIZATION}
    if entity.number is Number.SEVERAL and entity.type not in one:
        return SpeakerType.GROUP
    return entity.type


def display_name(entity: Entity) -> str:
    """The fullest name of those that an entity has, as written."""
    named = entity.named
    full = [p for p in named if not p.in_title and len(p.text.split()) > 1] or named
    forms = Counter(p.name.bare if p.name else p.text for p in full)
    return max(forms, key=lambda f: (len(f.split()), forms[f], len(f)))


def description(doc: Doc, phrase: Phrase) -> str:
    """A description in full, without its determiner: "director of the museum"."""
    start, end = role_spans.noun_phrase(doc[phrase.head])
    return " ".join(without_possessive(doc[start:end].text).split())


def in_full(doc: Doc, name: str, source: Span) -> str:
    """A description as its source has it, "projections by the two networks", where that says more.

    The article network reads where a source ends, from annotated news; the parse often stops too
    soon.
    """
    tokens = doc.char_span(source.start_offset, source.end_offset, alignment_mode="expand")
    if tokens is None:
        return name
    root = tokens.root
    end = next((t.i for t in tokens[1:] if _ends_name(t, root)), tokens.end)
    while end > tokens.start + 1 and doc[end - 1].tag_ in _LOOSE:
        end -= 1
    start = role_spans.without_determiners(doc, tokens.start, end)
    full = " ".join(without_possessive(doc[start:end].text).split())
    known, said = name.casefold().split(), full.casefold().split()
    return full if len(said) > len(known) and set(known) <= set(said) else name


def _ends_name(token: Token, root: Token) -> bool:
    """Whether a clause, an addition or a time begins here: ", which", "released", "on Friday"."""
    if token.is_punct:
        return token.text not in {"-", ".", "/"}
    return token.ent_type_ in {"DATE", "TIME"} or (token.tag_ in _CLAUSE and token.i > root.i)


_CLAUSE = frozenset({"WDT", "WP", "WP$", "VBN", "VBG", "VBD", "VBZ", "VBP", "VB"})
_LOOSE = frozenset({"IN", "DT", "CC"})
