"""The elements of a JSON array one by one, with memory for one of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO

from quoth_cli.readers.base import Unreadable
from quoth_cli.readers.streams import MAX_BYTES, reading

__all__ = ["begins_array", "elements"]

_CHUNK = 64 * 1024
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_MARKS = re.compile(rb'["\[\]{},]')
_IN_TEXT = re.compile(rb'["\\]')


def begins_array(start: bytes) -> bool:
    """Whether a file that starts so is an array, and not a line for each object."""
    return start.removeprefix(_BYTE_ORDER_MARK).lstrip().startswith(b"[")


def elements(file: IO[bytes], place: str) -> Iterator[bytes | None]:
    """Yields each element of the array that a file is, as JSON that is not looked into yet.

    None stands for an element that is longer than `MAX_BYTES`.

    Raises:
        Unreadable: The file cannot be read any further, ends before the array, or goes on.
    """
    scan = _Scan()
    while not scan.ended:
        with reading(place):
            chunk = file.read(_CHUNK)
        if not chunk:
            raise Unreadable(f"{place}: ends before its array does; get the file again")
        yield from scan.feed(chunk)
    rest = scan.rest
    while not rest.strip():
        with reading(place):
            rest = file.read(_CHUNK)
        if not rest:
            return
    raise Unreadable(
        f"{place}: continues after its array; make it one array, or one object per line"
    )


class _Scan:
    """Where in an array the bytes are that come next.

    Attributes:
        ended: Whether the array is at its end.
        rest: What stands behind it.
    """

    def __init__(self) -> None:
        self.ended = False
        self.rest = b""
        self._depth = 0
        self._in_text = False
        self._escaped = False
        self._parts: list[bytes] = []
        self._size = 0

    def feed(self, chunk: bytes) -> Iterator[bytes | None]:
        """Takes what comes next, and yields the elements that it ends."""
        begin = at = 0
        while True:
            if self._escaped:
                if at >= len(chunk):
                    break
                self._escaped = False
                at += 1
            found = (_IN_TEXT if self._in_text else _MARKS).search(chunk, at)
            if not found:
                break
            at = found.end()
            match found[0]:
                case b'"':
                    self._in_text = not self._in_text
                case b"\\":
                    self._escaped = True
                case b"[" | b"{":
                    self._depth += 1
                    if self._depth == 1:
                        begin = at  # of the first element
                case b"," if self._depth == 1:
                    self._keep(chunk[begin : at - 1])
                    yield self._taken()
                    begin = at
                case b"]" | b"}":
                    self._depth -= 1
                    if self._depth == 0:
                        self._keep(chunk[begin : at - 1])
                        self.ended, self.rest = True, chunk[at:]
                        last = self._taken()
                        # An array without elements has none, and a last comma makes none.
                        if last is None or last.strip():
                            yield last
                        return
        if self._depth:
            self._keep(chunk[begin:])

    def _keep(self, part: bytes) -> None:
        self._size += len(part)
        if self._size > MAX_BYTES:
            self._parts.clear()
        else:
            self._parts.append(part)

    def _taken(self) -> bytes | None:
        """What was kept of an element that ends."""
        element = b"".join(self._parts) if self._size <= MAX_BYTES else None
        self._parts.clear()
        self._size = 0
        return element
