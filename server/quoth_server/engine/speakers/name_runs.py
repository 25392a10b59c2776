"""Finds the tokens that are names: what the entity recognizer labels, and what it misses."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from spacy.tokens import Doc, Span, Token

from quoth_server.engine.lexicon import words
from quoth_server.engine.speakers import names
from quoth_server.engine.speakers.names import Gender
from quoth_server.engine.speakers.nouns import is_degree, is_role_noun
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
    common = {t.lower_ for t in doc if t.tag_ == "NNS"}
    full, families = _begun_with_nation(doc), _families(doc)
    for first, last, label in (side for entity in doc.ents for side in _sides(entity)):
        kind = _NAMED.get(label)
        start, end = _trimmed(doc, first, last)
        if kind is None or start >= end or not any(t.text[0].isupper() for t in doc[start:end]):
            continue
        if any(t.tag_ in {"VBD", "VBZ"} for t in doc[start:end]):
            continue  # a stretch of a sentence
        if _names_body(doc, start, end) and kind is not SpeakerType.PLACE:
            kind = SpeakerType.ORGANIZATION
        if kind is SpeakerType.GROUP and not doc[end - 1].tag_.endswith("S"):
            continue  # "Iranian", "a Republican": adjectives and descriptions
        if kind is SpeakerType.PERSON and _is_description(doc, start, end):
            continue
        if _is_degree_only(doc, start, end) and kind is not SpeakerType.PLACE:
            continue
        if _is_of_line(doc, start, families):
            continue  # the end of a name
        kind = _retyped(doc, start, end, kind, common)
        out.append(_bounded(doc, start, end, kind, full, families))
    return out


def _sides(entity: Span) -> Iterator[tuple[int, int, str]]:
    """An entity, without the dateline that is glued to it: "Joliet - Denise Baker"."""
    for token in entity[1:-1]:
        if token.text in _DASHES and token.whitespace_ and token.nbor(-1).whitespace_:
            yield entity.start, token.i, "GPE"
            yield token.i + 1, entity.end, entity.label_
            return
    yield entity.start, entity.end, entity.label_


def _is_description(doc: Doc, start: int, end: int) -> bool:
    """Whether a headline's capitals make a name of what is a description: "Black Lawmakers"."""
    several = doc[end - 1].lower_.removesuffix("s") in words("role_nouns")
    return several and doc[end - 1].lower_.endswith("s") and not _has_given(doc, start)


def _names_body(doc: Doc, start: int, end: int) -> bool:
    """Whether a name stands right beside the description of a body: "the firm, **Zipdrive**, said".

    A full name of a person can stand there too: "the firm, Ana Ruiz said".
    """
    if start < 2 or end >= len(doc) or doc[start - 1].text != "," or doc[end].text != ",":
        return False
    name, noun = doc[start:end].root, doc[start - 2]
    person = end - start > 1 and _has_given(doc, start)
    if person or name.tag_ != "NNP" or name.dep_ != "appos" or name.head != noun:
        return False
    definite = any(c.lower_ == "the" or c.dep_ == "poss" for c in noun.lefts)
    return definite and noun.tag_ == "NN" and noun.lemma_.lower() in words("organization_nouns")


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
        given = before.pos_ == "PROPN" and _has_given(doc, start - 1) and not is_role_noun(before)
        given = given and not _is_place_of(doc, start)
        if end - start < 3 and (given or _is_odd_given(doc, start)):
            start, kind = start - 1, SpeakerType.PERSON
    if kind is SpeakerType.PERSON and end + 1 < len(doc) and doc[end].text in _OPENING:
        for last in range(end + 2, min(end + 4, len(doc) - 1)):
            if doc[last].text in _CLOSING and doc[last + 1].text[0].isupper():
                return start, last + 2, kind
    return start, end, kind


def _bounded(
    doc: Doc,
    start: int,
    end: int,
    kind: SpeakerType,
    full: Collection[tuple[str, str]],
    families: Collection[str],
) -> tuple[int, int, SpeakerType]:
    """A name with all that belongs to it and without what its bearer is by nation.

    `full` and `families` are of the article: `_begun_with_nation`, `_families`.
    """
    start, end, kind = _completed(doc, start, end, kind)
    start = _without_nation(doc, start, end, kind, full)
    return (*_with_line(doc, start, end, kind, families), kind)


def _with_line(
    doc: Doc, start: int, end: int, kind: SpeakerType, families: Collection[str]
) -> tuple[int, int]:
    """A given name with the place of its line or see: "Bishop **Anselm of Torvik**".

    A bishop's family name takes none, "Bishop Weber of Lund"; nor does an office: "President Halden
    of Norvia" is president of Norvia.

    Args:
        doc: The parse.
        start: The name's first token.
        end: The token after its last.
        kind: What the name is of.
        families: Words that stand after a given name somewhere in the article.
    """
    titled = end - start > 1 and _is_noble(doc[start])
    first = start + titled
    noble = titled or (start > 0 and _is_noble(doc[start - 1]))
    alone = len(doc[first:end].text.split()) == 1 and doc[end - 1].lower_ not in families
    if kind is not SpeakerType.PERSON or not noble or not alone or not _has_given(doc, first):
        return start, end
    last = end + 1
    while last < min(len(doc), end + 4) and _names_place(doc[last]):
        last += 1
    if last == end + 1 or doc[end].text != "of" or _is_body(doc[last - 1]):
        return start, end
    return first, last


def _is_of_line(doc: Doc, start: int, families: Collection[str]) -> bool:
    """Whether a place belongs to the name before it: "Princess Anne of **Denmark**"."""
    if start < 3 or doc[start - 1].text != "of":
        return False
    first = start - 2
    while first > 1 and not doc[first - 1].whitespace_:
        first -= 1
    return _with_line(doc, first, start - 1, SpeakerType.PERSON, families)[1] > start - 1


def _is_noble(token: Token) -> bool:
    """Whether a word is a title of nobility or of the clergy, and no given name: "Earl Warren"."""
    known = token.lower_ in words("noble_titles")
    return known and (is_title(token) or not _has_given(token.doc, token.i))


def _names_place(token: Token) -> bool:
    """Whether a word can be one of a place's name; small ones are nouns to the tagger."""
    return token.is_title and token.pos_ in {"PROPN", "NOUN"} and token.ent_type_ not in _TIMES


def _is_body(token: Token) -> bool:
    return token.lower_ in words("organization_nouns")


def _families(doc: Doc) -> frozenset[str]:
    """The words that stand right after a given name: "lund", of "Ana Lund"."""
    pairs = ((t, t.nbor(-1)) for t in doc[1:] if t.tag_ in _NAME_TAGS)
    return frozenset(
        t.lower_
        for t, before in pairs
        if _has_given(doc, before.i) and not is_title(before) and not _is_noble(before)
    )


def _begun_with_nation(doc: Doc) -> frozenset[tuple[str, str]]:
    """Each noun of a nation with the word after it: "dane", "cook"."""
    nations = words("nationality_nouns")
    return frozenset((t.lower_, t.nbor().lower_) for t in doc[:-1] if t.lower_ in nations)


def _without_nation(
    doc: Doc, start: int, end: int, kind: SpeakerType, full: Collection[tuple[str, str]]
) -> int:
    """Where a person's name begins without what they are by nation: "**Dane** Mikkel Strom".

    Some such nouns are given names too. One is, where a single word follows, "Dane Cook"; where the
    article has it without the middle name; and right behind an office, "comedian Dane Lee Cook".
    """
    first = doc[start]
    if kind is not SpeakerType.PERSON or first.lower_ not in words("nationality_nouns"):
        return start
    parts = names.parse(doc[start + 1 : end].text).parts if end - start > 1 else ()
    rest = [part for part in parts if part not in words("name_particles")]
    office = start > 0 and is_role_noun(doc[start - 1]) and doc[start - 1].lower_ != "fellow"
    shorter = (first.lower_, doc[end - 1].lower_) in full
    if not rest or (_has_given(doc, start) and (len(rest) == 1 or office or shorter)):
        return start
    return _trimmed(doc, start + 1, end)[0]


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


def _is_odd_given(doc: Doc, start: int) -> bool:
    """Whether a name begins with a day's, a month's or a people's: "Judge Friday Okoro".

    Such a word stands before a family name alone, and belongs to it in the parse.
    """
    before = doc[start - 1]
    if before.ent_type_ not in {"NORP", "DATE"} or before.tag_ not in _NAME_TAGS:
        return False
    first = start - 1 == 0 or doc[start - 2].ent_type_ not in {"NORP", "DATE"}
    return first and before.head == doc[start] and doc[start].ent_type_ in {"PERSON", ""}


def _trimmed(doc: Doc, start: int, end: int) -> tuple[int, int]:
    while start < end and (
        doc[start].is_space
        or doc[start].is_punct
        or doc[start].text in {"The", "A", "An"}
        or doc[start].text in words("determiners")
        or (end - start > 1 and doc[start].text.islower() and doc[start].tag_ not in _NAME_TAGS)
        or (end - start > 1 and is_title(doc[start]))
        or (end - start > 2 and is_role_noun(doc[start]))
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


def _retyped(
    doc: Doc, start: int, end: int, kind: SpeakerType, common: Collection[str]
) -> SpeakerType:
    """The label, where nothing around the name knows better.

    Args:
        doc: the parse.
        start: the name's first token.
        end: the token after its last.
        kind: what the label says.
        common: the plural nouns that the article uses as such.
    """
    text = doc[start:end].text.lower()
    before = doc[start - 1] if start else None
    titled = before is not None and is_title(before) and before.text[0].isupper()
    if text in words("metonyms") and not titled:
        return SpeakerType.PLACE
    last = doc[end - 1].lower_
    if end - start > 1:
        if last in words("organization_nouns"):
            return SpeakerType.ORGANIZATION
        press = last in words("press_ends")
        led = press or (before is not None and before.lower_ == "the")
        named = kind is SpeakerType.PERSON and _has_given(doc, start) and not led  # "George Will"
        if last in words("document_nouns") and kind is not SpeakerType.ORGANIZATION and not named:
            return SpeakerType.ORGANIZATION if press else SpeakerType.DOCUMENT
        if kind is SpeakerType.PERSON and last in common and not _has_given(doc, start):
            return SpeakerType.ORGANIZATION
    if titled:
        return SpeakerType.PERSON
    if kind in _MISTAKEN and 2 <= end - start <= 3 and (before is None or before.lower_ != "the"):
        return SpeakerType.PERSON if _has_given(doc, start) else kind
    if kind is SpeakerType.PERSON and doc[end - 1].tag_ in _PLURAL and end - start > 1:
        return kind if _has_given(doc, start) else SpeakerType.ORGANIZATION
    return kind


_PLURAL = frozenset({"NNS", "NNPS"})
_MISTAKEN = frozenset({SpeakerType.ORGANIZATION, SpeakerType.GROUP, SpeakerType.DOCUMENT})
"""Types that the recognizer gives people too; a known given name tells."""


def unlabeled(doc: Doc, taken: Sequence[bool]) -> Iterator[tuple[int, int, SpeakerType]]:
    """Runs of proper nouns that the entity recognizer left out; a person if a title says so."""
    index, full, families = 0, _begun_with_nation(doc), _families(doc)
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
        if last < len(doc) and taken[last] and doc[last - 1].lower_ in words("nationality_nouns"):
            last -= 1  # of whom the name after it is: "Dane"
        beside_name = start > 0 and doc[start - 1].text == "("  # a party tag, an abbreviation
        if start < last and _is_description(doc, start, last):
            index = end
            continue
        if start < last and not is_title(doc[last - 1]) and not beside_name:
            kind = _guessed(doc, start, last)
            if kind is not None:
                yield _bounded(doc, start, last, kind, full, families)
        index = end


def _guessed(doc: Doc, start: int, end: int) -> SpeakerType | None:
    last = doc[end - 1].lower_
    if is_role_noun(doc[end - 1]):
        return None
    if last in words("organization_nouns") or last in words("press_ends"):
        return SpeakerType.ORGANIZATION
    if last in words("document_nouns"):
        return SpeakerType.DOCUMENT
    titled = start > 0 and is_title(doc[start - 1])
    text = doc[start:end].text.lower()
    if text in words("metonyms") and not titled:
        return SpeakerType.PLACE
    if titled or _has_given(doc, start) or (start and _is_odd_given(doc, start)):
        return SpeakerType.PERSON
    person = 1 < end - start <= 4 and doc[end - 1].tag_ not in _PLURAL
    return SpeakerType.PERSON if person else SpeakerType.ORGANIZATION
