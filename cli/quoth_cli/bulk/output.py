"""The output of a run: started over, or resumed where it stopped."""

from __future__ import annotations

import abc
import contextlib
import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from quoth_cli.bulk.beside import LedgerError, Lock, check_there, hold, is_at, opened, write_all
from quoth_cli.bulk.failures import Failures
from quoth_cli.bulk.journal import damaged, failures_path, ledger_path, lock_path
from quoth_cli.bulk.ledger import NOTHING, Ledger, Merged, Progress

__all__ = ["Output", "Target"]

_SYNC_SECONDS = 5.0


class Target(abc.ABC):
    """What is made of the rows of a journal when all articles were tried."""

    def check(self, path: Path) -> None:  # noqa: B027  (most files may be replaced)
        """Refuses what is at a path if a run that begins must not replace it.

        Raises:
            LedgerError: It must not.
        """

    @abc.abstractmethod
    def merged(self, path: Path, run: str) -> Merged:
        """What it has of the rows of a run.

        Raises:
            LedgerError: What tells that is damaged.
            OSError: It cannot be read.
        """

    @abc.abstractmethod
    def merge(self, path: Path, journal: Path, end: int, run: str, number: int) -> None:
        """Puts the rows of a journal into it, behind those that it has of the same run.

        It tells what it has: an interruption leaves what was there, or the new one.

        Args:
            path: It, which may be there or not.
            journal: The rows, an object a line.
            end: Where they end in the journal.
            run: The name of the run.
            number: That of the journal.

        Raises:
            LedgerError: It cannot have these rows too.
            OSError: A file cannot be read or written.
        """


class Output:
    """A file that rows go into, with its ledger and its failures beside it.

    Rows of a file that is written from its beginning to its end, such as JSON Lines, go into it at
    once. With a `target`, such as Parquet, rows go as JSON Lines into a journal beside it, and from
    there into the target when all articles were tried.

    Args:
        path: The file, or the folder of a target that is one.
        of: What the run is of: input, options, form. A run goes on only if it is of the same.
        resume: Continue what is there.
        overwrite: Start over, even if that destroys what an unfinished run has written.
        header: What a file of text begins with.
        target: What is made of the rows in the end.

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
        target: Target | None = None,
    ) -> None:
        self._path = path
        self._target = target
        self._rows = path if target is None else path.with_name(f"{path.name}.journal")
        self._lock = Lock(lock_path(path))
        with contextlib.ExitStack() as opening:
            opening.callback(self._lock.release)
            self._ledger = self._opened(of, resume=resume, overwrite=overwrite)
            opening.callback(self._ledger.close)
            # A file that the user names may be a link, which is meant then.
            self._file = opened(path.resolve() if target is None else self._rows, make=True)
            opening.callback(self._file.close)
            hold(self._file, self._rows)
            self._written = os.fstat(self._file.fileno())
            self._end = self.progress.end
            self._file.truncate(self._end)
            self._file.seek(self._end)
            if not self._end:
                self._append(header)
            self._failures = Failures(failures_path(path), self.progress.failed)
            self._synced = time.monotonic()
            opening.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Makes all last, and lets another run have it.

        Raises:
            OSError: A file cannot be written, or was removed.
        """
        with contextlib.ExitStack() as closing:
            closing.callback(self._lock.release)
            closing.callback(self._ledger.close)
            self._close_rows()

    @property
    def progress(self) -> Progress:
        """What is done, what has failed, and what is open."""
        return self._ledger.progress

    @property
    def there(self) -> bool:
        """Whether what was put can be found; not so if somebody has removed it."""
        return is_at(self._rows, self._written)

    @property
    def failures(self) -> Path:
        """The file that lists failures."""
        return failures_path(self._path)

    def put(self, position: int, rows: bytes) -> None:
        """Writes the rows of an article, which is there as a whole or not at all.

        They survive the end of the process at once, and that of the machine after some seconds.

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
        self._failures.add(failure)
        self._ledger.failed(position)
        self._sync_now_and_then()

    def _append(self, data: bytes) -> None:
        write_all(self._file.write, data)
        self._end += len(data)

    def _sync_now_and_then(self) -> None:
        if time.monotonic() - self._synced > _SYNC_SECONDS:
            self._sync()

    def _sync(self) -> None:
        """Makes all that was put last even if the machine loses its power.

        Raises:
            OSError: It cannot be written, or a file was removed.
        """
        check_there(self._rows, self._written)
        self._failures.check()
        os.fsync(self._file.fileno())
        self._failures.sync()
        self._ledger.sync()
        self._synced = time.monotonic()

    def _close_rows(self) -> None:
        if self._file.closed:
            return
        if self.progress.end:  # an interruption may have come between rows and their record
            self._file.truncate(self.progress.end)
        try:
            self._sync()
        finally:
            self._file.close()
            self._failures.close()
        self._failures.settle(self.progress.failed)

    def finish(self) -> None:
        """All articles were tried: makes the file what it is to be.

        Raises:
            LedgerError: The journal is damaged.
            OSError: It cannot be written; the rows are still there, and resuming tries again.
        """
        self._close_rows()
        if self._target is not None and not self._merged:
            progress = self.progress
            try:
                self._target.merge(
                    self._path, self._rows, progress.end, self._ledger.run, progress.journal
                )
            except (ValueError, TypeError, KeyError) as error:
                # A row of another shape than was written.
                raise damaged(self._rows, error) from error
        self._ledger.finish()
        if self._target is not None:
            self._rows.unlink(missing_ok=True)

    @property
    def _merged(self) -> bool:
        """Whether the target has all that the journal has."""
        return self._merged_rows(self._ledger).journal == self.progress.journal or (
            self.progress.journal > 0 and not self.progress.end
        )

    def _merged_rows(self, ledger: Ledger) -> Merged:
        return NOTHING if self._target is None else self._target.merged(self._path, ledger.run)

    def _create(self, of: Mapping[str, Any]) -> Ledger:
        if self._target is not None:
            self._target.check(self._path)
        return Ledger.create(ledger_path(self._path), of)

    def _opened(self, of: Mapping[str, Any], *, resume: bool, overwrite: bool) -> Ledger:
        path = ledger_path(self._path)
        if not path.exists():
            if resume and self._path.exists():
                raise LedgerError(
                    f"{self._path}: {path.name}, which lists its articles, is missing; start over "
                    "with --overwrite"
                )
            return self._create(of)
        if overwrite:
            return self._create(of)
        ledger = Ledger.open(path)
        try:
            merged = self._merged_rows(ledger)
            ledger.recover(self._rows.stat().st_size if self._rows.exists() else 0, merged)
            if resume:
                self._check(ledger, of, merged)
                if self._target is not None and merged.journal == ledger.progress.journal:
                    ledger.begin_journal()  # what comes is put behind it
                return ledger
            if ledger.progress.high and not ledger.progress.finished:
                raise LedgerError(
                    f"{self._path}: an unfinished run has {ledger.progress.done:,} articles in "
                    "it; resume it with --resume, or start over with --overwrite"
                )
        except BaseException:
            ledger.close()
            raise
        ledger.close()
        return self._create(of)

    def _check(self, ledger: Ledger, of: Mapping[str, Any], merged: Merged) -> None:
        for key in sorted(set(of) | set(ledger.of)):
            if of.get(key) != ledger.of.get(key):
                raise LedgerError(
                    f"{self._path}: was started with {key} {ledger.of.get(key)}, and now it is "
                    f"{of.get(key)}; resume it with the same, or start over with "
                    "--overwrite"
                )
        progress = ledger.progress
        needed = progress.journal - (0 if progress.finished and progress.end else 1)
        # A ledger that is older than the target knows nothing of rows that this has.
        known = Merged(progress.journal, progress.end)
        older = merged.journal >= progress.journal and merged != known
        if self._target is not None and (merged.journal < needed or older):
            raise LedgerError(
                f"{self._path}: is missing, or does not match its ledger; start over with "
                "--overwrite"
            )
