"""The output of a run: begun anew, or gone on with where it stopped."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from quoth.archive.journal import Journal, failures_path, ledger_path
from quoth.archive.ledger import Ledger, LedgerError, Progress
from quoth.archive.parquet import merge, merged_journal

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Output"]


class Output:
    """A file that rows go into, with its ledger and its failures beside it.

    Rows of a file that is written from its beginning to its end, such as JSON Lines, go into it at
    once. With a `schema` it is Parquet: rows go as JSON Lines into a journal beside it, and from
    there into the file when all articles were tried.

    Args:
        path: The file.
        of: What the run is of: input, options, form. A run goes on only if it is of the same.
        resume: Go on with what is there.
        overwrite: Begin anew, even if that destroys what an unfinished run has written.
        header: What a file of text begins with.
        schema: What a row of a Parquet file holds.

    Raises:
        LedgerError: What is there is unfinished, or not of the same run, or another process
            writes it.
        OSError: A file cannot be read or written.
    """

    def __init__(
        self,
        path: Path,
        of: Mapping[str, Any],
        *,
        resume: bool = False,
        overwrite: bool = False,
        header: bytes = b"",
        schema: pa.Schema | None = None,
    ) -> None:
        self._path = path
        self._schema = schema
        self._rows = path if schema is None else path.with_name(f"{path.name}.journal")
        self._ledger = self._opened(of, resume=resume, overwrite=overwrite)
        self._journal = Journal(self._rows, self._ledger, failures_path(path), header)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._journal.close()
        self._ledger.close()

    @property
    def progress(self) -> Progress:
        """What is done, what has failed, and what is open."""
        return self._ledger.progress

    @property
    def failures(self) -> Path:
        """Where failures are told."""
        return failures_path(self._path)

    def put(self, position: int, rows: bytes) -> None:
        """Writes the rows of an article; see `Journal.put`."""
        self._journal.put(position, rows)

    def fail(self, position: int, failure: Mapping[str, Any]) -> None:
        """Writes why an article failed; see `Journal.fail`."""
        self._journal.fail(position, failure)

    def finish(self) -> None:
        """All articles were tried: makes the file what it is to be.

        Raises:
            OSError: It cannot be written; the rows are still there, and resuming tries again.
        """
        self._journal.close()
        if self._schema is not None and not self._merged:
            progress = self.progress
            merge(
                self._path,
                self._rows,
                progress.end,
                self._schema,
                self._ledger.run,
                progress.journal,
            )
        self._ledger.finish()
        if self._schema is not None:
            self._rows.unlink(missing_ok=True)

    @property
    def _merged(self) -> bool:
        """Whether the Parquet file has all that the journal has."""
        return merged_journal(self._path, self._ledger.run) == self.progress.journal or (
            self.progress.journal > 0 and not self.progress.end
        )

    def _opened(self, of: Mapping[str, Any], *, resume: bool, overwrite: bool) -> Ledger:
        path = ledger_path(self._path)
        if not path.exists():
            if resume and self._path.exists():
                raise LedgerError(
                    f"{self._path}: there is no {path.name} beside it that tells which articles it "
                    "has; begin anew with --overwrite"
                )
            return Ledger.create(path, of)
        if overwrite:
            return Ledger.create(path, of)
        ledger = Ledger.open(path)
        try:
            merged = -1 if self._schema is None else merged_journal(self._path, ledger.run)
            ledger.recover(self._rows.stat().st_size if self._rows.exists() else 0, merged)
            if resume:
                self._check(ledger, of, merged)
                if self._schema is not None and merged == ledger.progress.journal:
                    ledger.begin_journal()  # what comes is put behind it
                return ledger
            if ledger.progress.high and not ledger.progress.finished:
                raise LedgerError(
                    f"{self._path}: an unfinished run has {ledger.progress.done:,} articles in "
                    "it; go on with it by --resume, or begin anew with --overwrite"
                )
        except BaseException:
            ledger.close()
            raise
        ledger.close()
        return Ledger.create(path, of)

    def _check(self, ledger: Ledger, of: Mapping[str, Any], merged: int) -> None:
        for key in sorted(set(of) | set(ledger.of)):
            if of.get(key) != ledger.of.get(key):
                raise LedgerError(
                    f"{self._path}: was begun with {key} {ledger.of.get(key)}, and now it is "
                    f"{of.get(key)}; go on with what it was begun with, or begin anew with "
                    "--overwrite"
                )
        progress = ledger.progress
        needed = progress.journal - (0 if progress.finished and progress.end else 1)
        if self._schema is not None and merged < needed:
            raise LedgerError(
                f"{self._path}: is missing, or not what its ledger is of; begin anew with "
                "--overwrite"
            )
