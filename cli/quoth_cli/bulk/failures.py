"""The file of failures beside an output: which articles failed, and why."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from quoth_cli.bulk.beside import check_there, opened, replacing, write_all

__all__ = ["Failures"]


class Failures:
    """A line for each time that an article failed.

    Args:
        path: The file.
        failed: The positions that failed so far; other lines are swept out.

    Raises:
        LedgerError: The file is a link.
        OSError: It cannot be opened.
    """

    def __init__(self, path: Path, failed: Collection[int]) -> None:
        self._path = path
        self._sweep(failed)
        # Those that are tried again have a line of each time until the file is swept again.
        self._swept = not failed
        self._file = opened(path, make=True, append=True)

    def add(self, failure: Mapping[str, Any]) -> None:
        """Writes a line.

        Raises:
            OSError: It cannot be written.
        """
        # Names here may come from an input and not be valid text; escaped, this is still JSON.
        line = json.dumps(failure, ensure_ascii=False).encode("utf-8", "backslashreplace")
        write_all(self._file.write, line + b"\n")

    def check(self) -> None:
        """See `check_there`."""
        check_there(self._path, os.fstat(self._file.fileno()))

    def sync(self) -> None:
        """Makes the lines last even if the machine loses its power."""
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """Closes the file."""
        self._file.close()

    def settle(self, failed: Collection[int]) -> None:
        """Leaves each failure once, and no file where there is none."""
        if not (self._swept and failed):
            self._sweep(failed)

    def _sweep(self, failed: Collection[int]) -> None:
        """Leaves the last line of each position that has failed."""
        if not failed:
            self._path.unlink(missing_ok=True)
            return
        if not self._path.exists():
            return
        last: dict[int, int] = {}
        with self._path.open("rb") as old:
            for number, line in enumerate(old):
                if (position := _position(line)) in failed:
                    last[position] = number
        with self._path.open("rb") as old, replacing(self._path) as new:
            for number, line in enumerate(old):
                if last.get(_position(line)) == number:
                    new.write(line)


def _position(line: bytes) -> int:
    """The position that a line is of; -1 for a line that was cut off."""
    try:
        position = json.loads(line)["position"]
    except (ValueError, TypeError, KeyError):
        return -1
    return position if isinstance(position, int) and line.endswith(b"\n") else -1
