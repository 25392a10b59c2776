"""Values of the contract's enums as the words that rows have, and back."""

from __future__ import annotations

from functools import cache
from typing import Any

__all__ = ["number", "word"]


def word(enum: Any, value: int) -> str | None:
    """A value as a row has it: `direct` for `STATEMENT_KIND_DIRECT`; None for none."""
    if value not in enum.values():
        return None
    found: str = enum.Name(value).removeprefix(_prefix(enum)).lower()
    return None if found == "unspecified" else found


def number(enum: Any, given: str | None) -> Any:
    """The value of a word; that of none for a word that is not known."""
    name = _prefix(enum) + (given or "unspecified").upper()
    return enum.Value(name) if name in enum.keys() else 0  # noqa: SIM118 - not a mapping


@cache
def _prefix(enum: Any) -> str:
    name: str = enum.Name(0)
    return name.removesuffix("UNSPECIFIED")
