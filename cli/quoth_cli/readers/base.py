"""What every reader of an archive gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

__all__ = ["BadRow", "Reader", "Record", "Unreadable", "kind_of", "shown", "valid"]


_SHOWN = 60


class BadRow(Exception):
    """A row of the input that is not an article; the text says why. Later rows are still read."""


class Unreadable(Exception):
    """An input that cannot be read, or not any further; the text says what, why and the remedy."""


@dataclass(frozen=True, slots=True)
class Record:
    """One article of an input, not looked into yet.

    Attributes:
        place: Where it stands, for people.
        name: Its id, unless it has one of its own.
        fields: Gives its fields as the input names them; raises `BadRow` if it has none.
        extracted: The text is extracted from a page, and the fields have the names that come
            first in `ALIASES`, whatever those of other inputs are.
        day: The day in the name of its file, ISO 8601; empty if there is none.
    """

    place: str
    name: str
    fields: Callable[[], Mapping[str, Any]]
    extracted: bool = False
    day: str = ""


class Reader(Protocol):
    """Reads one file, or standard input."""

    @property
    def count(self) -> int:
        """How many records were passed, those left out by `first` included."""

    @property
    def taken(self) -> int:
        """How many bytes of the file were read so far, about."""

    def records(self, first: int) -> Iterator[Record]:
        """Yields the records in order.

        Args:
            first: As many at the beginning are not wanted: a reader that can pass them by without
                reading them does, and others yield them too.

        Raises:
            Unreadable: The file cannot be read any further.
        """


def shown(value: object) -> str:
    """A value for a message, long ones cut off."""
    text = repr(value) if not isinstance(value, str) else f'"{value[:_SHOWN]}"'
    return text if len(text) <= _SHOWN + 2 else f"{text[:_SHOWN]}…"


def kind_of(value: object) -> str:
    """What a value is, in JSON's words."""
    match value:
        case None:
            return "null"
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "a text"
        case list():
            return "a list"
        case dict():
            return "an object"
        case _:
            return f"a {type(value).__name__}"


def valid(text: str) -> str:
    """A text with U+FFFD in place of lone surrogates, which no output can hold."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
