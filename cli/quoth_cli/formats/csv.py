"""CSV output: a row a statement, the rows of `quoth bulk`."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from typing import Any, TextIO

from quoth.v1 import Article, AttributeQuotesResponse
from quoth_cli.table.rows import ArticleMeta, Row, statement_rows
from quoth_cli.table.schema import Rows, fields_of_rows

__all__ = ["CsvRenderer", "write_header", "write_rows"]


def write_header(out: TextIO, *, with_text: bool = False) -> None:
    """Writes the names of the columns."""
    csv.writer(out).writerow(
        name for name, _, _ in fields_of_rows(Rows.STATEMENTS, with_text=with_text)
    )


def write_rows(rows: Iterable[Row], out: TextIO) -> None:
    """Writes rows of statements, as RFC 4180 has it: quotes where needed, CRLF after a row.

    Values are exact: a text that a spreadsheet would take for a formula is not changed.
    """
    csv.writer(out).writerows([_cell(value) for value in row.values()] for row in rows)
    out.flush()


def _cell(value: Any) -> Any:
    """A value as a cell: lists as JSON, nothing for what does not hold."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value


class CsvRenderer:
    """Writes a row for each statement, under a row of names."""

    def __init__(self, out: TextIO, *, with_text: bool = False) -> None:
        self._out = out
        self._with_text = with_text
        self._articles: int | None = None

    def write(self, meta: ArticleMeta, article: Article, response: AttributeQuotesResponse) -> None:
        """Writes the rows of one article."""
        if self._articles is None:
            # What comes by standard input is not known to be a page before.
            self._begin(self._with_text or meta.extracted)
        rows = statement_rows(
            self._articles or 0, meta, response, article.body, with_text=self._with_text
        )
        write_rows(rows, self._out)
        self._articles = (self._articles or 0) + 1

    def close(self) -> None:
        """Writes the row of names if there was no article."""
        if self._articles is None:
            self._begin(self._with_text)

    def _begin(self, with_text: bool) -> None:
        self._with_text = with_text
        self._articles = 0
        write_header(self._out, with_text=with_text)
