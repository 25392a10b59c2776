"""Reads names: their parts, whether two of them can be one bearer's, and the gender they show.

Closed matter, so rules: how English news shortens a name ("Ana María Ruiz", "Ruiz", "Ms. Ruiz",
"A. M. Ruiz") follows a few conventions; the words themselves are in the word lists.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, IntEnum
from functools import lru_cache

from quoth_server.engine.lexicon import meanings, words

__all__ = [
    "Gender",
    "Match",
    "Name",
    "body_words",
    "full_names",
    "gender_of_given",
    "gender_of_words",
    "is_acronym_of",
    "match",
    "parse",
    "same_body",
    "without_possessive",
]

_WORD = re.compile(r"[^\W_](?:[\w.'’\-]*\w)?\.?|&")
_POSSESSIVE = re.compile(r"(?:['’]s|(?<=[sS])['’])$")
_NICKNAME = re.compile(r"\s*[“\"‘'][^“”\"‘’']+[”\"’']\s+")
_SKIPPED_IN_BODIES = frozenset({"the", "of", "and", "for", "&", "a", "in", "on", "to"})


class Gender(Enum):
    """What a name, a title or a noun shows of its bearer's gender."""

    FEMALE = "female"
    MALE = "male"
    UNKNOWN = "unknown"


class Match(IntEnum):
    """How well two names fit one bearer; a higher value is stronger."""

    NONE = 0
    FIRST = 1
    FAMILY = 2
    SAME = 3


@dataclass(frozen=True, slots=True)
class Name:
    """A person's name in parts, lower-cased; `bare` is the text without titles and possessive.

    `parts` are the given and family names in the order of the text; particles ("van", "al-")
    stay words of their own.
    """

    bare: str
    parts: tuple[str, ...]
    titles: tuple[str, ...] = ()
    suffix: str = ""
    gender: Gender = Gender.UNKNOWN


def without_possessive(text: str) -> str:
    """The text without a closing 's or s'."""
    return _POSSESSIVE.sub("", text.strip())


@lru_cache(maxsize=4096)
def parse(text: str) -> Name:
    """Splits a name: titles before it, its parts, a suffix such as "Jr."."""
    text = _NICKNAME.sub(" ", without_possessive(text))
    found = list(_WORD.finditer(text))
    first, last = 0, len(found)
    while first < last - 1 and _is_title(found[first].group()):
        first += 1
    while last > first + 1 and _key(found[last - 1].group()) in words("name_suffixes"):
        last -= 1
    kept = found[first:last]
    bare = text[kept[0].start() : kept[-1].end()] if kept else text
    suffix = _key(found[last].group()).strip(".") if last < len(found) else ""
    if suffix in {"jr", "sr", "ii", "iii", "iv"}:
        bare = text[kept[0].start() : found[last].end()]
    titles = tuple(_key(m.group()) for m in found[:first])
    parts = tuple(_key(m.group()) for m in kept)
    if parts[1:2] == ("of",) and gender_of_given(parts[0]) is not Gender.UNKNOWN:
        parts = parts[:1]  # a place is not a family name: "Anselm of Torvik"
    return Name(bare, parts, titles, suffix, _gender(titles, parts))


def full_names(text: str) -> list[Name]:
    """The names in a text without a parse: a known given name and a capitalized word after it."""
    found = []
    given: re.Match[str] | None = None
    for word in _WORD.finditer(text):
        beside = given is not None and text[given.end() : word.start()] == " "
        if given is not None and beside and word.group() in words("name_particles"):
            continue
        if given is not None and beside and word.group()[:1].isupper():
            found.append(parse(text[given.start() : word.end()]))
            given = None
        elif gender_of_given(word.group()) is not Gender.UNKNOWN and word.group()[:1].isupper():
            given = word
        else:
            given = None
    return found


def _key(word: str) -> str:
    """A word as the lists spell it: lower case, without a full stop at its end."""
    return word.casefold().replace("’", "'").rstrip(".")


def _is_title(word: str) -> bool:
    """Whether a word is a title."""
    key = _key(word)
    return not {key, key.rstrip("s")}.isdisjoint(words("titles") | words("honorifics"))


def _gender(titles: tuple[str, ...], parts: tuple[str, ...]) -> Gender:
    if (shown := gender_of_words(titles)) is not Gender.UNKNOWN:
        return shown
    return gender_of_given(parts[0]) if len(parts) > 1 else Gender.UNKNOWN


def gender_of_words(words_: Iterable[str]) -> Gender:
    """What nouns, titles or pronouns show: "actress", "sir"."""
    found = {meanings("gendered_words", Gender).get(word) for word in words_}
    shown = (Gender.FEMALE, Gender.MALE)
    return next((gender for gender in shown if gender in found), Gender.UNKNOWN)


@lru_cache(maxsize=4096)
def gender_of_given(word: str) -> Gender:
    """The gender that a given name mostly goes with; hyphened names go by their first part."""
    for form in (word.title(), word.split("-", maxsplit=1)[0].title()):
        if (gender := meanings("given_names", Gender).get(form)) is not None:
            return gender
    return Gender.UNKNOWN


def match(one: Name, other: Name) -> Match:
    """How well two names fit one person.

    SAME: nothing tells them apart but initials and middle names. FAMILY: one is the end of the
    other ("Ruiz", "López Obrador"), or the first of its two family names ("Rosselló"). FIRST: one
    is the start of the other ("Ana"; "Xi"), or its middle name ("Ann").
    """
    short, long = sorted((one, other), key=lambda n: len(n.parts))
    if not short.parts:
        return Match.NONE
    if Gender.UNKNOWN is not one.gender is not other.gender is not Gender.UNKNOWN and (
        len(short.parts) == 1
    ):
        return Match.NONE
    if short.suffix and long.suffix and short.suffix != long.suffix:
        return Match.NONE
    if short.parts == long.parts:
        return Match.SAME
    if len(short.parts) > 1 and _same_full(short.parts, long.parts):
        return Match.SAME
    if long.parts[-len(short.parts) :] == short.parts:
        return Match.FAMILY
    if _without_particles(long.parts)[-1:] == short.parts:
        return Match.FAMILY
    if long.parts[: len(short.parts)] == short.parts:
        return Match.FIRST
    if len(long.parts) > 2 and long.parts[-2:-1] == short.parts:
        # "Ann", of Mary Ann Smith, or the first of two family names: Ricardo Rosselló Nevares.
        known = gender_of_given(short.parts[0]) is not Gender.UNKNOWN
        return Match.FIRST if known else Match.FAMILY
    return Match.NONE


def _same_full(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    """Whether two names of several parts agree in family name and, initials allowed, the rest."""
    if short[-1] != long[-1]:
        return False
    return _fits(short[0], long[0])


def _fits(one: str, other: str) -> bool:
    """Whether two given names are the same, or one is the other's initial."""
    one, other = one.replace(".", ""), other.replace(".", "")
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    return len(short) <= 2 and long.startswith(short[0]) and (len(short) == 1 or len(long) > 3)


def _without_particles(parts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(p for p in parts if p not in words("name_particles")) or parts


def body_words(text: str) -> tuple[str, ...]:
    """The telling words of an organization's or a place's name, lower-cased."""
    found = [_key(m.group()).replace(".", "") for m in _WORD.finditer(without_possessive(text))]
    return tuple(w for w in found if w not in _SKIPPED_IN_BODIES) or tuple(found)


def is_acronym_of(short: str, long: str) -> bool:
    """Whether `short` ("S.E.C.", "AP") is made of the first letters of `long`."""
    letters = short.replace(".", "").replace("the ", "").strip()
    if not 2 <= len(letters) <= 8 or not letters.isupper():
        return False
    full = [m.group() for m in _WORD.finditer(without_possessive(long))]
    if len(full) < 2:
        return False
    initials = "".join(w[0] for w in full if w[0].isupper())
    every = "".join(w[0] for w in full).upper()
    telling = "".join(w[0] for w in body_words(long)).upper()
    return letters in {initials, every, telling}


def same_body(one: str, other: str) -> bool:
    """Whether two names can be one organization's or place's: equal, shortened or an acronym.

    A shortened name keeps the end of the full one ("the Times" of "The New York Times") or its
    start ("Cosmopolitan" of "Cosmopolitan magazine").
    """
    first, second = body_words(one), body_words(other)
    if first == second:
        return True
    if is_acronym_of(one, other) or is_acronym_of(other, one):
        return True
    short, long = sorted((first, second), key=len)
    if not short or len(short) == len(long):
        return False
    if long[-len(short) :] == short and (len(short) > 1 or short[0] not in words("generic_ends")):
        return True
    return long[: len(short)] == short and long[-1] in words("explaining_ends")
