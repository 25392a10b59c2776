"""Files that are one article each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from quoth.archive.readers.base import BadRow, Record
from quoth.cli.exits import Failure
from quoth.cli.inputs import read_text

__all__ = ["PlainText"]


class PlainText:
    """Reads a file of plain text as one article; its name is the id."""

    def __init__(self, path: Path, place: str, name: str) -> None:
        self._path = path
        self._place = place
        self._name = name
        self.count = 0

    def records(self, first: int) -> Iterator[Record]:
        """See `Reader`."""
        del first
        self.count += 1
        yield Record(self._place, self._name, partial(_fields_of, self._path))

    @property
    def taken(self) -> int:
        """See `Reader`."""
        return self._path.stat().st_size if self.count else 0


def _fields_of(path: Path) -> Mapping[str, Any]:
    try:
        return {"text": read_text(str(path))}
    except Failure as failure:
        raise BadRow(str(failure).removeprefix(f"{path}: ")) from failure
