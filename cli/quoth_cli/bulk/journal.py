"""Rows on their way into an output: a file that grows, its ledger, and the file of failures."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from quoth_cli.bulk.beside import LedgerError, check_there, created, hold, opened
from quoth_cli.bulk.ledger import Ledger
from quoth_cli.table.rows import Row

__all__ = ["Journal", "damaged", "failures_path", "ledger_path", "lock_path", "rows_of"]

_SYNC_SECONDS = 5.0


def ledger_path(output: Path) -> Path:
    """Where the ledger of an output is."""
    return output.with_name(f"{output.name}.ledger")


def lock_path(output: Path) -> Path:
    """Where the lock of an output is, as long as a run writes it."""
    return output.with_name(f"{output.name}.lock")


def failures_path(output: Path) -> Path:
    """The file that lists the failures of an output."""
    return output.with_name(f"{output.name}.failures.jsonl")


def rows_of(path: Path, end: int) -> Iterator[Row]:
    """The rows of a journal, an object a line, up to a byte of it.

    Raises:
        LedgerError: The journal is not as it was written.
        OSError: It cannot be read.
    """
    read = 0
    with path.open("rb") as file:
        while read < end:
            line = file.readline()
            try:
                row = json.loads(line)
            except ValueError as error:
                raise damaged(path, f"line of byte {read:,}: {error}") from error
            if not isinstance(row, dict):
                raise damaged(path, f"line of byte {read:,}: no object")
            read += len(line)
            yield row


def damaged(path: Path, why: object) -> LedgerError:
    """What tells that a file is not as quoth wrote it."""
    return LedgerError(f"{path}: damaged ({why}); start over with --overwrite")


class Journal:
    """Takes the rows of articles; each article is there as a whole or not at all.

    What was put survives the end of the process at once, and that of the machine after some
    seconds.

    Args:
        path: The file of rows; what the ledger does not know of is cut off.
        ledger: The ledger, replayed.
        failures: The file of failures.
        header: What stands at the beginning of the file of rows.
        named: The file of rows was named by the user, who may mean what a link leads to.

    Raises:
        LedgerError: Another run writes the file of rows under another name, or a file is a link.
        OSError: A file cannot be opened.
    """

    def __init__(
        self,
        path: Path,
        ledger: Ledger,
        failures: Path,
        header: bytes = b"",
        *,
        named: bool = False,
    ) -> None:
        self._path = path
        self._ledger = ledger
        self._failures_path = failures
        self._file = opened(path.resolve() if named else path, make=True)
        try:
            hold(self._file, path)
            self._begin(header)
        except BaseException:
            self._file.close()
            raise

    def _begin(self, header: bytes) -> None:
        ledger = self._ledger
        self._written = os.fstat(self._file.fileno())
        self._end = ledger.progress.end
        self._file.truncate(self._end)
        self._file.seek(self._end)
        if not self._end:
            self._append(header)
        self._sweep()
        # Failures that are tried again have a line of each time until the file is swept again.
        self._swept = not ledger.progress.failed
        self._failures = opened(self._failures_path, make=True, append=True)
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
        # Names here may come from an input and not be valid text; escaped, this is still JSON.
        line = json.dumps(failure, ensure_ascii=False).encode("utf-8", "backslashreplace")
        _write(self._failures, line + b"\n")
        self._ledger.failed(position)
        self._sync_now_and_then()

    def sync(self) -> None:
        """Makes all that was put last even if the machine loses its power.

        Raises:
            OSError: It cannot be written, or a file was removed.
        """
        self.check()
        check_there(self._failures_path, os.fstat(self._failures.fileno()))
        os.fsync(self._file.fileno())
        os.fsync(self._failures.fileno())
        self._ledger.sync()
        self._synced = time.monotonic()

    def check(self) -> None:
        """Sees that what was put can be found.

        Raises:
            FileNotFoundError: The file of rows was removed or replaced.
        """
        check_there(self._path, self._written)

    def close(self) -> None:
        """Makes all last, with each failure once in its file, and no file where there is none."""
        if self._file.closed:
            return
        if self.end:  # an interruption may have come between rows and their record
            self._file.truncate(self.end)
        try:
            self.sync()
        finally:
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
        with self._failures_path.open("rb") as old, created(kept) as new:
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
