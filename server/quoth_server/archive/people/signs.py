"""What the words about a speaker reveal of who is meant: offices, countries, bodies, topics."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from quoth_server.archive.people import spelling, word_lists
from quoth_server.engine.speakers.names import Gender, gender_of_words

__all__ = ["Signs", "is_country", "is_general", "is_office", "of_role", "topics"]

_WORD = re.compile(r"[^\W_](?:[\w.'’\-]*\w)?\.?")
_STEM = 6  # letters that the forms of a word share
_TOPICS = 40  # a text says no more of a speaker than its first words
_SHORTEST = 4
_ANY = "any"
_HEAD_OF_STATE = "president"
_HEAD_OF_BODY = "chairman"
_OF_EITHER = frozenset({"chairman", "chairmen"})  # papers write it of women too
_FOLLOWING = 3  # words that one entry of a list has at most


@dataclass(frozen=True, slots=True)
class Signs:
    """What a role, or a title, tells.

    Attributes:
        offices: Of the list `occupations`, by their names.
        fields: The fields of these offices; where none has one, those of the other words.
        special: Stems of the words that are none of this: "fisheries", "lumo".
        stems: Those and the stems of the offices.
        bodies: The special ones with a capital letter, as in names of firms, bodies and places.
        countries: Of the list `countries`, by their names.
        genders: That the words show, such as that of a spokeswoman.
        kin: Of the list `kin`, by their names.
        around: The countries of cities and regions, where one may work and be from elsewhere.
        spheres: The fields that all of its words tell of.
        regions: Of the list `regions`, by their names: states and provinces.
    """

    offices: frozenset[str] = frozenset()
    fields: frozenset[str] = frozenset()
    special: frozenset[str] = frozenset()
    stems: frozenset[str] = frozenset()
    bodies: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    genders: frozenset[Gender] = frozenset()
    kin: frozenset[str] = frozenset()
    around: frozenset[str] = frozenset()
    spheres: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()

    def __or__(self, other: Signs) -> Signs:
        # Somebody is mostly told to be what they were told to be before, or nothing.
        if other in (self, _NOTHING):
            return self
        return Signs(
            self.offices | other.offices,
            self.fields | other.fields,
            self.special | other.special,
            self.stems | other.stems,
            self.bodies | other.bodies,
            self.countries | other.countries,
            self.genders | other.genders,
            self.kin | other.kin,
            self.around | other.around,
            self.spheres | other.spheres,
            self.regions | other.regions,
        )


_NOTHING = Signs()


@lru_cache(maxsize=65536)
def of_role(text: str) -> Signs:
    """What the words of a role tell; of a title of an article only the countries are of use."""
    offices, fields, special, countries = set[str](), set[str](), set[str](), set[str]()
    bodies, stems, kin = set[str](), set[str](), set[str]()
    spheres, around, regions = set[str](), set[str](), set[str]()
    found = list(_entries(text))
    own = _own(found)
    # The president of a club is not a politician.
    of_body = any(key in word_lists.bodies() or key in word_lists.spheres() for _, key in found)
    for (word, key), is_own in zip(found, own, strict=True):
        capital = word[0].isupper()
        if capital and key in word_lists.regions():
            regions.add(word_lists.regions()[key])
        if key in word_lists.spheres():
            spheres.add(word_lists.spheres()[key])
        if key in word_lists.kin():
            kin.add(word_lists.kin()[key])
        elif key in word_lists.offices() and not (capital and key in word_lists.countries()):
            field, name = word_lists.offices()[key]
            if name == _HEAD_OF_STATE and (of_body or _of_named(found)):
                field, name = word_lists.offices()[_HEAD_OF_BODY]
            parts = {_stem(part) for part in key.split("_")}
            stems |= parts
            if is_own:
                offices.add(name)
            else:
                special |= parts
            if field != _ANY:
                (fields if is_own else spheres).add(field)
        elif capital and key in word_lists.countries():
            countries.add(word_lists.countries()[key])
        elif key not in word_lists.plain() and key not in word_lists.bodies() and len(key) > 1:
            special.add(_stem(key))
            if capital and key in word_lists.places():
                around.add(word_lists.places()[key])
            if capital:
                bodies.add(_stem(key))
    acronyms = {each for run in _CAPITALS.findall(text) for each in _initials(run)}
    return Signs(
        frozenset(offices),
        # The mother of a boxer is of no field.
        frozenset(fields or (set() if kin else spheres)),
        frozenset(special | acronyms),
        frozenset(stems | special | acronyms),
        frozenset(bodies | acronyms),
        frozenset(countries),
        _genders(text),
        frozenset(kin),
        frozenset(around),
        frozenset(spheres | fields),
        frozenset(regions),
    )


def _of_named(found: Sequence[tuple[str, str]]) -> bool:
    """Whether there is a name that is neither a country nor a state: "president of Lumo"."""
    named = [key for word, key in found[1:] if word[0].isupper()]
    places = (word_lists.countries(), word_lists.places(), word_lists.regions())
    return any(key not in word_lists.offices() for key in named) and not any(
        key in each for key in named for each in places
    )


def _own(found: Sequence[tuple[str, str]]) -> list[bool]:
    """Which words can be the speaker's own office, and not that of those they work for.

    "Lawyer for the victims", "the victim's lawyer", "head of the police union". Where that leaves
    no office, all of them can.
    """
    keys = [key for _, key in found]
    behind = next((n for n, key in enumerate(keys) if _BEHIND.fullmatch(key)), len(keys))
    own = [
        n < behind
        and not _POSSESSIVE.search(word)
        and not word_lists.bodies() & {*keys[n + 1 : n + 2]}
        for n, (word, _) in enumerate(found)
    ]
    # The brother of a guide has no office of his own.
    held = word_lists.offices().keys() | word_lists.kin().keys()
    left = any(is_own and key in held for is_own, key in zip(own, keys, strict=True))
    return own if left else [True] * len(found)


def is_general(office: str) -> bool:
    """Whether an office, by its name, is one of any field, such as that of a spokesman."""
    return word_lists.offices()[office][0] == _ANY


def is_country(stem: str) -> bool:
    """Whether one of `topics` is a country."""
    return stem in word_lists.country_names()


def is_office(word: str) -> bool:
    """Whether a word, such as one before a name, is an office."""
    return _key(word) in word_lists.offices()


@lru_cache(maxsize=4096)
def topics(text: str) -> tuple[str, ...]:
    """The stems of the telling words of a text, each once, in order; countries by their names."""
    found: dict[str, None] = {}
    for word, key in _entries(text):
        country = word_lists.countries().get(key) if word[0].isupper() else None
        if country or (len(key) >= _SHORTEST and key not in word_lists.plain()):
            found[country or _stem(key)] = None
            if len(found) == _TOPICS:
                break
    return tuple(found)


_AFFIXES = re.compile(r"^(?:ex|vice|co|then|deputy)-|-(?:elect|designate)$")
_POSSESSIVE = re.compile(r"(?:['’]s|(?<=s)['’])$")
_BEHIND = re.compile(r"\b(?:of|for|to|at|in|with|who)\b")
_CAPITALS = re.compile(r"(?:[A-Z]\w+(?: of(?: the)?| and| for)? )+[A-Z]\w+")


def _genders(role: str) -> frozenset[Gender]:
    """What the words of a role itself show, not those for whose it is: "the gunman's lawyer"."""
    own = _BEHIND.split(role, maxsplit=1)[0]
    keys = {
        _key(match.group())
        for match in _WORD.finditer(own)
        if not _POSSESSIVE.search(match.group())
    } - _OF_EITHER
    found = {gender_of_words([key]) for key in keys} - {Gender.UNKNOWN}
    if any(key.endswith("woman") for key in keys):
        found.add(Gender.FEMALE)
    men = {key for key in keys & word_lists.offices().keys() if key.endswith("man")}
    if any(not key.endswith("woman") for key in men):
        found.add(Gender.MALE)
    return frozenset(found)


def _initials(name: str) -> Iterator[str]:
    """The acronym of a body's name, where it can have one."""
    letters = "".join(word[0] for word in name.split() if word[0].isupper())
    if len(letters) > 2:
        yield letters.casefold()


def _entries(text: str) -> Iterator[tuple[str, str]]:
    """The words of a text, those that the lists have as one taken together, and their keys."""
    found = [match.group() for match in _WORD.finditer(text)]
    keys = [_key(word) for word in found]
    at = 0
    while at < len(found):
        for length in range(min(_FOLLOWING, len(found) - at), 0, -1):
            key = "_".join(keys[at : at + length])
            lists = (
                word_lists.offices,
                word_lists.countries,
                word_lists.places,
                word_lists.spheres,
                word_lists.regions,
            )
            if length == 1 or any(key in each() for each in lists):
                yield found[at], key
                at += length
                break


def _key(word: str) -> str:
    key = spelling.folded(_POSSESSIVE.sub("", word))
    key = key.rstrip(".") if key.count(".") < 2 else key
    bare = _AFFIXES.sub("", key)
    return bare if key not in word_lists.offices() and bare in word_lists.offices() else key


def _stem(key: str) -> str:
    bare = key.replace(".", "")
    return (bare[:-1] if len(bare) > _SHORTEST and bare.endswith("s") else bare)[:_STEM]
