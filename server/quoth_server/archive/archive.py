"""An archive that is open: its statements by number, by question, by likeness to a quotation."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from quoth_server.archive import store
from quoth_server.archive.columns import Columns
from quoth_server.archive.errors import BadArchive
from quoth_server.archive.index import Index
from quoth_server.archive.question import Order, Question
from quoth_server.archive.rows import Rows
from quoth_server.archive.store import Stored

__all__ = ["View", "opened"]


@dataclass(frozen=True)
class View:
    """An archive as it was at one time; what is added later is not part of it.

    It may be used by several threads. The numbers of its rows stay the same while it is only added
    to.
    """

    stored: Stored
    rows: Rows
    index: Index

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

    def numbers(self, question: Question) -> list[int]:
        """The numbers of all statements that are asked for.

        Raises:
            BadQuestion: A text has no word.
        """
        return self.index.search(question, Order.ARCHIVE, limit=max(1, len(self.rows)))[0]

    @cached_property
    def columns(self) -> Columns:
        """What statements are counted by; read once."""
        return Columns.of(self.rows)


def opened(path: Path, index: Path | None = None) -> View:
    """What `quoth bulk` wrote, as it is now; its index is made first where it is not current.

    Args:
        path: A Parquet file, or a folder whose `*.parquet` at any depth are taken.
        index: The folder of the index; beside the archive if it is not given.

    Raises:
        BadArchive: The archive cannot be read, or the index cannot be written.
    """
    return View.of(store.updated(path, index or store.folder_of(path)))
