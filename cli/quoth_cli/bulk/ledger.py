r"""What an output holds, kept in a file beside it, so that any interruption loses nothing.

A ledger has lines of text: first a JSON object that says what the run is of, then records:

    J 2              rows go into journal 2 from here on; ends count from 0 again
    D 17 20480       article 17 is done; its rows end at byte 20480 of the journal
    F 18             article 18 failed
    E                all articles of the input were tried

A record is written after what it tells of, so what the journal has behind the last record is of
an article that was not finished: it is cut off, and the article is read again. In the same way a
record of bytes that the journal does not have (after a power loss) does not count.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from quoth_cli.bulk.beside import LedgerError, check_there, created, opened

__all__ = ["NOTHING", "Ledger", "LedgerError", "Merged", "Progress", "replay"]

_VERSION = 1


@dataclass(frozen=True, slots=True)
class Merged:
    """What a target has of the rows of a run: all of these and of the earlier journals.

    Attributes:
        journal: The number of the last journal; -1 if it has no rows.
        end: Where the rows that it has end in that journal.
    """

    journal: int
    end: int


NOTHING = Merged(-1, 0)
"""A target that has no rows of a run."""


@dataclass(slots=True)
class Progress:
    """What a ledger tells. Memory grows with the failures, not with the articles.

    Attributes:
        high: All articles that were tried are before this position.
        missing: Positions before `high` that are not done, the failed ones among them.
        failed: Positions that failed when they were last tried.
        journal: The number of the journal.
        end: Where the rows of the last article in the journal end.
        finished: Whether all articles of the input were tried.
        length: Bytes of the ledger that tell this.
    """

    high: int = 0
    missing: set[int] = field(default_factory=set)
    failed: set[int] = field(default_factory=set)
    journal: int = 0
    end: int = 0
    finished: bool = False
    length: int = 0

    @property
    def done(self) -> int:
        """How many articles are done."""
        return self.high - len(self.missing)

    @property
    def first_open(self) -> int:
        """The first position that is not done."""
        return min(self.missing, default=self.high)

    def is_done(self, position: int) -> bool:
        """Whether the rows of an article are in the output."""
        return position < self.high and position not in self.missing

    def note_done(self, position: int) -> None:
        """An article is done."""
        self._reach(position)
        self.missing.discard(position)
        self.failed.discard(position)

    def note_failed(self, position: int) -> None:
        """An article failed."""
        self._reach(position)
        self.missing.add(position)
        self.failed.add(position)

    def _reach(self, position: int) -> None:
        self.finished = False
        if position >= self.high:
            self.missing.update(range(self.high, position))
            self.high = position + 1


def replay(records: Iterable[bytes], size: int, merged: Merged) -> Progress:
    """What the records of a ledger tell.

    Args:
        records: Lines; the last one may be cut off.
        size: Bytes that the journal has.
        merged: Of these rows the journals need not be there any more.
    """
    progress = Progress()
    for line in records:
        if not line.endswith(b"\n"):
            break
        try:
            match line.decode("ascii").split():
                case ["D", position, end]:
                    if progress.journal > merged.journal and int(end) > size:
                        break
                    progress.note_done(int(position))
                    progress.end = int(end)
                case ["F", position]:
                    progress.note_failed(int(position))
                case ["J", journal]:
                    progress.journal = int(journal)
                    progress.end = 0
                case ["E"]:
                    progress.finished = True
                case _:
                    break
        except ValueError:
            break
        progress.length += len(line)
    return progress


class Ledger:
    """A ledger on the disk; whoever opens it holds the lock of its output.

    Attributes:
        of: What the run is of.
        run: A name that no other run has.
        progress: What the records tell.
    """

    def __init__(
        self, file: IO[bytes], path: Path, header: Mapping[str, Any], progress: Progress
    ) -> None:
        self.of: Mapping[str, Any] = header["of"]
        self.run: str = header["run"]
        self.progress = progress
        self._file = file
        self._path = path

    @classmethod
    def create(cls, path: Path, of: Mapping[str, Any]) -> Ledger:
        """Makes a new ledger, in place of one that may be there.

        Raises:
            OSError: The file cannot be written.
        """
        header = {"quoth_ledger": _VERSION, "run": os.urandom(8).hex(), "of": of}
        line = json.dumps(header, ensure_ascii=False).encode("utf-8", "backslashreplace")
        made = path.with_name(f"{path.name}.new")
        with created(made) as file:
            file.write(line + b"\n")
            file.flush()
            os.fsync(file.fileno())
        made.replace(path)
        ledger = cls.open(path)
        ledger._file.seek(0, os.SEEK_END)
        return ledger

    @classmethod
    def open(cls, path: Path) -> Ledger:
        """Opens a ledger whose records are still to be replayed with `recover`.

        Raises:
            LedgerError: It is not a ledger.
            OSError: The file cannot be read.
        """
        file = opened(path)
        try:
            header = _header(file, path)
        except BaseException:
            file.close()
            raise
        return cls(file, path, header, Progress())

    def recover(self, size: int, merged: Merged) -> None:
        """Replays the records and cuts off anything else; see `replay`."""
        self._file.seek(0)
        lines = _lines(self._file)
        start = len(next(lines))
        self.progress = replay(lines, size, merged)
        self._file.truncate(start + self.progress.length)
        self._file.seek(0, os.SEEK_END)

    def begin_journal(self) -> None:
        """From here on rows go into the next journal."""
        self.progress.journal += 1
        self.progress.end = 0
        self._append(b"J %d\n" % self.progress.journal)

    def done(self, position: int, end: int) -> None:
        """The rows of an article are in the journal, up to `end`."""
        self.progress.note_done(position)
        self.progress.end = end
        self._append(b"D %d %d\n" % (position, end))

    def failed(self, position: int) -> None:
        """An article failed."""
        self.progress.note_failed(position)
        self._append(b"F %d\n" % position)

    def finish(self) -> None:
        """All articles were tried."""
        if not self.progress.finished:
            self.progress.finished = True
            self._append(b"E\n")
        self.sync()

    def sync(self) -> None:
        """Makes the records last even if the machine loses its power.

        Raises:
            OSError: They cannot be written, or the file was removed.
        """
        check_there(self._path, os.fstat(self._file.fileno()))
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """Lets another process have it."""
        self._file.close()

    def _append(self, record: bytes) -> None:
        self._file.write(record)
        self.progress.length += len(record)


def _header(file: IO[bytes], path: Path) -> Mapping[str, Any]:
    header: Mapping[str, Any] = {}
    try:
        header = json.loads(next(_lines(file), b""))
        known = header["quoth_ledger"] == _VERSION and header["run"] and header["of"]
    except (ValueError, TypeError, KeyError):
        known = False
    if not known:
        raise LedgerError(f"{path}: not a ledger of this version of quoth; remove it")
    return header


def _lines(file: IO[bytes]) -> Iterator[bytes]:
    """The lines of a file without a buffer."""
    with open(file.fileno(), "rb", closefd=False) as buffered:
        buffered.seek(0)
        yield from buffered
