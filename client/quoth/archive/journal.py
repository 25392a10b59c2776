"""Rows on their way into an output: a file that grows, its ledger, and the file of failures."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from quoth.archive.ledger import Ledger
from quoth.archive.rows import Row

__all__ = ["Journal", "failures_path", "ledger_path", "rows_of"]

_SYNC_SECONDS = 5.0


def ledger_path(output: Path) -> Path:
    """Where the ledger of an output is."""
    return output.with_name(f"{output.name}.ledger")


def failures_path(output: Path) -> Path:
    """Where the failures of an output are told."""
    return output.with_name(f"{output.name}.failures.jsonl")


def rows_of(path: Path, end: int) -> Iterator[Row]:
    """The rows of a journal, an object a line, up to a byte of it."""
    read = 0
    with path.open("rb") as file:
        while read < end:
            line = file.readline()
            read += len(line)
            yield json.loads(line)


class Journal:
    """Takes the rows of articles; each article is there as a whole or not at all.

    What was put survives the end of the process at once, and that of the machine after some
    seconds.

    Args:
        path: The file of rows; what the ledger does not know of is cut off.
        ledger: The ledger, replayed.
        failures: The file of failures.
        header: What stands at the beginning of the file of rows.
    """

    def __init__(self, path: Path, ledger: Ledger, failures: Path, header: bytes = b"") -> None:
        self._path = path
        self._ledger = ledger
        self._failures_path = failures
        self._file = path.open("r+b" if path.exists() else "x+b", buffering=0)
        self._end = ledger.progress.end
        self._file.truncate(self._end)
        self._file.seek(self._end)
        if not self._end:
            self._append(header)
        self._sweep()
        # Failures that are tried again have a line of each time until the file is swept again.
        self._swept = not ledger.progress.failed
        self._failures = failures.open("ab", buffering=0)
        self._synced = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def end(self) -> int:
        """Where the rows of the last article end."""
        return self._ledger.progress.end

    def put(self, position: int, rows: bytes) -> None:
        """Writes the rows of an article.

        Raises:
            OSError: They cannot be written; the article is not done then.
        """
        self._append(rows)
        self._ledger.done(position, self._end)
        self._sync_now_and_then()

    def fail(self, position: int, failure: Mapping[str, Any]) -> None:
        """Writes why an article failed.

        Raises:
            OSError: It cannot be written.
        """
        # What is no valid text in an input may be named here; escaped, it is JSON still.
        line = json.dumps(failure, ensure_ascii=False).encode("utf-8", "backslashreplace")
        _write(self._failures, line + b"\n")
        self._ledger.failed(position)
        self._sync_now_and_then()

    def sync(self) -> None:
        """Makes all that was put last even if the machine loses its power."""
        os.fsync(self._file.fileno())
        os.fsync(self._failures.fileno())
        self._ledger.sync()
        self._synced = time.monotonic()

    def close(self) -> None:
        """Makes all last, with each failure once in its file, and no file where there is none."""
        if self._file.closed:
            return
        if self.end:  # an interruption may have come between rows and their record
            self._file.truncate(self.end)
        self.sync()
        self._file.close()
        self._failures.close()
        if not (self._swept and self._ledger.progress.failed):
            self._sweep()

    def _append(self, data: bytes) -> None:
        _write(self._file, data)
        self._end += len(data)

    def _sync_now_and_then(self) -> None:
        if time.monotonic() - self._synced > _SYNC_SECONDS:
            self.sync()

    def _sweep(self) -> None:
        """Leaves in the file of failures the last line of each position that has failed."""
        failed = self._ledger.progress.failed
        if not failed:
            self._failures_path.unlink(missing_ok=True)
            return
        if not self._failures_path.exists():
            return
        last: dict[int, int] = {}
        with self._failures_path.open("rb") as old:
            for number, line in enumerate(old):
                if (position := _position(line)) in failed:
                    last[position] = number
        kept = self._failures_path.with_name(f"{self._failures_path.name}.new")
        with self._failures_path.open("rb") as old, kept.open("wb") as new:
            for number, line in enumerate(old):
                if last.get(_position(line)) == number:
                    new.write(line)
            new.flush()
            os.fsync(new.fileno())
        kept.replace(self._failures_path)


def _position(line: bytes) -> int:
    """The position that a line of failures is of; -1 for a line that was cut off."""
    try:
        position = json.loads(line)["position"]
    except (ValueError, TypeError, KeyError):
        return -1
    return position if isinstance(position, int) and line.endswith(b"\n") else -1


def _write(file: IO[bytes], data: bytes) -> None:
    """Writes all of it: a file without a buffer may take a part."""
    left = memoryview(data)
    while left:
        left = left[file.write(left) :]
