"""How well a name in the article fits the speakers that the caller knows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property, lru_cache

from quoth_server.engine.lexicon import words
from quoth_server.engine.speakers import names
from quoth_server.engine.speakers.names import Gender, Match, Name
from quoth_server.engine.types import KnownSpeaker, SpeakerType

__all__ = ["Called", "Fit", "Table"]

_PERSON = SpeakerType.PERSON
_OF_BODIES = frozenset({"of", "and", "for", "&", "the"})


class Fit(IntEnum):
    """How well a name fits a known speaker; a higher value is stronger.

    AGAINST: it is somebody else's. POSSIBLE: nothing speaks against it, which is not enough.
    SHORT: a family name or an acronym. ALIKE: a full name, with initials or a middle name more or
    less. WRITTEN: as the caller wrote it.
    """

    AGAINST = 0
    POSSIBLE = 1
    SHORT = 2
    ALIKE = 3
    WRITTEN = 4


@dataclass(frozen=True, slots=True)
class Called:
    """What a speaker is called in the article; `name` is set for a person's name."""

    text: str
    name: Name | None = None


class _Known:
    """A known speaker, with the names read."""

    def __init__(self, speaker: KnownSpeaker) -> None:
        texts = (speaker.display_name, *speaker.aliases)
        self.texts = [text for text in texts if text.strip()]
        self.words = [names.body_words(text) for text in self.texts]
        self._type = speaker.type

    @cached_property
    def names(self) -> list[Name]:
        """The names, read as a person's; none if it cannot be a person."""
        if self._type not in {None, _PERSON}:
            return []
        if self._type is None and _is_body(self.texts[0]):
            return []
        return [names.parse(text) for text in self.texts]

    @cached_property
    def may_have_acronym(self) -> bool:
        """Whether it can be a body, whose letters stand for it."""
        first = self.texts[0].split()[0]
        unlike_a_person = names.gender_of_given(first) is Gender.UNKNOWN
        return self._type is not _PERSON and (self._type is not None or unlike_a_person)

    def fit(self, called: Called) -> Fit:
        """How well a name fits."""
        if called.name is not None and self.names:
            return self._fit_person(called.name)
        told = names.body_words(called.text)
        if told in self.words:
            return Fit.WRITTEN
        return Fit.AGAINST if called.name is not None else self._fit_body(called.text, len(told))

    def _fit_person(self, name: Name) -> Fit:
        genders = {each.gender for each in self.names} - {Gender.UNKNOWN}
        titled = len(name.parts) == 1 and name.gender is not Gender.UNKNOWN
        if titled and genders and name.gender not in genders:
            return Fit.AGAINST
        full = [each for each in self.names if len(each.parts) > 1]
        # "Ana Ruiz" is not Eva Ruiz, although she is called Ruiz too.
        against = self.names if len(name.parts) == 1 or not full else full
        return max(_fit_names(name, other) for other in against)

    def _fit_body(self, text: str, length: int) -> Fit:
        best = Fit.AGAINST
        for known, its_words in zip(self.texts, self.words, strict=True):
            acronym = names.is_acronym_of(text, known) or names.is_acronym_of(known, text)
            if acronym:
                fit = Fit.SHORT if self.may_have_acronym else Fit.AGAINST
            elif not names.same_body(text, known):
                fit = Fit.AGAINST
            else:
                fit = Fit.SHORT if 1 < length < len(its_words) else Fit.POSSIBLE
            best = max(best, fit)
        return best


def _is_body(text: str) -> bool:
    split = text.casefold().split()
    return bool(_OF_BODIES & set(split)) or split[-1] in words("organization_nouns")


def _fit_names(name: Name, known: Name) -> Fit:
    match names.match(name, known):
        case Match.SAME if name.parts == known.parts:
            return Fit.WRITTEN if name.suffix == known.suffix else Fit.ALIKE
        case Match.SAME if _middles_agree(name.parts[1:-1], known.parts[1:-1]):
            return Fit.ALIKE
        case Match.FAMILY:
            return Fit.SHORT if len(name.parts) < len(known.parts) else Fit.POSSIBLE
        case Match.FIRST:
            return Fit.POSSIBLE
        case _:
            return Fit.AGAINST


def _middles_agree(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether the shorter list of middle names is in the longer one, in order, as initials too."""
    short, long = sorted((one, other), key=len)
    rest = iter(long)
    return all(any(_same_middle(part, each) for each in rest) for part in short)


def _same_middle(one: str, other: str) -> bool:
    short, long = sorted((one.replace(".", ""), other.replace(".", "")), key=len)
    return short == long or (len(short) == 1 and long.startswith(short))


class Table:
    """The known speakers, as the article's names look them up."""

    def __init__(self, speakers: tuple[KnownSpeaker, ...]) -> None:
        self.speakers = speakers
        self._known = [_Known(speaker) for speaker in speakers]
        self._at: dict[str, set[int]] = {}
        for number, known in enumerate(self._known):
            for text in known.texts:
                for key in _keys(text):
                    self._at.setdefault(key, set()).add(number)

    @staticmethod
    @lru_cache(maxsize=8)
    def of(speakers: tuple[KnownSpeaker, ...]) -> Table:
        """The table of some speakers, kept for the articles that follow with the same ones."""
        return Table(speakers)

    def near(self, called: Called) -> set[int]:
        """The known speakers that share a word or an acronym with a name."""
        return set().union(*(self._at.get(key, ()) for key in _keys(called.text)))

    def fit(self, number: int, called: Called) -> Fit:
        """How well a name fits a known speaker, given by index."""
        return self._known[number].fit(called)

    def written(self, text: str) -> set[int]:
        """The known speakers that are called by a description as a whole: "the Fed chair"."""
        told = names.body_words(text)
        return {n for n in self.near(Called(text)) if told in self._known[n].words}


def _keys(text: str) -> Iterator[str]:
    told = names.body_words(text)
    yield from told
    capitals = "".join(w[0] for w in text.split() if w[:1].isupper())
    yield from {capitals.casefold(), "".join(w[0] for w in told)} - {""}
