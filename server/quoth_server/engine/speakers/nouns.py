"""What a noun shows of what it means: people, bodies or papers, one or several, which gender."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum, auto
from typing import NamedTuple

from spacy.tokens import Doc, Token

from quoth_server.engine.lexicon import meanings, words
from quoth_server.engine.speakers.names import Gender, Name, gender_of_words
from quoth_server.engine.types import RoleStatus, SpeakerType

__all__ = [
    "Number",
    "Sense",
    "is_degree",
    "is_occupation",
    "is_office_letters",
    "is_person_noun",
    "is_role_noun",
    "learn_roles",
    "sense_of",
]


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


def sense_of(token: Token) -> Sense:
    """Type, number and gender that a noun shows; no type if it is unlikely to be a speaker."""
    forms = _forms(token)
    gender = gender_of_words(forms)
    several = (
        token.tag_ in {"NNS", "NNPS"}
        or token.lower_ in words("collective_nouns")
        or (token.tag_ == "NNP" and token.lower_ not in words("role_nouns") and len(forms) > 1)
    )
    number = Number.SEVERAL if several else Number.ONE
    if forms & words("document_nouns"):
        return Sense(number, Gender.UNKNOWN, SpeakerType.DOCUMENT)
    if forms & words("organization_nouns"):
        one = not several or token.lower_ in words("organization_nouns")  # "police"
        return Sense(number, gender, SpeakerType.ORGANIZATION if one else SpeakerType.GROUP)
    a_people = token.ent_type_ == "NORP" and token.tag_ in {"NN", "NNP"}  # "the Mexican"
    if not is_person_noun(token) and gender is Gender.UNKNOWN and not a_people:
        return Sense(number, gender, None)
    return Sense(number, gender, SpeakerType.GROUP if several else SpeakerType.UNNAMED)


def is_role_noun(token: Token) -> bool:
    """Whether a noun names a job, an office or a relation."""
    lower, lemma = token.lower_.rstrip("."), token.lemma_.lower()
    known = words("role_nouns")
    if lower in known or not _forms(token).isdisjoint(known) or lower in words("titles"):
        return True
    last = lemma.rsplit("-", 1)[-1]
    if last in known or _is_prospective(last) or is_office_letters(token):
        return True
    return lemma.endswith(("woman", "person", "maker", "ologist"))


def _is_prospective(word: str) -> bool:
    return meanings("role_statuses", RoleStatus).get(word) is RoleStatus.PROSPECTIVE


def is_office_letters(token: Token) -> bool:
    """Whether a word is an office in capitals right before a name: "**PM** Greta Nolde".

    Before a single word such letters can be those of given names: "AG Sulzberger".
    """
    if token.text not in words("office_letters") or token.i + 2 >= len(token.doc):
        return False
    one, other = token.nbor(), token.nbor(2)
    return all(t.ent_type_ == "PERSON" and not t.is_upper and not t.is_punct for t in (one, other))


def is_degree(token: Token) -> bool:
    """Whether a word after a name is a degree or an honor and no post: "Ph.D.", "MBE"."""
    return token.lower_.rstrip(".") in words("name_suffixes") and not is_role_noun(token)


def learn_roles(doc: Doc, tokens: Iterable[int]) -> None:
    """Notes the tokens that the record network takes for words of a role."""
    doc.user_data[_LEARNED] = frozenset(tokens)


_LEARNED = "quoth roles"


def is_occupation(token: Token) -> bool:
    """Whether a noun beside a name tells what its bearer does: by the list, or `learn_roles`."""
    return is_role_noun(token) or token.i in token.doc.user_data.get(_LEARNED, ())


def is_person_noun(token: Token) -> bool:
    """Whether a noun means people: a role noun, or one such as "man" and "crowd"."""
    forms = _forms(token) | {token.lower_.rsplit("-", 1)[-1]}
    if not forms.isdisjoint(words("vague_nouns")) or not forms.isdisjoint(words("role_nouns")):
        return True
    return not forms.isdisjoint(words("collective_nouns")) or is_role_noun(token)


def _forms(token: Token) -> set[str]:
    """The word and its singular, which a headline's capitals hide from the lemmatizer."""
    forms = {token.lower_, token.lemma_.lower()}
    if token.tag_ in {"NNP", "NNPS"} and token.lower_.endswith("s"):
        singular = token.lower_.removesuffix("s")
        if singular in words("role_nouns") or singular in words("vague_nouns"):
            forms.add(singular)
    return forms
