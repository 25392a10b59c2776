"""Rows on their way into an output, and the names of the files beside it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from quoth_cli.bulk.beside import LedgerError
from quoth_cli.table.rows import Row

__all__ = ["damaged", "failures_path", "ledger_path", "lock_path", "rows_of"]


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
