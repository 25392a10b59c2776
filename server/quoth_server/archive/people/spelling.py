"""Spellings of one name that different papers use: accents, transliterations, short forms."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from importlib import resources

from rapidfuzz.distance import JaroWinkler, Levenshtein

from quoth_server.engine.speakers.names import Gender, gender_of_given

__all__ = [
    "alike",
    "entries",
    "folded",
    "forms",
    "given_alike",
    "given_by_many",
    "leads",
    "shared_by",
    "short_form",
    "skeleton",
]

_STROKES = str.maketrans(
    {
        "ø": "o", "œ": "oe", "æ": "ae", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ß": "ss",
        "ı": "i", "å": "a", "ħ": "h", "’": "", "'": "", "ʼ": "", "‘": "", "`": "",
    }
)  # fmt: skip
# Spellings of one sound, in the order in which they are replaced.
_SOUNDS = (
    ("yeo", "yu"), ("eo", "u"), ("eu", "u"),
    ("ij", "i"), ("iev", "ev"), ("yev", "ev"), ("ye", "e"), ("yi", "i"), ("iy", "i"), ("yy", "i"),
    ("y", "i"), ("j", "i"), ("aa", "a"), ("ae", "a"), ("oe", "o"), ("ue", "u"), ("ee", "i"),
    ("ou", "u"), ("oo", "u"), ("kh", "h"), ("gh", "g"), ("ph", "f"), ("ck", "k"), ("tch", "c"),
    ("tsch", "c"), ("ch", "c"), ("sch", "s"), ("sh", "s"), ("ts", "c"), ("tz", "c"), ("cz", "c"),
    ("zh", "z"), ("w", "v"), ("q", "k"), ("x", "ks"), ("dh", "d"), ("th", "t"), ("ai", "ei"),
)  # fmt: skip
_REPEATED = re.compile(r"(.)\1+")
_LEADING = 0.75  # how common a family name is that stands first: there are few of them
_NO_CONSONANT = re.compile(r"[aeiouh]")
_FOND = re.compile(r"(?:y|ie)$")
_ALIKE = 0.94
"""The Jaro-Winkler similarity from which two long words are spellings of one name."""
_LONG = 6
_BEGINNING = 3  # letters that tell whose short form a given name is
_VERY_LONG = 8
"""The letters from which one of them may be missing or another."""


@lru_cache(maxsize=65536)
def folded(word: str) -> str:
    """A word without letter case, accents, strokes and apostrophes."""
    plain = unicodedata.normalize("NFKD", word.casefold().translate(_STROKES))
    return "".join(each for each in plain if not unicodedata.combining(each))


@lru_cache(maxsize=65536)
def skeleton(word: str) -> str:
    """What spellings of one name have in common: Sergey and Sergei, Müller and Mueller."""
    text = folded(word).replace("-", "")
    for spelling, sound in _SOUNDS:
        text = text.replace(spelling, sound)
    return _REPEATED.sub(r"\1", text)


def alike(one: str, other: str) -> bool:
    """Whether two words can be spellings of one name, by their sound or by a letter or two."""
    a, b = skeleton(one), skeleton(other)
    shorter = min(len(one), len(other))
    if a == b or (shorter >= _VERY_LONG and Levenshtein.distance(a, b, score_cutoff=1) <= 1):
        return True
    if shorter < _LONG:
        return False
    return JaroWinkler.normalized_similarity(folded(one), folded(other)) >= _ALIKE


def short_form(one: str, other: str) -> bool:
    """Whether two given names stand for each other, such as Bill and William."""
    return not forms(one).isdisjoint(forms(other))


def given_alike(one: str, other: str) -> bool:
    """Whether two given names can be one: short forms, spellings, a beginning, an e for an i."""
    if short_form(one, other):
        return True
    if _of_man_and_woman(one, other):
        return False
    if alike(one, other) or _vowel(one, other):
        return True
    if {Gender.FEMALE, Gender.MALE} <= {gender_of_given(one), gender_of_given(other)}:
        return False
    return _begins(one, other) or _consonants(one, other) or _fond(one, other)


def _of_man_and_woman(one: str, other: str) -> bool:
    """Whether they differ by a woman's ending alone: Stefan and Stefana, Mario and Maria."""
    a, b = folded(one), folded(other)
    return any(
        hers == f"{his.removesuffix('o')}a" or hers == f"{his}{his[-1:]}e" or hers == f"{his}e"
        for his, hers in ((a, b), (b, a))
    )


def _begins(one: str, other: str) -> bool:
    """Whether one is the beginning of the other, of the same gender: Vern, Vernon."""
    short, long = sorted((one, other), key=len)
    enough = len(short) >= _BEGINNING or (len(short) == _BEGINNING - 1 and bool(forms(short)))
    return enough and long.startswith(short)


def _consonants(one: str, other: str) -> bool:
    """Whether they differ in vowels alone: Mostafa and Mustafa, Debra and Deborah."""
    a, b = (_bare(skeleton(each)) for each in (one, other))
    return a == b and len(a) >= _BEGINNING


def _bare(sound: str) -> str:
    """The first letter and the consonants."""
    return sound[:1].replace("o", "u") + _NO_CONSONANT.sub("", sound[1:])


def _fond(one: str, other: str) -> bool:
    """Whether one is the beginning of the other and a fond end: Terry and Terence."""
    for fond, given in ((one, other), (other, one)):
        bare = _FOND.sub("", folded(fond))
        if bare != folded(fond):
            bare = _REPEATED.sub(r"\1", bare)
            if len(bare) >= _BEGINNING and folded(given).startswith(bare):
                return True
    return False


def _vowel(one: str, other: str) -> bool:
    """Whether they differ by an e for an i before the last letter: Khaled, Khalid."""
    if one[-1] != other[-1] or min(len(one), len(other)) <= _BEGINNING:
        return False
    return skeleton(one).replace("e", "i") == skeleton(other).replace("e", "i")


def forms(given: str) -> frozenset[str]:
    """The groups of given names, each with a name, that stand for each other."""
    return _groups().get(folded(given), frozenset())


def leads(family: str) -> bool:
    """Whether a frequent family name is one that its land writes before the given name."""
    return folded(family) in _frequent()["leading"]


def given_by_many(given: str) -> bool:
    """Whether many people have a given name."""
    return folded(given) in _frequent()["given"]


def shared_by(family: str) -> float:
    """How common a family name is: from 0, hardly anybody, to 1, where two bearers are likely."""
    if folded(family) in _frequent()["family"]:
        return 1.0
    return max(_family_names().get(folded(family), 0) / 4, _LEADING * leads(family))


def entries(name: str) -> list[str]:
    """The lines of a word list of this package, comments and empty ones left out."""
    text = (resources.files(__package__) / "data" / f"{name}.txt").read_text("utf-8")
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    return [line for line in lines if line]


@cache
def _groups() -> dict[str, frozenset[str]]:
    """The groups of names that stand for each other, by each of their names."""
    found: dict[str, set[str]] = {}
    for number, line in enumerate(entries("nicknames")):
        for name in line.split():
            found.setdefault(folded(name), set()).add(f"#{number}")
    return {name: frozenset(groups) for name, groups in found.items()}


@cache
def _frequent() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {"family": set(), "given": set(), "leading": set()}
    for line in entries("frequent_names"):
        part, _, names = line.partition(": ")
        found[part].update(map(folded, names.split()))
    return found


@cache
def _family_names() -> dict[str, int]:
    found = (line.partition(": ") for line in entries("family_names"))
    return {word: int(level) for level, _, names in found for word in names.split()}
