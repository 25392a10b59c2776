"""CSV with a line of names, with memory that what is in the file cannot make grow."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from quoth_cli.readers.base import BadRow, File, Reader, Record, Unreadable
from quoth_cli.readers.catalog import DELIMITERS
from quoth_cli.readers.mapping import FieldMap
from quoth_cli.readers.streams import MAX_BYTES, open_stream, reading

__all__ = ["Csv"]

_MAX_HEAD = 1024 * 1024
_NO_UTF8 = re.compile("[\udc80-\udcff]")


class _TooLong(Exception):
    """A row is longer than any article."""


class _Lines:
    """The lines of a text, no more of them in one row than an article can have.

    Attributes:
        number: That of the last line.
    """

    def __init__(self, text: io.TextIOWrapper, place: str) -> None:
        self._text = text
        self._place = place
        self._left = 0
        self.number = 0

    def begin_row(self) -> None:
        """What comes is of another row."""
        self._left = MAX_BYTES

    def head(self) -> str:
        """The first line.

        Raises:
            Unreadable: It is too long.
        """
        line = self._read(_MAX_HEAD)
        if len(line) == _MAX_HEAD:
            raise Unreadable(
                f"{self._place}: the first line is longer than {_MAX_HEAD // 1024**2} MiB, and "
                "should name the fields"
            )
        self.number = 1
        return line

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._read(self._left + 1)
        if not line:
            raise StopIteration
        self.number += 1
        self._left -= len(line)
        if self._left < 0:
            while not line.endswith(("\n", "\r")) and (line := self._read(MAX_BYTES)):
                pass
            raise _TooLong
        return line

    def _read(self, most: int) -> str:
        with reading(self._place):
            return self._text.readline(most)


class Csv(Reader):
    """Reads CSV in UTF-8; the first line has the names of the fields.

    The fields are divided by a comma, a semicolon, a tab or a bar, whichever the first line has
    most of.
    """

    def __init__(self, file: File, fields: FieldMap) -> None:
        self._file = file
        self._place = file.place
        self._fields = fields

    def records(self, first: int) -> Iterator[Record]:
        """See `Reader`."""
        del first
        csv.field_size_limit(MAX_BYTES)
        encoding = self._fields.encoding or "utf-8-sig"
        # Bytes that are not UTF-8 become surrogates, so that they spoil only their own row.
        with (
            open_stream(self._file.path) as stream,
            io.TextIOWrapper(stream.file, encoding, "surrogateescape", newline="") as text,
        ):
            for record in self._rows(text):
                self.taken = stream.taken
                yield record

    def _rows(self, text: io.TextIOWrapper) -> Iterator[Record]:
        lines = _Lines(text, self._place)
        head = lines.head()
        delimiter = max(DELIMITERS, key=head.count)
        names = next(csv.reader([head], delimiter=delimiter), [])
        if not names:
            return
        self._fields.check_table(names, self._place)
        rows = csv.reader(lines, delimiter=delimiter)
        while True:
            problem, row = "", list[str]()
            place = f"{self._place}:{lines.number + 1}"
            lines.begin_row()
            try:
                row = next(rows)
            except StopIteration:
                return
            except csv.Error as error:
                problem = f"not a CSV row: {error}"
            except _TooLong:
                problem = (
                    f"longer than {MAX_BYTES // 1024**2} MiB, the limit for an article; look for a "
                    "missing quotation mark"
                )
            if not row and not problem:  # a blank line
                continue
            self.count += 1
            yield Record(place, str(self.count), partial(_fields_of, names, row, problem))


def _fields_of(names: list[str], row: list[str], problem: str) -> Mapping[str, Any]:
    if problem:
        raise BadRow(problem)
    if len(row) != len(names):
        raise BadRow(
            f"has {len(row)} fields, but the first line names {len(names)}; look for a missing "
            "quotation mark or delimiter"
        )
    for name, value in zip(names, row, strict=True):
        if not value.isascii() and _NO_UTF8.search(value):
            raise BadRow(
                f'"{name}" is not UTF-8 text; give its encoding, for example: '
                "--encoding windows-1252"
            )
    return dict(zip(names, row, strict=True))
