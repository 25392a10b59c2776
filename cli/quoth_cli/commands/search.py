"""`quoth search`: statements of an archive."""

from __future__ import annotations

import contextlib
import csv
import sys
from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path, PurePath
from typing import Annotated, TextIO

import typer

from quoth_cli.exits import Exit, Failure
from quoth_cli.files import writing
from quoth_cli.formats.csv import harmless, write_header
from quoth_cli.formats.wording import counted
from quoth_cli.formats.xlsx import Workbook
from quoth_cli.likely import told
from quoth_cli.outcome import ending, say
from quoth_cli.printable import standard_output
from quoth_cli.readers.streams import STDIN
from quoth_cli.table import filters, query
from quoth_cli.table.columns import TableOptions
from quoth_cli.table.opening import Archive
from quoth_cli.table.query import Found, Sort

__all__ = ["search"]

_SCREENFUL = 20
_PAGEFUL = 1_000


class _Form(StrEnum):
    TABLE = "table"
    JSONL = "jsonl"
    CSV = "csv"
    XLSX = "xlsx"
    HTML = "html"


_FormOption = Annotated[
    _Form | None,
    typer.Option(
        "--format",
        "-f",
        help="table to read; html to look at, with hits that link to their place in the article; "
        "csv or xlsx for spreadsheets; jsonl, with all columns, to process. Default: by the "
        "extension of --output.",
    ),
]
_Output = Annotated[
    str, typer.Option("--output", "-o", metavar="FILE", help="File to write; - is standard output.")
]
_SortOption = Annotated[
    Sort,
    typer.Option(
        "--sort",
        help="position: the order of the archive; date: newest first; confidence: most certain "
        "first.",
    ),
]
_Reverse = Annotated[bool, typer.Option("--reverse", help="Reverse the order.")]
_Limit = Annotated[
    int | None,
    typer.Option(
        "--limit",
        "-n",
        min=0,
        metavar="N",
        help=f"Show at most N; 0 shows all. Default: {_SCREENFUL} in a table, {_PAGEFUL:,} in "
        "html, otherwise all.",
    ),
]


@ending
def search(
    paths: filters.Paths,
    *,
    which: filters.Filters,
    sort: _SortOption = Sort.POSITION,
    reverse: _Reverse = False,
    limit: _Limit = None,
    form: _FormOption = None,
    output: _Output = STDIN,
    table: TableOptions,
) -> Exit:
    """Find statements in what quoth bulk wrote: who said what, in which role and when.

    All conditions must hold; without any, all statements are found. The number of matches goes to
    stderr; no match is not an error.

    Example: quoth search OUT.parquet --speaker Merkel --role minister --since 2019-05
    """
    asked = which.question()
    form = form or _form_of(output)
    if form is _Form.XLSX and output == STDIN:
        raise Failure(Exit.USAGE, "--format xlsx writes a file; name it with -o FILE.xlsx")
    if limit is None:
        limit = {_Form.TABLE: _SCREENFUL, _Form.HTML: _PAGEFUL}.get(form)
    with filters.archive(paths) as archive:
        asked, left_out = query.likely(archive, asked)
        found = query.search(archive, asked, sort=sort, reverse=reverse, limit=limit or None)
        if form is _Form.HTML:
            _page(found, archive, which, paths, output)
        else:
            _write(found, archive, form, output, table)
    sys.stdout.flush()
    say(_told(found))
    if left_out:
        say(told(left_out))
    return Exit.OK


def _form_of(output: str) -> _Form:
    """The format of a file's extension; a table without one."""
    suffix = PurePath(output).suffix.lower().removeprefix(".")
    return _Form(suffix) if suffix in list(_Form) else _Form.TABLE


def _write(found: Found, archive: Archive, form: _Form, output: str, table: TableOptions) -> None:
    match form:
        case _Form.TABLE:
            from quoth_cli.table.hits import write_hits

            with _opened(output, sys.stdout) as out:
                if found.shown:
                    write_hits(found.rows(), out)
        case _Form.JSONL:
            with _opened(output, standard_output()) as out:
                out.writelines(f"{line}\n" for line in found.json())
        case _Form.CSV:
            columns = table.names(more=archive.columns)
            with _opened(output, standard_output()) as out:
                write_header(out, columns, bom=table.bom)
                csv.writer(out).writerows(
                    [each and harmless(each) for each in row] for row in found.cells(columns)
                )
        case _Form.XLSX:
            columns = table.names(more=archive.columns)
            with writing(output), Path(output).open("wb") as file:
                book = Workbook(file, columns)
                book.add(found.rows())
                book.close()


def _page(
    found: Found, archive: Archive, which: filters.Filters, paths: Sequence[str], output: str
) -> None:
    from quoth_cli.site.hits import hits_page
    from quoth_cli.site.layout import site_of

    rows = list(found.rows())
    site = site_of(paths)
    folder = Path.cwd() if output == STDIN else Path(output).parent
    if not site and "text" not in archive.columns and not any(row["url"] for row in rows):
        say(
            "the archive has neither the articles' texts nor their addresses, so no hit links to "
            "its place; write it with --with-text, or as a site with --format html"
        )
    with _opened(output, standard_output()) as out:
        out.write(hits_page(rows, found.total, which.told(), site, folder))


@contextlib.contextmanager
def _opened(output: str, standard: TextIO) -> Iterator[TextIO]:
    """Where a form of text goes: a file, or standard output."""
    if output == STDIN:
        yield standard
        return
    with writing(output), Path(output).open("w", encoding="utf-8", newline="") as file:
        yield file


def _told(found: Found) -> str:
    if not found.total:
        return "no statement matches"
    total = counted(found.total, "statement")
    if found.shown == found.total:
        return total
    return f"{total}, the first {found.shown:,} shown; --limit 0 shows all"
