"""Finds the names of those who were described before they were named.

"The coach was blunt. … Ana Ruiz, who has coached the side since May, …": when the description was
read nobody answered to it. At the end of the article the ranker is asked once more, with those who
were named later as its candidates.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from spacy.tokens import Doc

from quoth_server.engine.lexicon import words
from quoth_server.engine.speakers.entities import Entity, is_called
from quoth_server.engine.speakers.features import belongs, determiner
from quoth_server.engine.speakers.mentions import Form, Phrase
from quoth_server.engine.speakers.names import Gender
from quoth_server.engine.speakers.nouns import Number
from quoth_server.engine.types import SpeakerType

__all__ = ["Later", "describe", "is_nameless", "later"]

_PERSONS = frozenset({SpeakerType.PERSON, SpeakerType.UNNAMED})
_SUBJECTS = frozenset({"nsubj", "nsubjpass", "agent"})
_MOST = 12
"""The most candidates: the first people named after a description."""


@dataclass(frozen=True, slots=True)
class Later:
    """Somebody without a name, by the first description, and those who are named later.

    `speaks` is true where the first description is a statement's source, `spoken` where any is.
    """

    entity: Entity
    description: Phrase
    candidates: tuple[Entity, ...]
    speaks: bool = False
    spoken: bool = False


def is_nameless(entity: Entity) -> bool:
    """Whether an entity is one person whom no words name."""
    return (
        entity.type in _PERSONS
        and entity.number is Number.ONE
        and not entity.named
        and not entity.parts
    )


def later(entity: Entity, people: Sequence[Entity], sources: Collection[int] = ()) -> Later | None:
    """The question who a nameless person is; None where nobody can be meant.

    Args:
        entity: the nameless person.
        people: the named ones, in order of first mention.
        sources: the head tokens of statements' sources.
    """
    described = [p for p in entity.phrases if p.form is Form.DESCRIPTION]
    if not described:
        return None
    first = described[0]
    fitting = [
        e
        for e in people
        if e.named[0].start > first.start
        and e not in entity.owners
        and (Gender.UNKNOWN in (e.gender, entity.gender) or e.gender is entity.gender)
    ]
    if not fitting:
        return None
    spoken = any(p.head in sources for p in entity.phrases)
    return Later(entity, first, tuple(fitting[:_MOST]), first.head in sources, spoken)


def describe(doc: Doc, question: Later) -> list[dict[str, float]]:
    """The features of each candidate; names are those of the weights."""
    noun = doc[question.description.head].lemma_.lower()
    bearers = [c for c in question.candidates if is_called(c, noun)]
    return [
        {
            **_noun(question, noun, candidate, bearers),
            **_place(doc, question, candidate, bearers),
            **_relation(question, candidate),
        }
        for candidate in question.candidates
    ]


def _noun(
    question: Later, noun: str, candidate: Entity, bearers: Sequence[Entity]
) -> dict[str, float]:
    """What the description says, against what is known of the candidate."""
    out: dict[str, float] = {}
    if candidate in bearers:
        out["noun" if noun in candidate.nouns else "noun_akin"] = 1.0
        out["noun_alone"] = float(len(bearers) == 1)
    elif candidate.nouns:
        out["other_noun"] = 1.0
    if bearers and candidate not in bearers:
        out["noun_of_another"] = 1.0
    if noun in words("vague_nouns"):
        out["vague"] = 1.0
    telling = {w.lower() for w in question.description.text.split()[:-1]} - words("determiners")
    if telling:
        shared = len(telling & candidate.role_words) / len(telling)
        out["modifiers_shared"], out["modifiers_new"] = shared, 1 - shared
    return out


def _place(
    doc: Doc, question: Later, candidate: Entity, bearers: Sequence[Entity]
) -> dict[str, float]:
    """How far the name is from the description, and how each stands.

    Distance says less if the candidate is called so, and rivals are those who are too.
    """
    first, named = question.description, candidate.named[0]
    sentences = named.sentence - first.sentence
    rivals = bearers if candidate in bearers else question.candidates
    of = "called_" if candidate in bearers else ""
    out = {
        f"det_{determiner(doc, first)}": 1.0,
        f"{of}order_{min(rivals.index(candidate), 2)}": 1.0,
        f"{of}sentences_{min(sentences, 3)}": 1.0,
        f"{of}sentences": math.log1p(sentences),
        "count": math.log1p(len(candidate.named)),
        "described": math.log1p(len(question.entity.phrases)),
    }
    if len(question.candidates) == 1:
        out["only"] = 1.0
    if question.speaks and determiner(doc, first) in {"a", "an"}:
        out["indefinite_source"] = 1.0  # "a senior official said": meant to stay unnamed
    if question.spoken:
        out["spoken_called" if candidate in bearers else "spoken"] = 1.0
    if first.in_title:
        out["description_in_title"] = 1.0
    if doc[named.head].dep_ in _SUBJECTS:
        out["subject"] = 1.0
    if doc[first.head].dep_ in _SUBJECTS:
        out["description_subject"] = 1.0
    return out


def _relation(question: Later, candidate: Entity) -> dict[str, float]:
    """Gender and possessor."""
    out: dict[str, float] = {}
    if question.entity.gender is not Gender.UNKNOWN:
        out["gender" if candidate.gender is question.entity.gender else "gender_unknown"] = 1.0
    for owner in question.entity.owners:
        out["possessor" if belongs(candidate, owner) else "possessor_other"] = 1.0
    return out
