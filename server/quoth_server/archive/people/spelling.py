"""Spellings of one name that different papers use: accents, transliterations, short forms."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from importlib import resources

from rapidfuzz.distance import JaroWinkler

__all__ = ["alike", "entries", "folded", "forms", "frequent", "short_form", "skeleton"]

_STROKES = str.maketrans(
    {
        "ø": "o", "œ": "oe", "æ": "ae", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ß": "ss",
        "ı": "i", "å": "a", "ħ": "h", "’": "", "'": "", "ʼ": "", "‘": "", "`": "",
    }
)  # fmt: skip
# Spellings of one sound, in the order in which they are replaced.
_SOUNDS = (
    ("ij", "i"), ("iev", "ev"), ("yev", "ev"), ("ye", "e"), ("yi", "i"), ("iy", "i"), ("yy", "i"),
    ("y", "i"), ("j", "i"), ("aa", "a"), ("ae", "a"), ("oe", "o"), ("ue", "u"), ("ee", "i"),
    ("ou", "u"), ("oo", "u"), ("kh", "h"), ("gh", "g"), ("ph", "f"), ("ck", "k"), ("tch", "c"),
    ("tsch", "c"), ("ch", "c"), ("sch", "s"), ("sh", "s"), ("ts", "c"), ("tz", "c"), ("cz", "c"),
    ("zh", "z"), ("w", "v"), ("q", "k"), ("x", "ks"), ("dh", "d"), ("th", "t"),
)  # fmt: skip
_REPEATED = re.compile(r"(.)\1+")
_ALIKE = 0.94
"""The Jaro-Winkler similarity from which two long words are spellings of one name."""
_LONG = 6


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
    if skeleton(one) == skeleton(other):
        return True
    if min(len(one), len(other)) < _LONG:
        return False
    return JaroWinkler.normalized_similarity(folded(one), folded(other)) >= _ALIKE


def short_form(one: str, other: str) -> bool:
    """Whether two given names stand for each other, such as Bill and William."""
    return not forms(one).isdisjoint(forms(other))


def forms(given: str) -> frozenset[str]:
    """The groups of given names, each with a name, that stand for each other."""
    return _groups().get(folded(given), frozenset())


def frequent(word: str) -> bool:
    """Whether the name is so common that two people may well share it."""
    return folded(word) in _frequent()


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
def _frequent() -> frozenset[str]:
    return frozenset(folded(each) for line in entries("frequent_names") for each in line.split())
