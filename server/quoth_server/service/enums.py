"""Values of the contract's enums as the words that rows and the engine have, and back."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from google.protobuf.descriptor import EnumDescriptor

__all__ = ["number", "word", "words"]


@cache
def words(enum: EnumDescriptor) -> Mapping[str, int]:
    """The value of each word: that of `direct` is `STATEMENT_KIND_DIRECT`."""
    prefix = enum.values[0].name.removesuffix("UNSPECIFIED")
    return {each.name.removeprefix(prefix).lower(): each.number for each in enum.values[1:]}


def word(enum: Any, value: int) -> str | None:
    """The word of a value; None for none."""
    return next((each for each, of in words(enum.DESCRIPTOR).items() if of == value), None)


def number(enum: Any, given: str | None) -> Any:
    """The value of a word; that of none for a word that is not known."""
    return words(enum.DESCRIPTOR).get((given or "").lower(), 0)
