"""What a noun shows of what it means: people, bodies or papers, one or several, which gender."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import NamedTuple

import numpy as np
from spacy.tokens import Doc, Token

from quoth_server.engine.attributions.model import Findings
from quoth_server.engine.attributions.reading import KINDS
from quoth_server.engine.lexicon import words
from quoth_server.engine.speakers.names import Gender, Name, gender_of_words
from quoth_server.engine.types import SpeakerType

__all__ = [
    "Number",
    "Sense",
    "is_degree",
    "is_office_title",
    "is_person",
    "is_role",
    "learn",
    "sense_of",
]

_PEOPLE = frozenset({SpeakerType.PERSON, SpeakerType.UNNAMED, SpeakerType.GROUP})
_PLURAL = frozenset({"NNS", "NNPS"})


class Number(Enum):
    """Whether a phrase means one or several."""

    ONE = auto()
    SEVERAL = auto()
    UNKNOWN = auto()


class Sense(NamedTuple):
    """What a word shows of what it means."""

    number: Number
    gender: Gender
    type: SpeakerType | None
    name: Name | None = None


@dataclass(frozen=True, slots=True)
class _Learned:
    """By token: which are words of a role, and which kind of speaker each means, -1 for none."""

    roles: frozenset[int]
    kinds: Sequence[int]


_KEY = "quoth nouns"


def learn(doc: Doc, found: Findings) -> None:
    """Notes what the article network reads of the tokens of a document."""
    words_, seen = found.words, found.seen
    if not len(words_):
        return
    places = np.searchsorted(words_.starts, doc.to_array("IDX").astype(np.int64), side="right") - 1
    places = np.maximum(places, 0)
    roles = np.flatnonzero(seen.roles.argmax(axis=1)[places])
    doc.user_data[_KEY] = _Learned(frozenset(roles.tolist()), seen.kinds[places].tolist())


def _kind(token: Token) -> SpeakerType | None:
    learned = token.doc.user_data.get(_KEY)
    at = learned.kinds[token.i] if learned else -1
    return None if at < 0 else KINDS[at]


def sense_of(token: Token) -> Sense:
    """Type, number and gender that a noun shows; no type if it is unlikely to be a speaker."""
    gender = gender_of_words((token.lower_, token.lemma_.lower()))
    several = token.tag_ in _PLURAL
    kind = _kind(token)
    if kind in {SpeakerType.PERSON, SpeakerType.UNNAMED}:
        kind = SpeakerType.GROUP if several else SpeakerType.UNNAMED
    number = Number.SEVERAL if several or kind is SpeakerType.GROUP else Number.ONE
    return Sense(number, gender, kind)


def is_role(token: Token) -> bool:
    """Whether a noun tells what somebody is: a word of a role, or a title."""
    learned = token.doc.user_data.get(_KEY)
    return (learned is not None and token.i in learned.roles) or is_office_title(token)


def is_office_title(token: Token) -> bool:
    """Whether a word is a title of an office: "Rep.". "Mr.", a form of address, is not."""
    return token.lower_.rstrip(".") in words("titles")


def is_degree(token: Token) -> bool:
    """Whether a word after a name is a degree or an honor and no post: "Ph.D.", "MBE"."""
    return token.lower_.rstrip(".") in words("name_suffixes")


def is_person(token: Token) -> bool:
    """Whether a noun means people."""
    return _kind(token) in _PEOPLE
