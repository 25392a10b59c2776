"""How large the pages of a Parquet file are: what reading them takes, known in advance.

A page is decompressed as a whole, and a few bytes may become gigabytes. What the footer of a file
says of that need not be true; the header of a page must be, or the page cannot be read. The footer
is read here too, as pyarrow ends the whole process where it tells of a damaged one.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any, TypeGuard

__all__ = ["Chunk", "Group", "Page", "groups", "pages"]

# The statistics in a header may have long texts.
_SHORT_HEADER = 4 * 1024
_LONG_HEADER = 1024 * 1024
_DICTIONARY = 2
_DEEPEST = 16
_MAGIC = b"PAR1"
_MAX_FOOTER = 64 * 1024 * 1024

# The fields to keep, by their numbers in parquet.thrift: None for a number, and otherwise those of
# a structure or of each structure of a list.
_Wanted = Mapping[int, Any]
_COLUMN = {3: {7: None, 9: None, 11: None}}
_FOOTER: _Wanted = {4: {1: _COLUMN, 3: None}}
_PAGE: _Wanted = {1: None, 2: None, 3: None, 5: {1: None}, 7: {1: None}, 8: {1: None}}


@dataclass(frozen=True, slots=True)
class Chunk:
    """Where the pages of a column of a row group are, in bytes."""

    start: int
    length: int


@dataclass(frozen=True, slots=True)
class Group:
    """A row group: how many rows it has, and the chunk of each column."""

    rows: int
    chunks: tuple[Chunk, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a column.

    Attributes:
        dictionary: Whether it is that of the dictionary.
        size: Bytes that it has when it is decompressed.
        values: How many values it has.
    """

    dictionary: bool
    size: int
    values: int


def groups(file: IO[bytes], columns: int) -> list[Group]:
    """The row groups of a file; `columns` counts those of lists and structures one by one.

    Raises:
        ValueError: Its footer is damaged.
        OSError: The file cannot be read.
    """
    end = file.seek(0, os.SEEK_END)
    file.seek(max(0, end - 8))
    tail = file.read(8)
    length = int.from_bytes(tail[:4], "little")
    if tail[4:] != _MAGIC or length > min(_MAX_FOOTER, end - 8):
        raise ValueError("no footer")
    file.seek(end - 8 - length)
    data = _Compact(file.read(length))
    try:
        found = [_group(each, columns) for each in data.struct(_FOOTER).get(4, ())]
    except (IndexError, TypeError, KeyError, AttributeError) as error:
        raise ValueError("the footer is damaged") from error
    return found


def _group(fields: dict[int, Any], columns: int) -> Group:
    chunks = tuple(_chunk(each[3]) for each in fields[1])
    if len(chunks) != columns or not _is_size(fields[3]):
        raise KeyError
    return Group(fields[3], chunks)


def _chunk(fields: dict[int, Any]) -> Chunk:
    length, data, dictionary = fields[7], fields[9], fields.get(11)
    start = dictionary if dictionary and dictionary < data else data
    if not (_is_size(length) and _is_size(start)):
        raise KeyError
    return Chunk(start, length)


def pages(file: IO[bytes], chunk: Chunk) -> Iterator[Page]:
    """Yields the pages of a column of a row group.

    Raises:
        ValueError: There is no header of a page where one must be.
        OSError: The file cannot be read.
    """
    at = chunk.start
    while at < chunk.start + chunk.length:
        header, size = _header_at(file, at)
        kind, full, packed = (header.get(field) for field in (1, 2, 3))
        if not (isinstance(kind, int) and _is_size(full) and _is_size(packed)):
            raise ValueError(f"no header of a page at byte {at}")
        inner = header.get({0: 5, _DICTIONARY: 7, 3: 8}.get(kind, 0), {})
        values = inner.get(1, 0) if isinstance(inner, dict) else 0
        yield Page(kind == _DICTIONARY, full, values if isinstance(values, int) else 0)
        at += size + packed


def _is_size(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and value >= 0


def _header_at(file: IO[bytes], at: int) -> tuple[dict[int, Any], int]:
    """The fields of a header by their numbers, and how many bytes it has."""
    for most in (_SHORT_HEADER, _LONG_HEADER):
        file.seek(at)
        data = _Compact(file.read(most))
        try:
            return data.struct(_PAGE), data.at
        except IndexError:  # it is longer
            continue
    raise ValueError(f"no header of a page at byte {at}")


class _Compact:
    """Reads a structure of Thrift's compact protocol.

    https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.at = 0

    def struct(self, wanted: _Wanted, depth: int = 0) -> dict[int, Any]:
        """The fields of a structure that are wanted."""
        fields: dict[int, Any] = {}
        number = 0
        while head := self._byte():
            number = number + (head >> 4) if head >> 4 else self._signed()
            value = self._value(head & 15, wanted.get(number) or {}, depth, in_list=False)
            if number in wanted:
                fields[number] = value
        return fields

    def _value(self, kind: int, wanted: _Wanted, depth: int, *, in_list: bool) -> Any:
        if depth > _DEEPEST:  # of structures and of lists within lists
            raise ValueError("too deep")
        match kind:
            case 1 | 2:
                if in_list:
                    self._byte()
                return kind == 1
            case 3:
                return self._byte()
            case 4 | 5 | 6:
                return self._signed()
            case 7:
                return self._skip(8)
            case 8:
                return self._skip(self._unsigned())
            case 9 | 10:
                head = self._byte()
                count = self._unsigned() if head >> 4 == 15 else head >> 4
                each = (
                    self._value(head & 15, wanted, depth + 1, in_list=True) for _ in range(count)
                )
                return list(each) if wanted else deque(each, maxlen=0) or None
            case 12:
                return self.struct(wanted, depth + 1)
        raise ValueError(f"a field of type {kind}")

    def _byte(self) -> int:
        value = self._data[self.at]
        self.at += 1
        return value

    def _skip(self, count: int) -> None:
        self.at += count

    def _unsigned(self) -> int:
        value = shift = 0
        while True:
            byte = self._byte()
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value
            if shift > 63:
                raise ValueError("a number that is too long")

    def _signed(self) -> int:
        value = self._unsigned()
        return (value >> 1) ^ -(value & 1)
