"""The values of the contract's enums as words: in lower case, without the name of the enum."""

from __future__ import annotations

import functools
from enum import StrEnum
from typing import Any

from quoth.v1 import Factuality, SpeakerType, StatementKind

__all__ = ["FactualityWord", "KindWord", "SpeakerTypeWord", "number", "word", "words"]


@functools.lru_cache(256)
def word(enum: Any, value: int) -> str | None:
    """The word for a value; None if it is not given.

    A value of a newer server is its number.
    """
    if not value:
        return None
    if value not in enum.values():
        return str(value)
    name: str = enum.Name(value)
    return name.removeprefix(_prefix(enum)).lower()


def words(enum: Any) -> list[str]:
    """The words for all values, in the order of the contract."""
    return [word(enum, value) or "" for value in enum.values() if value]


def number(enum: Any, word: str) -> Any:
    """The value that a word stands for.

    Raises:
        ValueError: It is not a word of this enum.
    """
    return enum.Value(_prefix(enum) + word.upper())


def _prefix(enum: Any) -> str:
    name: str = enum.Name(0)  # as the style of the contract demands
    return name.removesuffix("UNSPECIFIED")


# Options have members for their choices: those of the contract, of which there is one list only.


class KindWord(StrEnum):
    """How the words of a statement are given."""

    _ignore_ = "each"
    for each in words(StatementKind):
        vars()[each.upper()] = each


class SpeakerTypeWord(StrEnum):
    """What a speaker is."""

    _ignore_ = "each"
    for each in words(SpeakerType):
        vars()[each.upper()] = each


class FactualityWord(StrEnum):
    """Whether a statement was made."""

    _ignore_ = "each"
    for each in words(Factuality):
        vars()[each.upper()] = each
