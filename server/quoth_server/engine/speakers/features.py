"""What speaks for a candidate: features of a phrase and an entity that it may refer to."""

from __future__ import annotations

import math
from dataclasses import dataclass

from spacy.tokens import Doc, Token

from quoth_server.engine.lexicon import words
from quoth_server.engine.speakers.entities import Entity, is_called, peoples
from quoth_server.engine.speakers.mentions import Form, Phrase
from quoth_server.engine.speakers.names import Gender
from quoth_server.engine.speakers.nouns import Number
from quoth_server.engine.types import SpeakerType

__all__ = ["Place", "Seen", "belongs", "compared", "compatible", "describe", "determiner"]

_SUBJECTS = frozenset({"nsubj", "nsubjpass", "agent"})
_OBJECTS = frozenset({"dobj", "dative", "pobj", "attr"})
_PERSONS = frozenset({SpeakerType.PERSON, SpeakerType.UNNAMED})


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is to be linked: a phrase, or a quotation that no words attribute.

    `speaks` is true where the phrase is a statement's source. `possessor` is whose the description
    is: Lund in "Lund's lawyer" and "his lawyer".
    """

    token: int
    sentence: int
    paragraph: int
    phrase: Phrase | None = None
    speaks: bool = False
    possessor: Entity | None = None


@dataclass(slots=True)
class Seen:
    """What the reader knows of an entity at a place: its mentions so far, and its speaking."""

    last: Phrase
    paragraph: int
    count: int = 0
    subjects: int = 0
    last_subject_sentence: int = -9
    spoken: int = 0
    spoke_paragraph: int = -9
    in_text: bool = False


def compatible(place: Place, entity: Entity) -> bool:
    """Whether number, gender and type let a pronoun or a description mean the entity."""
    phrase = place.phrase
    if phrase is None:
        return entity.type is not SpeakerType.DOCUMENT
    if Gender.UNKNOWN not in (phrase.gender, entity.gender) and phrase.gender != entity.gender:
        return False
    if entity is place.possessor:
        return False
    several = entity.number is Number.SEVERAL
    if phrase.form is Form.PRONOUN:
        if phrase.type is SpeakerType.PERSON:
            return not several and entity.type in _PERSONS
        if phrase.number is Number.ONE:
            return not several and entity.type not in _PERSONS
        return entity.type is not SpeakerType.PERSON
    if phrase.number is Number.SEVERAL:
        return several
    if phrase.type in _PERSONS:
        return not several and entity.type in _PERSONS
    if phrase.type is SpeakerType.DOCUMENT or entity.type is SpeakerType.DOCUMENT:
        return phrase.type is entity.type
    return not several and entity.type not in _PERSONS


def describe(
    doc: Doc, place: Place, entity: Entity, seen: Seen, last_speaker: Entity | None
) -> dict[str, float]:
    """The features of one candidate; names are those of the weights."""
    last = seen.last
    out: dict[str, float] = {f"type_{entity.type}": 1.0}
    if place.speaks:
        out["speaks"] = 1.0
    _distance(out, place, seen)
    _salience(out, doc, place, seen)
    if place.phrase is None or place.phrase.form is Form.PRONOUN:
        _speaking(out, place, seen, entity is last_speaker)
    if last.in_quotation:
        out["in_quotation"] = 1.0
    if not entity.named and not entity.parts:
        out["nameless"] = 1.0
    if not seen.in_text:
        out["title_only"] = 1.0
    if place.phrase is not None:
        _agreement(out, doc, place.phrase, entity, last)
        if place.phrase.form is Form.NAME:
            called = sum(p.text == place.phrase.text for p in entity.named)
            out["called_so"] = math.log1p(called)
    if place.possessor is not None:
        out["possessor" if belongs(entity, place.possessor) else "possessor_other"] = 1.0
    return out


def compared(described: list[dict[str, float]]) -> list[dict[str, float]]:
    """The features of candidates, the latest mentioned first, with what tells them apart."""
    people = [f for f in described if "type_person" in f]
    near = sum("sentences_3" not in f for f in people)
    if people:
        people[0]["latest_person"] = 1.0
    for found in described:
        if len(described) == 1:
            found["only"] = 1.0
        if "type_person" in found and "sentences_3" not in found and near == 1:
            found["only_person"] = 1.0
    return described


def _speaking(out: dict[str, float], place: Place, seen: Seen, last: bool) -> None:
    """Who spoke before: it counts more where the phrase speaks too."""
    again = "_again" if place.speaks else ""
    if last:
        out[f"last_speaker{again}"] = 1.0
    if seen.spoken:
        out[f"has_spoken{again}"] = 1.0
    if seen.spoke_paragraph == place.paragraph:
        out["spoke_here"] = 1.0


def belongs(entity: Entity, possessor: Entity) -> bool:
    """Whether the entity is the possessor's, or a role of it names the possessor."""
    if possessor in entity.owners:
        return True
    names = (
        (p.name.parts if p.name else ())[-1:] or (p.text.lower(),) for p in possessor.named[:6]
    )
    return any(name[0] in entity.role_words for name in names)


def _distance(out: dict[str, float], place: Place, seen: Seen) -> None:
    if seen.last.start > place.token:
        out["ahead"] = 1.0
    sentences = abs(place.sentence - seen.last.sentence)
    out[f"sentences_{min(sentences, 3)}"] = 1.0
    out["sentences"] = math.log1p(sentences)
    paragraphs = abs(place.paragraph - seen.paragraph)
    out[f"paragraphs_{min(paragraphs, 2)}"] = 1.0
    out["tokens"] = math.log1p(abs(place.token - seen.last.start))


def _salience(out: dict[str, float], doc: Doc, place: Place, seen: Seen) -> None:
    role = _function(doc, seen.last)
    if role in _SUBJECTS:
        out["subject"] = 1.0
    elif role in _OBJECTS:
        out["object"] = 1.0
    elif role in {"poss", "compound", "nmod", "amod"}:
        out["modifier"] = 1.0
    if place.sentence - seen.last_subject_sentence <= 1:
        out["subject_nearby"] = 1.0
    out["count"] = math.log1p(seen.count)
    out["subjects"] = math.log1p(seen.subjects)


def _agreement(
    out: dict[str, float], doc: Doc, phrase: Phrase, entity: Entity, last: Phrase
) -> None:
    if phrase.gender is not Gender.UNKNOWN and phrase.gender is entity.gender:
        out["gender"] = 1.0
    elif Gender.UNKNOWN not in (phrase.gender, entity.likely_gender):
        out["gender_guess"] = 1.0 if phrase.gender is entity.likely_gender else -1.0
    if last.head >= 0 and _same_clause(doc[phrase.head], doc[last.head]):
        out["same_clause"] = 1.0
    if last.sentence == phrase.sentence and _reports(doc, last, phrase):
        out["reports"] = 1.0
    if _function(doc, phrase) == _function(doc, last):
        out["parallel"] = 1.0
    if phrase.form is Form.DESCRIPTION:
        _description(out, doc, phrase, entity)


def _function(doc: Doc, phrase: Phrase) -> str:
    """What a phrase is to its clause; nothing for a name that is in the title alone."""
    return str(doc[phrase.head].dep_) if phrase.head >= 0 else ""


def _is_within(inner: Token, outer: Token) -> bool:
    """Whether a noun stands in another's phrase: no nominee is "Lund, the nominee's daughter"."""
    if inner.dep_ != "poss":
        return False
    while inner.dep_ in _NOMINAL and inner.head != inner:
        inner = inner.head
        if inner == outer:
            return True
    return False


_NOMINAL = frozenset({"poss", "pobj", "prep", "appos", "compound", "nmod"})


def _reports(doc: Doc, subject: Phrase, phrase: Phrase) -> bool:
    """Whether a phrase stands in what the subject is said to say: not its own description."""
    if _function(doc, subject) not in _SUBJECTS or subject.head < 0:
        return False
    verb = doc[subject.head].head
    return verb != doc[phrase.head].head and verb.is_ancestor(doc[phrase.head])


def _same_clause(one: Token, other: Token) -> bool:
    """Whether both are arguments of one verb, or coordinated, which then have to be two."""
    if one.dep_ == "conj" and other in one.conjuncts:
        return any(c.dep_ in {"det", "poss"} for c in one.lefts)  # not "his wife and adviser"
    return (
        "poss" not in (one.dep_, other.dep_)
        and one.head == other.head
        and one.head.pos_ in {"VERB", "AUX"}
    )


def _description(out: dict[str, float], doc: Doc, phrase: Phrase, entity: Entity) -> None:
    head = doc[phrase.head]
    lemma = head.lemma_.lower()
    if any(_is_within(head, doc[p.head]) for p in entity.phrases[-3:]):
        out["within"] = 1.0
    if lemma in entity.nouns:
        out["noun"] = 1.0
    elif entity.named and is_called(entity, lemma):
        out["noun_akin"] = 1.0
    elif any(n.endswith(lemma) for n in entity.nouns):
        out["noun_part"] = 1.0
    elif any(lemma in p.text.lower().split() for p in entity.named[:4]):
        out["noun_in_name"] = 1.0
    elif entity.nouns:
        out["other_noun" if entity.type in _PERSONS else "other_noun_body"] = 1.0
    out[f"det_{determiner(doc, phrase)}"] = 1.0
    content = [t for t in doc[phrase.start : phrase.head] if t.pos_ in {"ADJ", "NOUN", "PROPN"}]
    known = entity.role_words | {w.lower() for p in entity.phrases[:6] for w in p.text.split()}
    if content:
        shared = sum(t.lower_ in known for t in content)
        out["modifiers_shared"] = shared / len(content)
        out["modifiers_new"] = 1 - shared / len(content)
    if lemma in words("vague_nouns"):
        out["vague"] = 1.0
    if head.dep_ in _SUBJECTS:
        out["as_subject"] = 1.0
    if any(c.dep_ in {"prep", "relcl", "acl"} for c in head.rights):
        out["restricted"] = 1.0
    if head.lower_ == "old" or "year-old" in phrase.text:
        out["age"] = 1.0
    of = peoples(doc, phrase.span)
    if of and entity.peoples:
        out["people" if of & entity.peoples else "other_people"] = 1.0
    if head.ent_type_ == "NORP":
        out["is_people"] = 1.0


def determiner(doc: Doc, phrase: Phrase) -> str:
    """The word that a description begins with, if it is its determiner, else "other".

    "genitive" where it belongs to a noun: "the line's owner".
    """
    if any(c.dep_ == "poss" and c.tag_ != "PRP$" for c in doc[phrase.head].lefts):
        return "genitive"
    first = doc[phrase.start].lower_
    return first if first in _DETERMINERS else "other"


_DETERMINERS = frozenset(
    {"the", "this", "that", "these", "those", "a", "an", "his", "her", "their", "my", "our"}
)
