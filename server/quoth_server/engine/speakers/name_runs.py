"""Finds the tokens that are names: what the entity recognizer labels, and what it misses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from spacy.tokens import Doc, Span, Token

from quoth_server.engine.lexicon import words
from quoth_server.engine.speakers import names
from quoth_server.engine.speakers.names import Gender
from quoth_server.engine.speakers.nouns import is_degree, is_role
from quoth_server.engine.types import SpeakerType

__all__ = ["is_title", "labeled", "unlabeled"]

_NAMED = {
    "PERSON": SpeakerType.PERSON,
    "ORG": SpeakerType.ORGANIZATION,
    "GPE": SpeakerType.PLACE,
    "LOC": SpeakerType.PLACE,
    "FAC": SpeakerType.PLACE,
    "NORP": SpeakerType.GROUP,
    "WORK_OF_ART": SpeakerType.DOCUMENT,
    "LAW": SpeakerType.DOCUMENT,
    "PRODUCT": SpeakerType.ORGANIZATION,
}
_OPENING, _CLOSING = frozenset("“\"‘'"), frozenset("”\"’'")
_TIMES = frozenset({"DATE", "TIME", "CARDINAL", "ORDINAL", "PERCENT", "MONEY", "QUANTITY"})
_NAME_TAGS = frozenset({"NNP", "NNPS"})
_DASHES = frozenset({"-", "--", "–", "—"})


def labeled(doc: Doc) -> list[tuple[int, int, SpeakerType]]:
    """The named entities, without articles, possessives, titles and stray marks."""
    out = []
    for first, last, label in (side for entity in _whole(doc) for side in _sides(entity)):
        kind = _NAMED.get(label)
        start, end = _trimmed(doc, first, last)
        if kind is None or start >= end or not any(t.text[0].isupper() for t in doc[start:end]):
            continue
        if any(t.tag_ in {"VBD", "VBZ"} for t in doc[start:end]):
            continue  # a stretch of a sentence
        if kind is SpeakerType.GROUP and not doc[end - 1].tag_.endswith("S"):
            continue  # "Iranian", "a Republican": adjectives and descriptions
        if _is_degree_only(doc, start, end) and kind is not SpeakerType.PLACE:
            continue
        out.append(_completed(doc, start, end, kind))
    return out


def _whole(doc: Doc) -> Iterator[Span]:
    """The entities, a body's name in one piece: "**Tolland** Foods" is not a person and a body."""
    waiting: Span | None = None
    for entity in doc.ents:
        if waiting is not None and _belongs(waiting, entity):
            waiting = Span(doc, waiting.start, entity.end, entity.label_)
            continue
        if waiting is not None:
            yield waiting
        waiting = entity
    if waiting is not None:
        yield waiting


def _belongs(first: Span, second: Span) -> bool:
    """Whether an entity is the beginning of the body's name right behind it."""
    word = first.root
    inside = second.start <= word.head.i < second.end
    beside = first.end == second.start and word.dep_ == "compound" and inside
    return beside and second.label_ == "ORG" and first.label_ in {"PERSON", "ORG", "GPE", "LOC"}


def _sides(entity: Span) -> Iterator[tuple[int, int, str]]:
    """An entity, without the dateline that is glued to it: "Joliet - Denise Baker"."""
    for token in entity[1:-1]:
        if token.text in _DASHES and token.whitespace_ and token.nbor(-1).whitespace_:
            yield entity.start, token.i, "GPE"
            yield token.i + 1, entity.end, entity.label_
            return
    yield entity.start, entity.end, entity.label_


def _is_degree_only(doc: Doc, start: int, end: int) -> bool:
    """Whether nothing but a degree after a name is labeled: "Ana Ruiz, **Ph.D.**"."""
    after = start > 1 and doc[start - 1].text == "," and doc[start - 2].tag_ in _NAME_TAGS
    return after and all(map(is_degree, doc[start:end]))


def _has_given(doc: Doc, start: int) -> bool:
    return names.gender_of_given(doc[start].text) is not Gender.UNKNOWN


def _completed(doc: Doc, start: int, end: int, kind: SpeakerType) -> tuple[int, int, SpeakerType]:
    """The name with the given name before it and what follows a nickname: Tom “Bull” Lund."""
    if start > 0 and kind is not SpeakerType.PLACE:
        before = doc[start - 1]
        given = before.pos_ == "PROPN" and _has_given(doc, start - 1) and not is_role(before)
        given = given and not _is_place_of(doc, start)
        if end - start < 3 and (given or _is_initial(before)):
            start, kind = start - 1, SpeakerType.PERSON
    if kind is SpeakerType.PERSON and end + 1 < len(doc) and doc[end].text in _OPENING:
        for last in range(end + 2, min(end + 4, len(doc) - 1)):
            if doc[last].text in _CLOSING and doc[last + 1].text[0].isupper():
                return start, last + 2, kind
    return start, end, kind


def _is_initial(token: Token) -> bool:
    """Whether a word is the first letters of given names: "A.K.", "J."."""
    letters = token.text.replace(".", "")
    return letters.isupper() and len(token.text) == 2 * len(letters)


def _is_place_of(doc: Doc, start: int) -> bool:
    """Whether the word before a name tells where its bearer is: "President of **Chad** Ana Ruiz".

    Some countries are given names too.
    """
    before = doc[start - 1]
    if before.ent_type_ not in {"", "PERSON"} and before.ent_type_ != doc[start].ent_type_:
        return True
    led = start > 1 and doc[start - 2].lower_ in {"of", "in", "for"}
    follows = doc[start + 1] if start + 1 < len(doc) else None
    return led and follows is not None and follows.ent_type_ == doc[start].ent_type_ == "PERSON"


def _trimmed(doc: Doc, start: int, end: int) -> tuple[int, int]:
    while start < end and (
        doc[start].is_space
        or doc[start].is_punct
        or doc[start].text in {"The", "A", "An"}
        or doc[start].text in words("determiners")
        or (end - start > 1 and doc[start].text.islower() and doc[start].tag_ not in _NAME_TAGS)
        or (end - start > 1 and is_title(doc[start]))
        or (end - start > 2 and is_role(doc[start]))
    ):
        start += 1
    for index in range(start, end):
        if doc[index].is_space or doc[index].text in {"(", "/", "|", "—", "–", ","}:
            end = index
            break
    while end > start and (
        doc[end - 1].tag_ == "POS" or doc[end - 1].is_space or doc[end - 1].is_punct
    ):
        end -= 1
    return start, end


def is_title(token: Token) -> bool:
    """Whether a word is a title or a form of address, full stop and plural set aside."""
    key = token.lower_.rstrip(".")
    return any(k in words("titles") or k in words("honorifics") for k in (key, key.rstrip("s")))


_PLURAL = frozenset({"NNS", "NNPS"})


def unlabeled(doc: Doc, taken: Sequence[bool]) -> Iterator[tuple[int, int, SpeakerType]]:
    """Runs of proper nouns that the entity recognizer left out; a person if a title says so."""
    index = 0
    while index < len(doc):
        token = doc[index]
        if (
            token.pos_ != "PROPN"
            or taken[index]
            or not token.text[0].isupper()
            or token.ent_type_ in _TIMES
            or (token.ent_type_ == "NORP" and token.dep_ != "compound")
        ):
            index += 1
            continue
        end = index + 1
        while end < len(doc) and doc[end].pos_ == "PROPN" and not taken[end]:
            end += 1
        start, last = _trimmed(doc, index, end)
        beside_name = start > 0 and doc[start - 1].text == "("  # a party tag, an abbreviation
        if start < last and not is_title(doc[last - 1]) and not beside_name:
            kind = _guessed(doc, start, last)
            if kind is not None:
                yield _completed(doc, start, last, kind)
        index = end


def _guessed(doc: Doc, start: int, end: int) -> SpeakerType | None:
    last = doc[end - 1].lower_
    if is_role(doc[end - 1]):
        return None
    if last in words("organization_nouns"):
        return SpeakerType.ORGANIZATION
    if last in words("document_nouns"):
        return SpeakerType.DOCUMENT
    titled = start > 0 and is_title(doc[start - 1])
    if titled or _has_given(doc, start):
        return SpeakerType.PERSON
    person = 1 < end - start <= 4 and doc[end - 1].tag_ not in _PLURAL
    return SpeakerType.PERSON if person else SpeakerType.ORGANIZATION
