"""Workbooks for spreadsheets: a row a statement, under a row of names that stays in sight."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import IO, Any, BinaryIO

from quoth.v1 import Article, AttributeQuotesResponse
from quoth_cli.formats.csv import cell
from quoth_cli.formats.renderer import Renderer
from quoth_cli.outcome import say
from quoth_cli.table.columns import TableOptions
from quoth_cli.table.rows import ArticleMeta, Row, statement_rows

__all__ = ["Workbook", "XlsxRenderer"]

# The limits of the format: rows of a sheet, its names included, and characters of a cell.
_ROWS = 1_048_576
_CHARACTERS = 32_767
_CUT = "… [cut off]"
# Days before it are not told alike by all programs.
_FIRST_DAY = datetime.date(1900, 3, 1)
_DAYS = frozenset({"date", "published"})
# XML has none of these, and programs differ in how they read what stands for them.
_CONTROLS = {each: "\ufffd" for each in range(32) if chr(each) not in "\t\n\r"} | {13: "\n"}
_WIDTH = 14
_WIDTHS = {"content": 70, "text": 70, "speaker": 24, "role": 30, "title": 40, "article_id": 24}
_WRAPPED = frozenset({"speaker", "role", "content", "title", "text"})
# The same rows make the same file.
_MADE = datetime.datetime(2000, 1, 1)  # noqa: DTZ001  (the format has no time zones)


class Workbook:
    """A workbook that is written row by row, with little memory.

    Texts are always texts, whatever they begin with, and no address becomes a link. Days on which
    something was said or published are days, which sort and group as such; months and years stay
    texts. Lists are JSON. More rows than a sheet has go to a further one.

    Args:
        out: Where it goes when it is closed.
        columns: The names of the columns.
        properties: What the file tells of itself, by name.
    """

    def __init__(
        self,
        out: IO[bytes],
        columns: Sequence[str],
        *,
        properties: Mapping[str, str] | None = None,
        most_rows: int = _ROWS,
    ) -> None:
        import xlsxwriter

        self._book = xlsxwriter.Workbook(out, {"constant_memory": True})
        self._book.set_properties({"created": _MADE, "comments": "Made by quoth"})
        for name, value in (properties or {}).items():
            self._book.set_custom_property(name, value, "text")
        self._columns = columns
        self._most = most_rows
        self._head = self._book.add_format({"bold": True, "bottom": 1})
        self._looks = {
            wrapped: self._book.add_format({"valign": "top", "text_wrap": wrapped})
            for wrapped in (False, True)
        }
        self._day = self._book.add_format(
            {"valign": "top", "num_format": "yyyy-mm-dd", "align": "left"}
        )
        self._sheets = 0
        self._cut = 0
        self._begin()

    def add(self, rows: Iterable[Row]) -> None:
        """Adds rows, of which the columns are written."""
        for row in rows:
            if self._next == self._most:
                self._end()
                self._begin()
            for place, name in enumerate(self._columns):
                self._write(place, name, cell(row.get(name)))
            self._next += 1

    def close(self) -> None:
        """Writes the file, and says how many cells were too long for the format."""
        self._end()
        self._book.close()
        if self._cut:
            say(
                f"{self._cut:,} texts are longer than the {_CHARACTERS:,} characters that a cell "
                "holds, and end in “[cut off]”; CSV and Parquet hold them whole"
            )

    def _begin(self) -> None:
        self._sheets += 1
        name = "Statements" if self._sheets == 1 else f"Statements {self._sheets}"
        self._sheet = self._book.add_worksheet(name)
        self._sheet.freeze_panes(1, 0)
        for place, column in enumerate(self._columns):
            look = self._looks[column in _WRAPPED]
            self._sheet.set_column(place, place, _WIDTHS.get(column, _WIDTH), look)
            self._sheet.write_string(0, place, column, self._head)
        self._next = 1

    def _end(self) -> None:
        self._sheet.autofilter(0, 0, max(1, self._next - 1), max(0, len(self._columns) - 1))

    def _write(self, place: int, name: str, value: Any) -> None:
        if name in _DAYS and (day := _day_of(value)):
            self._sheet.write_datetime(self._next, place, day, self._day)
            return
        look = self._looks[name in _WRAPPED]
        match value:
            case None | "":
                return
            case int() | float() if not isinstance(value, bool) and math.isfinite(value):
                self._sheet.write_number(self._next, place, value, look)
            case _:
                self._sheet.write_string(self._next, place, self._fitting(str(value)), look)

    def _fitting(self, text: str) -> str:
        text = text.replace("\r\n", "\n").translate(_CONTROLS)
        # The format counts units of UTF-16.
        if len(text) <= _CHARACTERS // 2 or len(text.encode("utf-16-le")) // 2 <= _CHARACTERS:
            return text
        self._cut += 1
        kept = text.encode("utf-16-le")[: 2 * (_CHARACTERS - len(_CUT))]
        return kept.decode("utf-16-le", "ignore") + _CUT


def _day_of(value: Any) -> datetime.date | None:
    """The day that a value is, if spreadsheets have it."""
    try:
        day = datetime.datetime.strptime(str(value), "%Y-%m-%d").date()  # noqa: DTZ007  (a day)
    except ValueError:
        return None
    return day if day >= _FIRST_DAY else None


class XlsxRenderer(Renderer):
    """Writes a row for each statement of the articles."""

    def __init__(self, out: BinaryIO, table: TableOptions, *, with_text: bool = False) -> None:
        self._book = Workbook(out, table.names(with_text=with_text))
        self._articles = 0

    def write(self, meta: ArticleMeta, article: Article, response: AttributeQuotesResponse) -> None:
        """Adds the rows of one article."""
        rows = statement_rows(self._articles, meta, response, article.body, with_text=True)
        self._book.add(rows)
        self._articles += 1

    def close(self) -> None:
        """Writes the file."""
        self._book.close()
