"""From a journal to a folder of files, for formats that are not tables."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from quoth_cli.bulk.beside import LedgerError
from quoth_cli.bulk.journal import rows_of
from quoth_cli.bulk.ledger import NOTHING, Merged
from quoth_cli.bulk.output import Target
from quoth_cli.files import replace
from quoth_cli.table.rows import Row

__all__ = ["FolderTarget"]

_MARKER = ".quoth.json"


@dataclass(frozen=True, slots=True)
class FolderTarget(Target):
    """Makes the files of a folder of the rows of a journal.

    Attributes:
        write: Writes the files of rows into a folder. The number is that of the journal: with each
            the files must have other names. Writing the same again must give the same files.
    """

    write: Callable[[Path, int, Iterator[Row]], None]

    def check(self, path: Path) -> None:
        """See `Target`; refuses a file, and a folder that quoth has not made and is not empty."""
        made = not path.exists() or (path / _MARKER).exists()
        if not made and not (path.is_dir() and not any(path.iterdir())):
            raise LedgerError(f"{path}: is not a folder made by quoth; name a new one with -o")

    def merged(self, path: Path, run: str) -> Merged:
        """See `Target`."""
        marker = path / _MARKER
        try:
            told = json.loads(marker.read_text(encoding="utf-8"))
            return Merged(told["journal"], told["end"]) if told["run"] == run else NOTHING
        except FileNotFoundError:
            return NOTHING
        except (ValueError, TypeError, KeyError) as error:
            raise LedgerError(f"{marker}: damaged; remove {path} and start over") from error

    def merge(self, path: Path, journal: Path, end: int, run: str, number: int) -> None:
        """See `Target`; the marker comes last: after an interruption all is written again."""
        folder = path
        if not number or self.merged(path, run).journal != number - 1:
            folder = path.with_name(f"{path.name}.new")
            shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
        self.write(folder, number, rows_of(journal, end))
        replace(folder / _MARKER, json.dumps({"run": run, "journal": number, "end": end}))
        if folder != path:
            if path.exists():
                shutil.rmtree(path)
            folder.replace(path)
