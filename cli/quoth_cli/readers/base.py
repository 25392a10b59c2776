"""What every reader of an archive gives."""

from __future__ import annotations

import abc
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

__all__ = [
    "STDIN",
    "BadRow",
    "File",
    "Reader",
    "Record",
    "Unreadable",
    "kind_of",
    "shown",
    "suffix_of",
    "valid",
]

STDIN = "-"

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


@dataclass(frozen=True, slots=True)
class File:
    """A file of an archive.

    Attributes:
        path: Where it is; `-` is standard input.
        name: Its path in the folder that was named, or the path as it was named.
        size: Bytes; 0 where that is not known.
    """

    path: str
    name: str
    size: int

    @property
    def place(self) -> str:
        """The file for people."""
        return "standard input" if self.path == STDIN else self.path

    @property
    def suffix(self) -> str:
        """What says its kind."""
        return suffix_of(self.name)


def suffix_of(name: str) -> str:
    """What says the kind of a file: the end of its name, of that before `.gz` or `.zst`."""
    path = PurePath(name)
    if path.suffix.lower() in (".gz", ".zst"):
        path = path.with_suffix("")
    return path.suffix.lower()


class Reader(abc.ABC):
    """Reads one file, or standard input.

    Attributes:
        count: How many records were passed, those left out by `first` included.
        taken: How many bytes of the file were read so far, about.
    """

    count = 0
    taken = 0

    @abc.abstractmethod
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
