"""Files that are one article each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from quoth_cli.dates import day_of_name
from quoth_cli.pages.encoding import BYTE_ORDER_MARKS
from quoth_cli.readers.base import BadRow, File, Reader, Record, Unreadable, valid
from quoth_cli.readers.streams import MAX_BYTES, whole

__all__ = ["OneArticle", "fields_of_text", "text_of"]

FieldsOf = Callable[[bytes], Mapping[str, Any]]
"""Gives the fields of an article of what is in a file; raises `BadRow` if it is none."""


@dataclass(slots=True)
class OneArticle(Reader):
    """Reads a file as one article; its name is the id. One that cannot be read is a bad row.

    Attributes:
        file: The file.
        fields_of: Makes an article of it.
        extracted: See `Record`.
        most: How many bytes it may have.
    """

    file: File
    fields_of: FieldsOf
    extracted: bool = False
    most: int = MAX_BYTES

    def records(self, first: int) -> Iterator[Record]:
        """See `Reader`."""
        del first
        self.count += 1
        name = valid(self.file.name)
        day = day_of_name(name)
        yield Record(self.file.path, name, self._fields, extracted=self.extracted, day=day)

    def _fields(self) -> Mapping[str, Any]:
        try:
            data = whole(self.file.path, self.most)
        except Unreadable as error:
            raise BadRow(str(error).removeprefix(f"{self.file.path}: ")) from error
        return self.fields_of(data)


def fields_of_text(data: bytes, encoding: str = "") -> Mapping[str, Any]:
    """The fields of a file of plain text: the text.

    Raises:
        BadRow: It is not text.
    """
    return {"text": text_of(data, encoding)}


def text_of(data: bytes, encoding: str = "") -> str:
    """The text of a file, exactly as it stands.

    A byte order mark is taken off; nothing else is changed, line ends included.

    Args:
        data: What is in the file.
        encoding: What it is in where no byte order mark says so; UTF-8 without it.

    Raises:
        BadRow: It is not text.
    """
    encoding = encoding or "utf-8"
    for mark, marked in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            data, encoding = data[len(mark) :], marked
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise BadRow(
            f"not {encoding.upper()} text (byte {error.start}); if it is text in another "
            "encoding, give it, for example: --encoding windows-1252"
        ) from error
    if "\0" in text:
        raise BadRow(
            f"a binary file (NUL at character {text.index(chr(0))}); extract its text first"
        )
    return text
