"""Whether two names in different articles can be one person's, and how well they agree.

Closed matter, so rules: what papers do to a name is listed here. Whether the bearers are one person
is another question, which `evidence` and the learned weights answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from quoth_server.archive.people import signs, spelling
from quoth_server.engine.lexicon import words
from quoth_server.engine.speakers import names
from quoth_server.engine.speakers.names import Gender

__all__ = ["Agreement", "Fit", "PersonName", "agreement", "given_keys", "keys", "parse"]

_ARTICLES = ("al-", "el-", "ad-", "an-", "ar-", "as-", "at-", "az-")
_ARABIC = frozenset({"al", "el", "ad", "an", "ar", "as", "at", "az", "ul", "bin", "ibn"})
_GIVEN_TOO = frozenset({"al", "ben"})
_GENERATIONS = frozenset({"jr", "sr", "ii", "iii", "iv"})
_KEY = 4  # letters, so that spellings that differ later share it


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


@dataclass(frozen=True, slots=True)
class PersonName:
    """A person's name, its words folded: no capitals, accents or strokes.

    Attributes:
        text: The name without titles and possessive, as written.
        parts: Given and family names in the order of the text, without particles.
        particles: Such as "van" and "al".
        titles: Words before the name, such as "sen".
        generation: Such as "jr", else empty.
        gender: What a title shows of it.
    """

    text: str
    parts: tuple[str, ...]
    particles: tuple[str, ...]
    titles: tuple[str, ...]
    generation: str
    gender: Gender

    @property
    def full(self) -> bool:
        """Whether it has a given and a family name."""
        return len(self.parts) > 1

    @property
    def ends(self) -> tuple[str, str]:
        """Given and family name; with a hyphen behind a frequent family name it is turned."""
        first, last = self.parts[0], self.parts[-1]
        turned = "-" in last and spelling.shared_by(first) == 1
        return (last, first) if turned else (first, last)


@dataclass(frozen=True, slots=True)
class Agreement:
    """How well two names that can be one person's agree.

    Attributes:
        fit: In what way.
        given: How alike the given names are: 1 the same, 0.5 another form, 0 an initial or unknown.
        family: How alike the family names are: 1 the same, 0.5 another spelling.
        middle: 1 where both have the same middle name, -1 where one has none, else 0.
        generation: Whether one has "Jr." or the like and the other does not.
        particles: Whether one has a particle that the other does not.
        article: Whether one has an Arabic article that the other does not.
        common: How many people have the family name, from 0 to 1.
        common_given: Whether many have the given name.
        double: Whether both have the same family name of two parts, which hardly anybody has.
    """

    fit: Fit
    given: float
    family: float
    middle: float
    generation: bool
    particles: bool
    article: bool
    common: float
    common_given: bool
    double: bool


@lru_cache(maxsize=65536)
def parse(text: str) -> PersonName:
    """Reads a name as an article has it."""
    kept = text.split()
    leading = tuple(word.casefold().rstrip(".") for word in kept[: _offices_end(kept)])
    read = names.parse(" ".join(kept[len(leading) :]))
    titles, written = _titles(read)
    parts: list[str] = []
    particles: list[str] = []
    for part in written:
        bare = part
        for article in _ARTICLES:
            if part.startswith(article) and len(part) > len(article) + 1:
                bare = part.removeprefix(article)
                particles.append(article[:-1])
        first = part is written[0] and bare in _GIVEN_TOO
        if bare in words("name_particles") and len(written) > 1 and not first:
            particles.append(bare)
        elif "." in bare and len(bare.replace(".", "")) <= 3:
            parts += bare.replace(".", "")  # J.R.
        else:
            parts.append(spelling.folded(bare).replace(".", ""))
    parts = [part for part in parts if part] or [spelling.folded(text)]
    gender = Gender.UNKNOWN
    for title in titles:
        if title in words("female_words"):
            gender = Gender.FEMALE
        elif title in words("male_words"):
            gender = Gender.MALE
    generation = read.suffix if read.suffix in _GENERATIONS else ""
    return PersonName(
        read.bare, tuple(parts), tuple(particles), (*leading, *titles), generation, gender
    )


def _offices_end(written: Sequence[str]) -> int:
    """How many words before a name are an office and what belongs to it."""
    end = 0
    for number, word in enumerate(written[:-1], 1):
        given = names.gender_of_given(word) is not Gender.UNKNOWN
        # "Porter" and "Archer" are given names too, but not in "Defense Minister Holt".
        if signs.is_office(word) and (number > 1 or (not given and len(written) > 2)):
            end = number
        elif given:
            break
    return end


def _titles(read: names.Name) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Titles and parts of a name; "Dean" before one word is a given name, as no other title is."""
    if len(read.parts) == 1 and read.titles[-1:] == ("dean",):
        return read.titles[:-1], ("dean", *read.parts)
    return read.titles, read.parts


def keys(name: PersonName) -> frozenset[str]:
    """Beginnings of the words that can be its family name.

    Names that can be one person's share one, and two full ones one of `given_keys` too.
    """
    found = {name.parts[0], *name.parts[-2:]} if name.full else set(name.parts)
    return frozenset(
        # The Cyrillic letter that is an h in Ukrainian names is a g in Russian ones.
        spelling.skeleton(each).replace("h", "g")[:_KEY]
        for part in found
        for each in (part, *part.split("-"))
        if each
    )


def given_keys(name: PersonName) -> frozenset[str]:
    """What the words that can be its given name begin with, and the names that they stand for."""
    found = {spelling.skeleton(part)[:1] for part in name.parts}
    return frozenset(found.union(*(spelling.forms(part) for part in name.parts)))


def agreement(one: PersonName, other: PersonName) -> Agreement | None:
    """How well two names agree; None where they cannot be one person's."""
    if one.generation and other.generation and one.generation != other.generation:
        return None
    if Gender.UNKNOWN is not one.gender is not other.gender is not Gender.UNKNOWN:
        return None
    found = _fit(one, other)
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
        set(one.particles) - _ARABIC != set(other.particles) - _ARABIC,
        set(one.particles) & _ARABIC != set(other.particles) & _ARABIC,
        spelling.shared_by(family_name),
        spelling.given_by_many(given_name),
        alike == 1 and fit in _WHOLE and "-" in family_name,
    )


_WHOLE = frozenset({Fit.SAME, Fit.TURNED, Fit.FAMILY, Fit.SINGLE})
_Found = tuple[Fit, float, float, float]


def _fit(one: PersonName, other: PersonName) -> _Found | None:
    short, long = sorted((one.parts, other.parts), key=len)
    if len(short) == 1:
        return _single(short[0], long)
    if _joined(short) == _joined(long):
        return Fit.SAME, 1, 1, 1 if len(short) > 2 else 0
    if _joined(short) in {_joined(_turned(long)), _joined(_turned_back(long))}:
        return Fit.TURNED, 1, 1, 1 if len(short) > 2 else 0
    return _full(short, long)


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
    given = _given(short[0], long[0])
    if given is None:
        if len(long) > 2 and len(long[0]) == 1 and _likeness(short[0], long[1]):
            given = 0.5  # a middle name that is used: J. Edgar
        else:
            return None
    middle = _middle(short[1:-1], long[1:-1])
    if _like(short[-1], long[-1:]):
        return None if middle is None else (Fit.SAME, given, _likeness(short[-1], long[-1]), middle)
    if short[-1] in _further(long) or long[-1] in _further(short):
        return Fit.EXTENDED, given, 0.5, 0
    return None


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


def _turned_back(parts: Sequence[str]) -> Sequence[str]:
    return (parts[-1], *parts[:-1])
