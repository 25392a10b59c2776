"""JSON: an object a line, or an array of objects."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Iterator, Mapping
from functools import partial
from typing import IO, Any, cast

from quoth_cli.readers.arrays import begins_array, elements
from quoth_cli.readers.base import BadRow, File, Reader, Record, kind_of
from quoth_cli.readers.mapping import FieldMap
from quoth_cli.readers.streams import MAX_BYTES, Stream, lines, open_stream, reading

__all__ = ["JsonLines", "object_of_line"]


_PEEKED = 4096


class JsonLines(Reader):
    """Reads JSON Lines; blank lines count for nothing but their number.

    A file that begins with a bracket is an array, and its elements are the articles.
    """

    def __init__(self, file: File, fields: FieldMap) -> None:
        self._file = file

    def records(self, first: int) -> Iterator[Record]:
        """See `Reader`."""
        del first
        with open_stream(self._file.path) as stream:
            for where, name, line in self._lines(stream):
                self.count += 1
                self.taken = stream.taken
                place = f"{self._file.place}{where}"
                yield Record(place, str(name), partial(object_of_line, line))

    def _lines(self, stream: Stream) -> Iterator[tuple[str, int, bytes | None]]:
        """Yields where each object is in the file, its number, and what may be its JSON."""
        file = stream.file
        if not isinstance(file, io.BufferedReader | gzip.GzipFile):
            file = io.BufferedReader(cast("io.RawIOBase", file))
        with reading(self._file.place):
            start = file.peek(_PEEKED)
        if begins_array(start):
            for number, element in enumerate(elements(cast("IO[bytes]", file), self._file.place)):
                yield f"[{number}]", number + 1, element
            return
        for number, line in lines(cast("IO[bytes]", file), self._file.place):
            yield f":{number}", number, line


def object_of_line(line: bytes | None) -> Mapping[str, Any]:
    """The object of a line; None is a line that is too long.

    Raises:
        BadRow: It is none.
    """
    if line is None:
        raise BadRow(f"longer than {MAX_BYTES // 1024**2} MiB, the limit for an article; split it")
    try:
        row = json.loads(line)
    except UnicodeDecodeError as error:
        raise BadRow(f"not UTF-8 text (byte {error.start}); convert the file") from error
    except json.JSONDecodeError as error:
        raise BadRow(f"not JSON: {error.msg} at column {error.colno}") from error
    except (RecursionError, ValueError) as error:  # ValueError: a number of too many digits
        raise BadRow(f"not JSON that can be read: {error}") from error
    if not isinstance(row, dict):
        raise BadRow(f'is {kind_of(row)}; make it an object such as {{"id": "1", "body": "…"}}')
    return row
