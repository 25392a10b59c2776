"""Finds the phrases that can refer to a speaker: names, descriptions and pronouns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

import numpy as np
from spacy.tokens import Doc, Token

from quoth_server.engine.speakers import name_runs, names
from quoth_server.engine.speakers.names import Gender, Name
from quoth_server.engine.speakers.nouns import Number, Sense, sense_of
from quoth_server.engine.types import Paragraph, ParagraphKind, Quotation, Span, SpeakerType

__all__ = ["Form", "Phrase", "find"]


class Form(Enum):
    """How a phrase refers."""

    NAME = auto()
    DESCRIPTION = auto()
    PRONOUN = auto()


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase that refers, by its token indices `[start, end)` and its head token.

    `span` is where it is in the body; for a name, without title and possessive. `type`
    is None where the phrase does not tell ("they").
    """

    start: int
    end: int
    head: int
    span: Span
    text: str
    form: Form
    number: Number = Number.UNKNOWN
    gender: Gender = Gender.UNKNOWN
    type: SpeakerType | None = None
    name: Name | None = None
    in_quotation: bool = False
    in_title: bool = False


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
_LEFT_OF_NOUN = frozenset(
    {"det", "amod", "compound", "poss", "nmod", "nummod", "predet", "quantmod"}
)
_LONGEST = 32
"""Tokens of a description before its noun: time stays linear where words go on for ever."""
_TIMES = frozenset({"DATE", "TIME"})
_TITLES = frozenset({ParagraphKind.TITLE, ParagraphKind.HEADING})


def find(
    doc: Doc, quotations: Sequence[Quotation], paragraphs: Sequence[Paragraph] = ()
) -> tuple[Phrase, ...]:
    """All referring phrases in text order; at most one for a head token."""
    reader = _Reader(doc, quotations, paragraphs)
    taken = [False] * len(doc)
    found: list[Phrase] = []
    for runs in (name_runs.labeled(doc), name_runs.unlabeled(doc, taken)):
        for start, end, kind in runs:
            if not any(taken[start:end]):
                taken[start:end] = [True] * (end - start)
                found.append(reader.named(start, end, kind))
    families = {p.name.parts[-1] for p in found if p.name and p.name.parts}
    for token in doc:
        if taken[token.i] or token.ent_type_ in _TIMES:
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


def _inside(doc: Doc, spans: Sequence[Span]) -> list[bool]:
    """For each token, whether it stands in one of the spans; these are apart, in text order."""
    places = doc.to_array("IDX")
    begun = np.searchsorted([span.start_offset for span in spans], places, side="right")
    ended = np.searchsorted([span.end_offset for span in spans], places, side="right")
    inside: list[bool] = (begun > ended).tolist()
    return inside


class _Reader:
    """Makes phrases of tokens, with what their place in the article tells."""

    def __init__(
        self, doc: Doc, quotations: Sequence[Quotation], paragraphs: Sequence[Paragraph]
    ) -> None:
        self._doc = doc
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
            while first > 0 and name_runs.is_title(self._doc[first - 1]) and first > start - 3:
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
            if child.dep_ in _LEFT_OF_NOUN or (child.dep_ == "npadvmod" and token.lower_ == "old"):
                start = min(start, child.left_edge.i)
        start = max(start, token.i - _LONGEST)
        return self._phrase(start, token.i + 1, token.i, Form.DESCRIPTION, sense_of(token))


def _stands_for_noun(token: Token) -> bool:
    """Numbers, adjectives and quantifiers used as nouns: "the 54-year-old", "many", "the two"."""
    if token.pos_ == "PRON" and token.tag_ == "NN":
        return token.lower_ in _SOMEBODY
    if token.lower_ == "old" and token.i > 1 and token.nbor(-2).lower_ == "year":
        return token.head.pos_ != "NOUN" or token.head.i < token.i
    return token.dep_ in {"nsubj", "nsubjpass", "pobj", "agent"} and (
        token.pos_ in {"NUM", "ADJ"} or token.tag_ == "DT"
    )


_SOMEBODY = frozenset({"somebody", "someone", "everybody", "everyone", "anyone"})
