"""`quoth repeats`: the same words in several articles of an archive."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator
from enum import StrEnum
from itertools import islice, takewhile
from pathlib import Path
from typing import Annotated, Any

import typer

from quoth_cli.attributor import local_archive
from quoth_cli.exits import Exit
from quoth_cli.formats.repeats import COLUMNS, rows, written
from quoth_cli.outcome import ending, say
from quoth_cli.printable import standard_output

__all__ = ["repeats"]

_SCREENFUL = 20


class _Form(StrEnum):
    TEXT = "text"
    JSONL = "jsonl"
    CSV = "csv"


_Archive = Annotated[
    Path,
    typer.Argument(
        metavar="ARCHIVE",
        help="A Parquet file that quoth bulk wrote, or a folder of them.",
        show_default=False,
    ),
]
_Least = Annotated[
    int,
    typer.Option("--min-articles", min=2, metavar="N", help="How many articles have it at least."),
]
_Top = Annotated[
    int | None,
    typer.Option(
        "--top",
        min=0,
        metavar="N",
        help=f"Show N at most, 0 for all. Without it {_SCREENFUL} in a text, and all otherwise.",
        show_default=False,
    ),
]
_Index = Annotated[
    Path | None,
    typer.Option(
        "--index",
        metavar="FOLDER",
        help="Folder for the index of ARCHIVE; beside it without this.",
        show_default=False,
    ),
]
_FormOption = Annotated[
    _Form,
    typer.Option(
        "--format", "-f", help="text to read; jsonl, or csv with a row for each place, to process."
    ),
]


@ending
def repeats(
    archive: _Archive,
    *,
    least: _Least = 2,
    top: _Top = None,
    index: _Index = None,
    form: _FormOption = _Form.TEXT,
) -> Exit:
    """List the quotations that several articles have: since when, where, and how they drift.

    A part of a quotation, or one in which a few words differ, is the same quotation. Articles that
    share words of their reporters within a week are reprints of one story. The first time, an
    index of ARCHIVE is made, which takes a while.

    Example: quoth repeats statements.parquet --min-articles 3 --format csv
    """
    if top is None and form is _Form.TEXT:
        top = _SCREENFUL
    with local_archive(archive, index) as asked:
        found = takewhile(lambda each: each["articles"] >= least, asked.repeats())
        shown = _write(islice(found, top or None), form)
        more = next(found, None) is not None
    sys.stdout.flush()
    say(_told(shown, more))
    return Exit.OK


def _write(found: Iterator[dict[str, Any]], form: _Form) -> int:
    """Writes them as they are found; returns how many there were."""
    out = standard_output()
    number = 0
    writer = csv.writer(out)
    if form is _Form.CSV:
        writer.writerow(COLUMNS)
    for number, each in enumerate(found, 1):
        match form:
            case _Form.TEXT:
                out.writelines(f"{line}\n" for line in written(each))
            case _Form.JSONL:
                out.write(f"{json.dumps(each, ensure_ascii=False)}\n")
            case _Form.CSV:
                writer.writerows(rows(number, each))
    return number


def _told(shown: int, more: bool) -> str:
    if not shown:
        return "no quotation is in several articles"
    told = f"{shown:,} quotation{'s' * (shown > 1)} in several articles"
    return f"{told} shown; there are more, and --top 0 shows all" if more else told
