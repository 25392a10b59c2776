"""What the wordings of not answering share: negation, the verb group, who can answer at all."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from spacy.tokens import Token

from quoth_server.engine.lexicon import words
from quoth_server.engine.speakers.nouns import sense_of
from quoth_server.engine.types import NonresponseKind, SpeakerType

__all__ = [
    "ANSWERS",
    "ASKERS",
    "COMMENTING",
    "RESPONDING",
    "Wording",
    "can_answer",
    "first_of",
    "is_about",
    "is_denied",
    "object_of",
    "prepositions",
]

ANSWERS = frozenset({"comment", "interview"})
"""Nouns for what somebody is asked to give."""
ASKERS = frozenset({"journalist", "media", "newspaper", "press", "reporter"})
COMMENTING = frozenset({"comment", "elaborate"})
RESPONDING = frozenset({"reply", "respond"})
"""Verbs, in their base form."""
_NOBODY = frozenset({"nobody", "none", "neither"})
_PLACES = frozenset({"GPE", "LOC", "FAC"})
_ABLE = frozenset({"PERSON", "ORG", "NORP"})
_PRONOUNS = frozenset({"he", "she", "they", "it", "who", "both", "neither", "none", "nobody"})


@dataclass(frozen=True, slots=True)
class Wording:
    """Tokens that tell of not answering.

    `first` and `last` are the ends of the cue, `head` is the verb that governs it, and `who` the
    head of the words for whoever did not answer; None where there are none.
    """

    kind: NonresponseKind
    first: int
    last: int
    head: Token
    who: Token | None


def is_denied(verb: Token) -> bool:
    """Whether a verb is negated, by a word beside it or by its subject: "nobody responded"."""
    if any(
        c.dep_ == "neg" or (c.lower_ in words("negators") and c.i < verb.i) for c in verb.children
    ):
        return True
    subject = next((c for c in verb.lefts if c.dep_ in {"nsubj", "nsubjpass"}), None)
    if subject is not None:
        negative = any(c.lower_ in {"no", "neither"} for c in subject.lefts)
        if negative or subject.lower_ in _NOBODY:
            return True
    above = verb.head
    if verb.dep_ == "xcomp" and verb.i > above.i:
        yet = above.lower_ in {"has", "have", "had"} and any(
            c.lower_ == "yet" for c in above.rights
        )
        return (
            yet or any(c.lower_ == "yet" for c in verb.lefts) or above.lemma_ in {"fail", "neglect"}
        )
    return False


def first_of(verb: Token) -> int:
    """The first token of a verb with its helpers and negation: "**did** not respond"."""
    beside = [
        c.i
        for c in verb.lefts
        if c.dep_ in {"aux", "auxpass", "neg"} or c.lower_ in words("negators")
    ]
    first = min([verb.i, *beside])
    above = verb.head
    if verb.dep_ == "xcomp" and above.i < first and above.lemma_ in {"fail", "neglect", "have"}:
        return min(above.i, first_of(above))
    return first


def object_of(verb: Token) -> Token | None:
    """The direct object."""
    return next((c for c in verb.rights if c.dep_ in {"dobj", "obj"}), None)


def prepositions(token: Token, *names: str) -> list[Token]:
    """The objects of the prepositions with these names that hang on a token."""
    return [
        o
        for c in token.rights
        if c.dep_ in {"prep", "agent", "dative"} and c.lower_ in names
        for o in c.rights
        if o.dep_ == "pobj"
    ]


def is_about(token: Token, nouns: Collection[str]) -> bool:
    """Whether a noun, or one that it is joined to, is one of some nouns."""
    joined = (token, *(c for c in token.rights if c.dep_ == "conj"))
    return any(each.lemma_.lower() in nouns for each in joined)


def can_answer(noun: Token | None, places: bool = False) -> bool:
    """Whether it is somebody who could answer, and no thing or paper."""
    if noun is None:
        return False
    if noun.lower_ in _PRONOUNS or noun.ent_type_ in _ABLE:
        return noun.lower_ not in words("document_nouns")
    if noun.ent_type_ in _PLACES:
        return places
    kind = sense_of(noun).type
    return kind not in {None, SpeakerType.DOCUMENT} or noun.pos_ == "PROPN"
