"""Finds the phrases that can refer to a speaker: names, descriptions and pronouns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from spacy.tokens import Doc, Token

from quoth_server.engine import names
from quoth_server.engine.lexicon import words
from quoth_server.engine.names import Gender, Name
from quoth_server.engine.nouns import Number, Sense, is_role_noun, sense_of
from quoth_server.engine.types import Paragraph, ParagraphKind, Quotation, Span, SpeakerType

__all__ = ["Form", "Phrase", "find", "sentence_numbers"]


class Form(Enum):
    """How a phrase refers."""

    NAME = auto()
    DESCRIPTION = auto()
    PRONOUN = auto()


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase that refers, by its token indices `[start, end)` and its head token.

    `span` is where it stands in the body; for a name, without title and possessive. `sentence`
    counts sentences. `type` is None where the phrase does not tell ("they").
    """

    start: int
    end: int
    head: int
    span: Span
    text: str
    form: Form
    sentence: int
    number: Number = Number.UNKNOWN
    gender: Gender = Gender.UNKNOWN
    type: SpeakerType | None = None
    name: Name | None = None
    in_quotation: bool = False
    in_title: bool = False


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
_PRONOUNS = {
    "he": Sense(Number.ONE, Gender.MALE, SpeakerType.PERSON),
    "him": Sense(Number.ONE, Gender.MALE, SpeakerType.PERSON),
    "his": Sense(Number.ONE, Gender.MALE, SpeakerType.PERSON),
    "she": Sense(Number.ONE, Gender.FEMALE, SpeakerType.PERSON),
    "her": Sense(Number.ONE, Gender.FEMALE, SpeakerType.PERSON),
    "it": Sense(Number.ONE, Gender.UNKNOWN, SpeakerType.ORGANIZATION),
    "its": Sense(Number.ONE, Gender.UNKNOWN, SpeakerType.ORGANIZATION),
    "they": Sense(Number.SEVERAL, Gender.UNKNOWN, None),
    "them": Sense(Number.SEVERAL, Gender.UNKNOWN, None),
    "their": Sense(Number.SEVERAL, Gender.UNKNOWN, None),
}
_PRONOUN_TAGS = frozenset({"PRP", "PRP$"})
_NAME_TAGS = frozenset({"NNP", "NNPS"})
_LEFT_OF_NOUN = frozenset(
    {"det", "amod", "compound", "poss", "nmod", "nummod", "predet", "quantmod"}
)
_TITLES = frozenset({ParagraphKind.TITLE, ParagraphKind.HEADING})


def find(
    doc: Doc, quotations: Sequence[Quotation], paragraphs: Sequence[Paragraph] = ()
) -> tuple[Phrase, ...]:
    """All referring phrases in text order; at most one for a head token."""
    reader = _Reader(doc, quotations, paragraphs)
    taken = [False] * len(doc)
    found: list[Phrase] = []
    for runs in (_entities(doc), _unlabelled(doc, taken)):
        for start, end, kind in runs:
            if not any(taken[start:end]):
                taken[start:end] = [True] * (end - start)
                found.append(reader.named(start, end, kind))
    families = {p.name.parts[-1] for p in found if p.name and len(p.name.parts) > 1}
    for token in doc:
        if taken[token.i]:
            continue
        if token.text[0].isupper() and token.lower_ in families:
            found.append(reader.named(token.i, token.i + 1, SpeakerType.PERSON))
            continue
        if token.tag_ in _PRONOUN_TAGS and token.lower_ in _PRONOUNS:
            found.append(reader.pronoun(token))
        elif (token.pos_ in {"NOUN", "PROPN"} and token.dep_ != "compound") or _stands_for_noun(
            token
        ):
            found.append(reader.described(token))
    return tuple(sorted(found, key=lambda p: (p.start, p.head)))


def sentence_numbers(doc: Doc) -> list[int]:
    """For each token, the number of its sentence."""
    number, out = -1, []
    for token in doc:
        number += bool(token.is_sent_start) or number < 0
        out.append(number)
    return out


def _inside(doc: Doc, spans: Sequence[Span]) -> list[bool]:
    """For each token, whether it stands in one of the spans; these are apart, in text order."""
    out, at = [], 0
    for token in doc:
        while at < len(spans) and spans[at].end <= token.idx:
            at += 1
        out.append(at < len(spans) and spans[at].start <= token.idx)
    return out


class _Reader:
    """Makes phrases of tokens, with what their place in the article tells."""

    def __init__(
        self, doc: Doc, quotations: Sequence[Quotation], paragraphs: Sequence[Paragraph]
    ) -> None:
        self._doc = doc
        self._sentences = sentence_numbers(doc)
        self._quoted = _inside(doc, [q.outer for q in quotations if q.depth == 0])
        self._titles = _inside(doc, [p.span for p in paragraphs if p.kind in _TITLES])

    def _phrase(self, start: int, end: int, head: int, form: Form, sense: Sense) -> Phrase:
        words_ = self._doc[start:end]
        return Phrase(
            start=start,
            end=end,
            head=head,
            span=Span(words_.start_char, words_.end_char),
            text=words_.text,
            form=form,
            sentence=self._sentences[head],
            number=sense.number,
            gender=sense.gender,
            type=sense.type,
            name=sense.name,
            in_quotation=self._quoted[head],
            in_title=self._titles[head],
        )

    def named(self, start: int, end: int, kind: SpeakerType) -> Phrase:
        """A name; a person's is read with its titles."""
        name, gender = None, Gender.UNKNOWN
        if kind is SpeakerType.PERSON:
            first = start
            while first > 0 and _is_title(self._doc[first - 1]) and first > start - 3:
                first -= 1
            name = names.parse(self._doc[first:end].text)
            gender = name.gender
        number = Number.SEVERAL if kind is SpeakerType.GROUP else Number.ONE
        head = self._doc[start:end].root.i
        return self._phrase(start, end, head, Form.NAME, Sense(number, gender, kind, name))

    def pronoun(self, token: Token) -> Phrase:
        """A third-person pronoun."""
        sense = _PRONOUNS[token.lower_]
        return self._phrase(token.i, token.i + 1, token.i, Form.PRONOUN, sense)

    def described(self, token: Token) -> Phrase:
        """A noun with what stands before it."""
        start = token.i
        for child in token.lefts:
            if child.dep_ in _LEFT_OF_NOUN:
                start = min(start, child.left_edge.i)
        return self._phrase(start, token.i + 1, token.i, Form.DESCRIPTION, sense_of(token))


# ---- names ----------------------------------------------------------------------------


def _entities(doc: Doc) -> list[tuple[int, int, SpeakerType]]:
    """The named entities, without articles, possessives, titles and stray marks."""
    out = []
    for entity in doc.ents:
        kind = _NAMED.get(entity.label_)
        start, end = _trimmed(doc, entity.start, entity.end)
        if kind is None or start >= end or not any(t.text[0].isupper() for t in doc[start:end]):
            continue
        if any(t.tag_ in {"VBD", "VBZ"} for t in doc[start:end]):
            continue  # a stretch of a sentence
        if kind is SpeakerType.GROUP and not doc[end - 1].tag_.endswith("S"):
            continue  # "Iranian", "a Republican": adjectives and descriptions
        out.append((start, end, _retyped(doc, start, end, kind)))
    return out


def _trimmed(doc: Doc, start: int, end: int) -> tuple[int, int]:
    while start < end and (
        doc[start].is_space
        or doc[start].is_punct
        or doc[start].text in {"The", "A", "An"}
        or doc[start].text in words("determiners")
        or (end - start > 1 and doc[start].text.islower() and doc[start].tag_ not in _NAME_TAGS)
        or (end - start > 1 and _is_title(doc[start]))
    ):
        start += 1
    for index in range(start, end):
        if doc[index].is_space or doc[index].text in {"(", "/", "|", "—", "–"}:
            end = index
            break
    while end > start and (
        doc[end - 1].tag_ == "POS" or doc[end - 1].is_space or doc[end - 1].is_punct
    ):
        end -= 1
    return start, end


def _is_title(token: Token) -> bool:
    key = token.lower_.rstrip(".")
    return any(k in words("titles") or k in words("honorifics") for k in (key, key.rstrip("s")))


def _retyped(doc: Doc, start: int, end: int, kind: SpeakerType) -> SpeakerType:
    """The label, where nothing around the name knows better."""
    text = doc[start:end].text.lower()
    if text in words("metonyms"):
        return SpeakerType.PLACE
    last = doc[end - 1].lower_
    if end - start > 1:
        if last in words("organization_nouns"):
            return SpeakerType.ORGANIZATION
        if last in words("document_nouns"):
            return SpeakerType.DOCUMENT
    before = doc[start - 1] if start else None
    if before is not None and _is_title(before) and before.text[0].isupper():
        return SpeakerType.PERSON
    if kind in _MISTAKEN and 2 <= end - start <= 3 and (before is None or before.lower_ != "the"):
        known = names.gender_of_given(doc[start].text) is not Gender.UNKNOWN
        return SpeakerType.PERSON if known else kind
    return kind


_MISTAKEN = frozenset({SpeakerType.ORGANIZATION, SpeakerType.GROUP, SpeakerType.DOCUMENT})
"""Types that the recogniser gives people too; a known given name tells."""


def _unlabelled(doc: Doc, taken: Sequence[bool]) -> Iterator[tuple[int, int, SpeakerType]]:
    """Runs of proper nouns that the entity recogniser left out; a person if a title says so."""
    index = 0
    while index < len(doc):
        token = doc[index]
        if token.pos_ != "PROPN" or taken[index] or not token.text[0].isupper():
            index += 1
            continue
        end = index + 1
        while end < len(doc) and doc[end].pos_ == "PROPN" and not taken[end]:
            end += 1
        start, last = _trimmed(doc, index, end)
        beside_name = start > 0 and doc[start - 1].text == "("  # a party tag, an abbreviation
        if start < last and not _is_title(doc[last - 1]) and not beside_name:
            kind = _guessed(doc, start, last)
            if kind is not None:
                yield start, last, kind
        index = end


def _guessed(doc: Doc, start: int, end: int) -> SpeakerType | None:
    last = doc[end - 1].lower_
    if is_role_noun(doc[end - 1]):
        return None
    if last in words("document_nouns"):
        return SpeakerType.DOCUMENT
    if last in words("organization_nouns"):
        return SpeakerType.ORGANIZATION
    if doc[start:end].text.lower() in words("metonyms"):
        return SpeakerType.PLACE
    titled = start > 0 and _is_title(doc[start - 1])
    given = names.gender_of_given(doc[start].text) is not Gender.UNKNOWN
    if titled or given:
        return SpeakerType.PERSON
    return SpeakerType.PERSON if 1 < end - start <= 4 else SpeakerType.ORGANIZATION


def _stands_for_noun(token: Token) -> bool:
    """Numbers, adjectives and quantifiers used as nouns: "the 54-year-old", "many", "the two"."""
    return token.dep_ in {"nsubj", "nsubjpass", "pobj", "agent"} and (
        token.pos_ in {"NUM", "ADJ"} or token.lower_ in words("collective_nouns")
    )
