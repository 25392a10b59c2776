"""How well two names agree, if they can be one person's.

Closed matter, so rules: what papers do to a name is listed here and in `names`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from quoth_server.archive.people import spelling
from quoth_server.archive.people.names import PersonName
from quoth_server.archive.people.rarity import rarity
from quoth_server.engine.speakers.names import Gender

__all__ = ["WEAK", "Agreement", "Fit", "agreement"]

_ARABIC = frozenset({"al", "el", "ad", "an", "ar", "as", "at", "az", "ul", "bin", "ibn"})
_LOOSE = frozenset({"da", "das", "de", "del", "do", "dos", "la", "las", "los"})
"""Particles of Spain, Portugal and their languages, which papers leave out."""
_SYLLABLE = 4  # letters


class Fit(Enum):
    """How two names are one person's, if they are.

    SAME: given and family name. TURNED: likewise, in the other order. EXTENDED: one has a further
    family name, or a further word in front. FAMILY: one is the other's family name alone.
    SINGLE: both are the same one word. FIRST: one is the other's first word alone.
    """

    SAME = "same"
    TURNED = "turned"
    EXTENDED = "extended"
    FAMILY = "family"
    SINGLE = "single"
    FIRST = "first"


WEAK = frozenset({Fit.FAMILY, Fit.SINGLE, Fit.FIRST})
"""Where one of the names is a single word."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How well two names that can be one person's agree.

    Attributes:
        fit: In what way.
        given: How alike the given names are: 1 the same, 0.5 another form, 0 an initial or unknown.
        family: How alike the family names are: 1 the same, 0.5 another spelling.
        middle: 1 where both have the same middle name, -1 where one has none, else 0.
        generation: Whether one has "Jr." or the like and the other does not.
        particles: Whether one has a particle that the other does not, such as "van".
        loose: Whether all that one has and the other has not are particles such as "de".
        article: Whether one has an Arabic article that the other does not.
        common: How many people have the family name, from 0 to 1.
        common_given: Whether many have the given name.
        double: Whether both have the same family name of two parts, which hardly anybody has.
        rare: How rare the family name is, from 0 to 2.
        rare_given: How rare the given name is, likewise.
    """

    fit: Fit
    given: float
    family: float
    middle: float
    generation: bool
    particles: bool
    loose: bool
    article: bool
    common: float
    common_given: bool
    double: bool
    rare: float
    rare_given: float


@lru_cache(maxsize=65536)
def agreement(one: PersonName, other: PersonName) -> Agreement | None:
    """How well two names agree; None where they cannot be one person's."""
    if one.generation and other.generation and one.generation != other.generation:
        return None
    if Gender.UNKNOWN is not one.gender is not other.gender is not Gender.UNKNOWN:
        return None
    found = _fit(one.parts, other.parts) or _nicknamed(one, other)
    if found is None:
        return None
    fit, given, alike, middle = found
    named = one if one.full else other
    given_name, family_name = named.ends
    return Agreement(
        fit,
        given,
        alike,
        middle,
        bool(one.generation) != bool(other.generation),
        _other_particles(one, other, _ARABIC | _LOOSE),
        _other_particles(one, other, _ARABIC)
        and not _other_particles(one, other, _ARABIC | _LOOSE),
        set(one.particles) & _ARABIC != set(other.particles) & _ARABIC,
        spelling.shared_by(family_name),
        spelling.given_by_many(given_name) or _one_of_many(given_name, family_name),
        alike == 1 and fit in _WHOLE and "-" in family_name,
        rarity(family_name),
        rarity(given_name),
    )


def _one_of_many(given: str, family: str) -> bool:
    """Whether a given name is one syllable of Chinese or the like, of which there are few."""
    return spelling.leads(family) and len(given) <= _SYLLABLE


def _other_particles(one: PersonName, other: PersonName, but: frozenset[str]) -> bool:
    return set(one.particles) - but != set(other.particles) - but


_WHOLE = frozenset({Fit.SAME, Fit.TURNED, Fit.FAMILY, Fit.SINGLE})
_Found = tuple[Fit, float, float, float]


def _nicknamed(one: PersonName, other: PersonName) -> _Found | None:
    """How they fit where one is called by what the other has in quotation marks."""
    if not (one.full and other.full):
        return None
    if one.called and other.called:
        return _fit(one.called, other.called)
    if one.called:
        return _fit(one.called, other.parts)
    return _fit(one.parts, other.called) if other.called else None


def _fit(one: Sequence[str], other: Sequence[str]) -> _Found | None:
    # Of two as long as each other, the one that begins with an initial counts as the longer.
    short, long = sorted((one, other), key=lambda parts: (len(parts), len(parts[0]) == 1))
    if len(short) == 1:
        return _single(short[0], long)
    a, b = _written(tuple(short)), _written(tuple(long))
    if a.joined == b.joined:
        return Fit.SAME, 1, 1, 1 if len(short) > 2 else 0
    if a.joined in b.turned:
        return Fit.TURNED, 1, 1, 1 if len(short) > 2 else 0
    if a.sound == b.sound:
        return Fit.SAME, 0.5, 0.5, 0  # one name in two words, and spelled otherwise
    if a.sound in b.turned_sounds:
        return Fit.TURNED, 0.5, 0.5, 0
    if len(short) == 2 < len(long) and spelling.leads(long[0]) and short == (long[-1], long[0]):
        return Fit.TURNED, 1, 1, -1
    return _full(short, long)


@dataclass(frozen=True, slots=True)
class _Written:
    """A name in one word, in its own order and in others, with their sounds."""

    joined: str
    turned: frozenset[str]
    sound: str
    turned_sounds: frozenset[str]


@lru_cache(maxsize=65536)
def _written(parts: tuple[str, ...]) -> _Written:
    joined = _joined(parts)
    turned = frozenset(_joined(way(parts)) for way in (_turned, _turned_back, _reversed))
    sounds = frozenset(map(spelling.skeleton, turned))
    return _Written(joined, turned, spelling.skeleton(joined), sounds)


def _single(word: str, long: Sequence[str]) -> _Found | None:
    """How a name of one word fits another."""
    if len(long) == 1:
        return (Fit.SINGLE, 0, _likeness(word, long[0]), 0) if _like(word, long) else None
    if _like(word, long[-1:]):
        return Fit.FAMILY, 0, _likeness(word, long[-1]), 0
    if word in _further(long):
        return Fit.FAMILY, 0, 0.5, 0
    return (Fit.FIRST, 0, _likeness(word, long[0]), 0) if _like(word, long[:1]) else None


def _full(short: Sequence[str], long: Sequence[str]) -> _Found | None:
    """How two names of several words fit."""
    if 1 < len(short) < len(long) and tuple(long[-len(short) :]) == tuple(short):
        return Fit.EXTENDED, 0.5, 1, 0
    alike = _likeness(short[-1], long[-1])
    if not alike and short[-1] not in _further(long) and long[-1] not in _further(short):
        return None
    given = _given(short[0], long[0])
    if given is None:
        if len(long) > 2 and len(long[0]) == 1 and _given(short[0], long[1]):
            given = 0.5  # a middle name that is used: J. Edgar
        else:
            return None
    if not alike:
        return Fit.EXTENDED, given, 0.5, 0
    middle = _middle(short[1:-1], long[1:-1])
    return None if middle is None else (Fit.SAME, given, alike, middle)


def _further(parts: Sequence[str]) -> set[str]:
    """The words that can be one of two family names."""
    return {*parts[-1].split("-"), *(parts[-2:-1] if len(parts) > 2 else ())}


def _given(one: str, other: str) -> float | None:
    """How alike two given names are; None where they are different names."""
    if one == other or one.replace("-", "") == other.replace("-", ""):
        return 1
    if min(len(one), len(other)) == 1:
        return 0 if one[0] == other[0] else None
    return 0.5 if spelling.given_alike(one, other) else None


def _middle(one: Sequence[str], other: Sequence[str]) -> float | None:
    """How two sequences of middle names agree; None where they contradict each other."""
    if not one and not other:
        return 0
    if not one or not other:
        return -1
    same = any(a[0] == b[0] if min(len(a), len(b)) == 1 else spelling.alike(a, b)
               for a in one for b in other)  # fmt: skip
    return 1 if same else None


def _like(word: str, others: Iterable[str]) -> bool:
    return any(_likeness(word, other) for other in others)


def _likeness(one: str, other: str) -> float:
    if one == other:
        return 1
    return 0.5 if len(one) > 1 and len(other) > 1 and spelling.alike(one, other) else 0


def _joined(parts: Sequence[str]) -> str:
    return "".join(parts).replace("-", "")


def _turned(parts: Sequence[str]) -> Sequence[str]:
    return (*parts[1:], parts[0])


def _reversed(parts: Sequence[str]) -> Sequence[str]:
    return parts[::-1]


def _turned_back(parts: Sequence[str]) -> Sequence[str]:
    return (parts[-1], *parts[:-1])
