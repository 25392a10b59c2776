"""`quoth search`: statements of an archive."""

from __future__ import annotations

import csv
import sys
from enum import StrEnum
from typing import Annotated

import typer

from quoth_cli.exits import Exit
from quoth_cli.likely import told
from quoth_cli.outcome import ending, say
from quoth_cli.printable import standard_output
from quoth_cli.table import filters, query
from quoth_cli.table.query import Found, Sort

__all__ = ["search"]

_SCREENFUL = 20


class _Form(StrEnum):
    TABLE = "table"
    JSONL = "jsonl"
    CSV = "csv"


_FormOption = Annotated[
    _Form,
    typer.Option(
        "--format", "-f", help="table to read; jsonl or csv, with all columns, to process."
    ),
]
_SortOption = Annotated[
    Sort,
    typer.Option(
        "--sort",
        help="position is the order of the archive, date has the newest first, confidence the "
        "surest.",
    ),
]
_Reverse = Annotated[bool, typer.Option("--reverse", help="The other way round.")]
_Limit = Annotated[
    int | None,
    typer.Option(
        "--limit",
        "-n",
        min=0,
        metavar="N",
        help=f"Show N at most, 0 for all. Without it {_SCREENFUL} in a table, and all otherwise.",
        show_default=False,
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
    form: _FormOption = _Form.TABLE,
) -> Exit:
    """Find statements in what quoth bulk wrote: who said what, in which role and when.

    All that is asked for must hold; without any option all statements are found. How many there
    are is told on stderr; that there is none is no error.

    Example: quoth search OUT.parquet --speaker Merkel --role minister --since 2019-05
    """
    asked = which.question()
    if limit is None and form is _Form.TABLE:
        limit = _SCREENFUL
    with filters.archive(paths) as archive:
        asked, left_out = query.likely(archive, asked)
        found = query.search(archive, asked, sort=sort, reverse=reverse, limit=limit or None)
        _write(found, archive.columns, form)
    sys.stdout.flush()
    say(_told(found))
    if left_out:
        say(told(left_out))
    return Exit.OK


def _write(found: Found, columns: tuple[str, ...], form: _Form) -> None:
    match form:
        case _Form.TABLE:
            from quoth_cli.table.hits import write_hits

            if found.shown:
                write_hits(found.rows(), sys.stdout)
        case _Form.JSONL:
            standard_output().writelines(f"{line}\n" for line in found.json())
        case _Form.CSV:
            writer = csv.writer(standard_output())
            writer.writerow(columns)
            writer.writerows(found.cells())


def _told(found: Found) -> str:
    if not found.total:
        return "no statement matches"
    noun = "statement" if found.total == 1 else "statements"
    if found.shown == found.total:
        return f"{found.total:,} {noun}"
    return f"{found.total:,} {noun}, the first {found.shown:,} shown; --limit 0 shows all"
