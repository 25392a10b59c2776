"""Texts as words that can be compared: each with its place, and a form without what differs idly.

What is overlooked is case, accents, the shape of apostrophes, and all that stands between words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

__all__ = ["Word", "content_words", "folded", "keys", "listed", "split", "stem", "without_accents"]

_DATA = Path(__file__).parent / "data/en"
# A number keeps its points and commas, a word its apostrophes; signs that are read count as words.
_WORD = re.compile(r"\d+(?:[.,:]\d+)*[^\W\d_]*|[^\W\d_]+(?:['’ʼ‘`´][^\W\d_]+)*|[^\W_]+|[%$€£¥&§°]")
_APOSTROPHES = re.compile("['’ʼ‘`´,]")
_STEM = 5


def listed(file: str) -> frozenset[str]:
    """The words of a file beside this module, one a line."""
    return frozenset((_DATA / file).read_text(encoding="utf-8").split())


# Words that are in any text; they say little about whether two texts are about the same.
_COMMON = listed("common_words.txt")


@dataclass(frozen=True, slots=True)
class Word:
    """A word at its place in a text, `[start, end)` in code points, and what it is compared by."""

    start: int
    end: int
    key: str


def split(text: str, start: int = 0, end: int | None = None) -> list[Word]:
    """The words of a text, or of a stretch of it."""
    stretch = _WORD.finditer(text, start, len(text) if end is None else end)
    return [Word(found.start(), found.end(), folded(found[0])) for found in stretch]


def keys(text: str) -> list[str]:
    """What the words of a text are compared by."""
    return [folded(found) for found in _WORD.findall(text)]


@lru_cache(maxsize=50_000)
def folded(word: str) -> str:
    """A word in small letters, without accents, apostrophes and the commas of numbers."""
    plain = _APOSTROPHES.sub("", word).casefold()
    return plain if plain.isascii() else without_accents(plain)


def without_accents(text: str) -> str:
    """A text with its letters alone."""
    apart = unicodedata.normalize("NFKD", text)
    return "".join(each for each in apart if not unicodedata.combining(each))


def stem(key: str) -> str:
    """The beginning of a word, by which its forms are taken for one."""
    return key[:_STEM]


def content_words(words: Iterable[str]) -> frozenset[str]:
    """The stems of those words that say what a text is about."""
    return frozenset(stem(key) for key in words if key not in _COMMON)
