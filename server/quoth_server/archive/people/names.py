"""Reads the names of people as papers write them: order, particles, initials, titles before them.

Closed matter, so rules. Whether two names agree is for `agreeing`; whether their bearers are one
person is for `evidence` and the learned weights.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from quoth_server.archive.people import signs, spelling
from quoth_server.engine.lexicon import words
from quoth_server.engine.speakers import names
from quoth_server.engine.speakers.names import Gender

__all__ = ["PersonName", "given_keys", "keys", "parse"]

_ARTICLES = ("al-", "el-", "ad-", "an-", "ar-", "as-", "at-", "az-")
_VIETNAMESE = frozenset({"nguyen", "tran", "pham", "hoang", "phan", "vu", "bui", "ngo", "duong"})
"""Family names behind which "Van" is a middle name."""
_GIVEN_TOO = frozenset({"al", "ben"})
_GENERATIONS = frozenset({"jr", "sr", "ii", "iii", "iv"})
_NICKNAME = re.compile(r"\s[“\"‘']([^\W\d_]+)[”\"’']\s")
_KEY = 4  # letters, so that spellings that differ later share it


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
        nickname: The word in quotation marks inside it, else empty.
    """

    text: str
    parts: tuple[str, ...]
    particles: tuple[str, ...]
    titles: tuple[str, ...]
    generation: str
    gender: Gender
    nickname: str = ""
    _hash: int = field(init=False, repr=False, compare=False, default=0)

    def __post_init__(self) -> None:
        """Keeps the hash: names are looked up far more often than read."""
        found = hash((self.text, self.parts, self.titles, self.generation, self.nickname))
        object.__setattr__(self, "_hash", found)

    def __hash__(self) -> int:
        return self._hash

    @property
    def full(self) -> bool:
        """Whether it has a given and a family name."""
        return len(self.parts) > 1

    @property
    def called(self) -> tuple[str, ...]:
        """The parts with the nickname for all given names; none without a nickname."""
        return (self.nickname, self.parts[-1]) if self.nickname and self.full else ()

    @property
    def ends(self) -> tuple[str, str]:
        """Given and family name; turned where the first is of a land that writes it first.

        With a hyphen behind it, or with a second word that is nobody's family name.
        """
        first, last = self.parts[0], self.parts[-1]
        turned = "-" in last and spelling.shared_by(first) == 1
        if not turned and spelling.leads(first):
            given = names.gender_of_given(first) is not Gender.UNKNOWN
            turned = not given and not spelling.shared_by(last)
        return (last, first) if turned else (first, last)


@lru_cache(maxsize=65536)
def parse(text: str) -> PersonName:
    """Reads a name as an article has it."""
    kept = text.split()
    leading = tuple(word.casefold().rstrip(".") for word in kept[: _offices_end(kept)])
    read = names.parse(" ".join(kept[len(leading) :]))
    titles, written = _titles(read)
    if "of" in written[1:]:
        written = written[: written.index("of", 1)]  # Lord Aldham of Westmere
    parts: list[str] = []
    particles: list[str] = []
    middle = len(written) > 2 and written[0] in _VIETNAMESE
    for part in written:
        bare = part
        for article in _ARTICLES:
            if part.startswith(article) and len(part) > len(article) + 1:
                bare = part.removeprefix(article)
                particles.append(article[:-1])
        first = part is written[0] and bare in _GIVEN_TOO
        if bare in words("name_particles") and len(written) > 1 and not (first or middle):
            particles.append(bare)
        elif "." in bare and len(bare.replace(".", "")) <= 3:
            parts += bare.replace(".", "")  # J.R.
        else:
            parts.append(spelling.folded(bare).replace(".", ""))
    parts = [part for part in parts if part] or [spelling.folded(text)]
    gender = names.gender_of_words(titles)
    generation = read.suffix if read.suffix in _GENERATIONS else ""
    nickname = _NICKNAME.search(text)
    return PersonName(
        read.bare,
        tuple(parts),
        tuple(particles),
        (*leading, *titles),
        generation,
        gender,
        spelling.folded(nickname[1]) if nickname else "",
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
    parts = (*name.parts, *name.called)
    found = {spelling.skeleton(part)[:1] for part in parts}
    return frozenset(found.union(*(spelling.forms(part) for part in parts)))
