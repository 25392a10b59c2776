"""From a journal of rows in JSON Lines to a workbook."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

from quoth_cli.bulk.beside import LedgerError, replacing
from quoth_cli.bulk.journal import rows_of
from quoth_cli.bulk.ledger import NOTHING, Merged
from quoth_cli.bulk.output import Target
from quoth_cli.formats.xlsx import Workbook

__all__ = ["XlsxTarget"]

_PROPERTIES = "docProps/custom.xml"
_PROPERTY = re.compile(r'name="quoth\.(run|journal|end)"[^>]*><vt:lpwstr>([^<]*)</vt:lpwstr>')
_LONGEST = 64 * 1024


@dataclass(frozen=True, slots=True)
class XlsxTarget(Target):
    """Makes a workbook.

    Attributes:
        columns: The columns of a row that it has.
    """

    columns: tuple[str, ...]

    def merged(self, path: Path, run: str) -> Merged:
        """See `Target`."""
        try:
            with zipfile.ZipFile(path) as book, book.open(_PROPERTIES) as part:
                told = dict(_PROPERTY.findall(part.read(_LONGEST).decode("utf-8", "replace")))
        except (FileNotFoundError, zipfile.BadZipFile, KeyError):  # so not this run's
            return NOTHING
        if told.get("run") != run:
            return NOTHING
        return Merged(int(told["journal"]), int(told["end"]))

    def merge(self, path: Path, journal: Path, end: int, run: str, number: int) -> None:
        """See `Target`; a workbook is written once, so nothing can be put behind its rows."""
        if number and self.merged(path, run).journal >= 0:
            raise LedgerError(
                f"{path}: nothing can be added to a workbook; write it again with --overwrite, or "
                "write .parquet and then: quoth search OUT.parquet -o OUT.xlsx"
            )
        told = {"quoth.run": run, "quoth.journal": str(number), "quoth.end": str(end)}
        with replacing(path) as file:
            book = Workbook(file, self.columns, properties=told)
            book.add(rows_of(journal, end))
            book.close()
