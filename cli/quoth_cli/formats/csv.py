"""CSV output: a row a statement, for spreadsheets and for programs."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Sequence
from typing import Any, TextIO

from quoth.v1 import Article, AttributeQuotesResponse
from quoth_cli.formats.renderer import Renderer
from quoth_cli.table.columns import TableOptions
from quoth_cli.table.rows import ArticleMeta, Row, statement_rows

__all__ = [
    "BYTE_ORDER_MARK",
    "CsvRenderer",
    "cell",
    "harmless",
    "shown_cell",
    "write_header",
    "write_rows",
]

BYTE_ORDER_MARK = "\ufeff"
# What spreadsheets take for the beginning of a formula. They pass over blanks before it.
_FORMULA = re.compile(r"\s*[=+\-@]\s*\S|[\t\r]")


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula: one that could be has an apostrophe first."""
    return f"'{text}" if _FORMULA.match(text) else text


def cell(value: Any) -> Any:
    """A value as a cell: lists as JSON, None for what does not hold."""
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    return value


def write_header(out: TextIO, columns: Sequence[str], *, bom: bool = False) -> None:
    """Writes the names of the columns, behind a byte order mark if that is asked for."""
    if bom:
        out.write(BYTE_ORDER_MARK)
    csv.writer(out).writerow(map(harmless, columns))


def write_rows(rows: Iterable[Row], out: TextIO, columns: Sequence[str]) -> None:
    """Writes rows of statements, as RFC 4180 has it: quotes where needed, CRLF after a row."""
    csv.writer(out).writerows([shown_cell(row.get(name)) for name in columns] for row in rows)
    out.flush()


def shown_cell(value: Any) -> Any:
    """A value as a cell that no spreadsheet takes for a formula."""
    plain = cell(value)
    return harmless(plain) if isinstance(plain, str) else plain


class CsvRenderer(Renderer):
    """Writes a row for each statement, under a row of names."""

    def __init__(self, out: TextIO, table: TableOptions, *, with_text: bool = False) -> None:
        self._out = out
        self._columns = table.names(with_text=with_text)
        self._articles = 0
        write_header(out, self._columns, bom=table.bom)

    def write(self, meta: ArticleMeta, article: Article, response: AttributeQuotesResponse) -> None:
        """Writes the rows of one article."""
        rows = statement_rows(self._articles, meta, response, article.body, with_text=True)
        write_rows(rows, self._out, self._columns)
        self._articles += 1
