"""How large the pages of a Parquet file are: what reading them takes, told before they are read.

A page is decompressed as a whole, and a few bytes may become gigabytes. What the footer of a file
says of that need not be true; the header of a page must be, or the page cannot be read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

__all__ = ["Page", "pages"]

# The statistics in a header may have long texts.
_SHORT_HEADER = 4 * 1024
_LONG_HEADER = 1024 * 1024
_DICTIONARY = 2
_DEEPEST = 16


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


def pages(file: IO[bytes], start: int, length: int) -> Iterator[Page]:
    """Yields the pages of a chunk of a column.

    Args:
        file: The file.
        start: Where the chunk begins.
        length: How many bytes it has.

    Raises:
        ValueError: There is no header of a page where one must be.
        OSError: The file cannot be read.
    """
    at = start
    while at < start + length:
        header, size = _header_at(file, at)
        kind, full, packed = (header.get(field) for field in (1, 2, 3))
        if not (isinstance(kind, int) and _is_size(full) and _is_size(packed)):
            raise ValueError(f"no header of a page at byte {at}")
        inner = header.get({0: 5, _DICTIONARY: 7, 3: 8}.get(kind, 0), {})
        values = inner.get(1, 0) if isinstance(inner, dict) else 0
        yield Page(kind == _DICTIONARY, full, values if isinstance(values, int) else 0)
        at += size + packed


def _is_size(value: Any) -> bool:
    return isinstance(value, int) and value >= 0


def _header_at(file: IO[bytes], at: int) -> tuple[dict[int, Any], int]:
    """The fields of a header by their numbers, and how many bytes it has."""
    for most in (_SHORT_HEADER, _LONG_HEADER):
        file.seek(at)
        data = _Compact(file.read(most))
        try:
            return data.struct(), data.at
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

    def struct(self, depth: int = 0) -> dict[int, Any]:
        """The fields of a structure, texts and lists left out."""
        if depth > _DEEPEST:
            raise ValueError("no header of a page: too deep")
        fields: dict[int, Any] = {}
        number = 0
        while head := self._byte():
            number = number + (head >> 4) if head >> 4 else self._signed()
            fields[number] = self._value(head & 15, depth, in_list=False)
        return fields

    def _value(self, kind: int, depth: int, *, in_list: bool) -> Any:
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
                for _ in range(count):
                    self._value(head & 15, depth + 1, in_list=True)
                return None
            case 12:
                return self.struct(depth + 1)
        raise ValueError(f"no header of a page: a field of type {kind}")

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
                raise ValueError("no header of a page: a number that is too long")

    def _signed(self) -> int:
        value = self._unsigned()
        return (value >> 1) ^ -(value & 1)
