"""An archive that is open: its statements by number, by question, by likeness to a quotation."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from quoth_server.archive import sources, store
from quoth_server.archive.columns import Columns
from quoth_server.archive.errors import BadArchive
from quoth_server.archive.index import Index
from quoth_server.archive.question import Order, Question
from quoth_server.archive.rows import Rows
from quoth_server.archive.statement import Statement
from quoth_server.archive.store import Stored

__all__ = ["Archive", "View"]


@dataclass(frozen=True, slots=True)
class View:
    """An archive as it was at one time; what is added later is not part of it.

    Attributes:
        stored: What it was read from.
        rows: The statements by their numbers, which stay the same while it is only added to.
        index: Their words.
    """

    stored: Stored
    rows: Rows
    index: Index
    _columns: list[Columns] = field(default_factory=list, repr=False, compare=False)

    @classmethod
    def of(cls, stored: Stored) -> View:
        """What is stored, opened.

        Raises:
            BadArchive: It is damaged.
        """
        rows, index = stored.rows(), stored.words()
        if not len(rows) == len(index) == stored.statements:
            raise BadArchive(
                f"{stored.folder}: the index is damaged; remove this folder to rebuild it"
            )
        return cls(stored, rows, index)

    @property
    def generation(self) -> str:
        """A name that changes when numbers may."""
        return self.stored.folder.name

    def search(
        self, question: Question, order: Order, *, limit: int, offset: int = 0
    ) -> tuple[list[Statement], int]:
        """The statements that are asked for, in order, and how many there are in all.

        Raises:
            BadQuestion: A text has no word.
        """
        numbers, total = self.index.search(question, order, limit=limit, offset=offset)
        return [self.rows.statement(number) for number in numbers], total

    def numbers(self, question: Question) -> list[int]:
        """The numbers of all statements that are asked for.

        Raises:
            BadQuestion: A text has no word.
        """
        return self.index.search(question, Order.ARCHIVE, limit=max(1, len(self.rows)))[0]

    def columns(self) -> Columns:
        """What statements are counted by; read once."""
        if not self._columns:
            self._columns.append(Columns.of(self.rows))
        return self._columns[0]

    def each(self) -> Iterator[Statement]:
        """Yields all statements."""
        return self.rows.each()


class Archive:
    """What `quoth bulk` wrote, opened for questions.

    It may be used by several threads.

    Args:
        path: A Parquet file, or a folder whose `*.parquet` at any depth are taken.
        index: The folder of the index; beside the archive if it is not given.

    Raises:
        BadArchive: The archive cannot be read, or the index cannot be written.
    """

    def __init__(self, path: Path, index: Path | None = None) -> None:
        self.path = path
        self._folder = index or store.folder_of(path)
        self._refreshing = threading.Lock()
        self._view = View.of(store.updated(path, self._folder))

    @property
    def view(self) -> View:
        """The archive as it was when it was read last."""
        return self._view

    def is_current(self) -> bool:
        """Whether the archive is still as it was when it was read last.

        Raises:
            BadArchive: It is gone.
        """
        return self._view.stored.is_of(sources.found(self.path))

    def refresh(self) -> bool:
        """Reads what is new; whether anything is.

        Raises:
            BadArchive: It cannot be read; what was read before still answers.
        """
        with self._refreshing:
            made = store.updated(self.path, self._folder)
            if made == self._view.stored:
                return False
            self._view = View.of(made)
            return True
