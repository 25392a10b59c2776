"""Files that are one article each."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from quoth_cli.dates import day_of_name
from quoth_cli.readers.base import BadRow, Record, Unreadable
from quoth_cli.readers.streams import MAX_BYTES, whole

__all__ = ["OneArticle", "fields_of_text", "text_of"]

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

FieldsOf = Callable[[bytes], Mapping[str, Any]]
"""Gives the fields of an article of what is in a file; raises `BadRow` if it is none."""


class OneArticle:
    """Reads a file as one article; its name is the id. One that cannot be read is a bad row.

    Args:
        path: The file.
        name: Its id.
        fields_of: Makes an article of it.
        extracted: See `Record`.
        most: How many bytes it may have.
    """

    def __init__(
        self,
        path: str,
        name: str,
        fields_of: FieldsOf,
        *,
        extracted: bool = False,
        most: int = MAX_BYTES,
    ) -> None:
        self._path = path
        self._name = name
        self._fields_of = fields_of
        self._extracted = extracted
        self._most = most
        self.count = 0

    def records(self, first: int) -> Iterator[Record]:
        """See `Reader`."""
        del first
        self.count += 1
        yield Record(
            self._path,
            self._name,
            self._fields,
            extracted=self._extracted,
            day=day_of_name(self._name),
        )

    @property
    def taken(self) -> int:
        """See `Reader`."""
        return 0  # it is read at once, and then it is done with

    def _fields(self) -> Mapping[str, Any]:
        try:
            data = whole(self._path, self._most)
        except Unreadable as error:
            raise BadRow(str(error).removeprefix(f"{self._path}: ")) from error
        return self._fields_of(data)


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
    for mark, marked in _BYTE_ORDER_MARKS:
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
