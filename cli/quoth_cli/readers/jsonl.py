"""JSON: an object a line, or an array of objects."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Iterator, Mapping
from functools import partial
from typing import IO, Any, cast

from quoth_cli.readers.arrays import begins_array, elements
from quoth_cli.readers.base import BadRow, Record, kind_of
from quoth_cli.readers.streams import MAX_BYTES, Stream, lines, reading

__all__ = ["JsonLines", "object_of_line"]


_PEEKED = 4096


class JsonLines:
    """Reads a stream of JSON Lines; blank lines count for nothing but their number.

    A stream that begins with a bracket is an array, and its elements are the articles.
    """

    def __init__(self, stream: Stream, place: str) -> None:
        self._stream = stream
        self._place = place
        self.count = 0

    def records(self, first: int) -> Iterator[Record]:
        """See `Reader`."""
        del first
        file = self._stream.file
        if not isinstance(file, io.BufferedReader | gzip.GzipFile):
            file = io.BufferedReader(cast("io.RawIOBase", file))
        with reading(self._place):
            start = file.peek(_PEEKED)
        if begins_array(start):
            for element in elements(cast("IO[bytes]", file), self._place):
                self.count += 1
                place = f"{self._place}[{self.count - 1}]"
                yield Record(place, str(self.count), partial(object_of_line, element))
            return
        for number, line in lines(cast("IO[bytes]", file), self._place):
            self.count += 1
            place = f"{self._place}:{number}"
            yield Record(place, str(number), partial(object_of_line, line))

    @property
    def taken(self) -> int:
        """See `Reader`."""
        return self._stream.taken


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
