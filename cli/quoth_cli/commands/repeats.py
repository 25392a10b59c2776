"""`quoth repeats`: the same words in several articles of an archive."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator
from enum import StrEnum
from itertools import islice, takewhile
from typing import Annotated, Any

import typer

from quoth_cli.archive_options import (
    SCREENFUL,
    ArchivePath,
    IndexFolder,
    MinConfidence,
    Top,
    not_counted,
)
from quoth_cli.attributor import local_archive
from quoth_cli.exits import Exit
from quoth_cli.formats.repeats import COLUMNS, rows, written
from quoth_cli.likely import LEAST
from quoth_cli.outcome import ending, say
from quoth_cli.printable import standard_output

__all__ = ["repeats"]


class _Form(StrEnum):
    TEXT = "text"
    JSONL = "jsonl"
    CSV = "csv"


_Least = Annotated[
    int,
    typer.Option("--min-articles", min=2, metavar="N", help="How many articles have it at least."),
]
_FormOption = Annotated[
    _Form,
    typer.Option(
        "--format", "-f", help="text to read; jsonl, or csv with a row for each place, to process."
    ),
]


@ending
def repeats(
    archive: ArchivePath,
    *,
    least: _Least = 2,
    top: Top = None,
    index: IndexFolder = None,
    min_confidence: MinConfidence = LEAST,
    form: _FormOption = _Form.TEXT,
) -> Exit:
    """List the quotations that several articles have: since when, where, and how they drift.

    A part of a quotation, or one in which a few words differ, is the same quotation. Articles that
    share words of their reporters within a week are reprints of one story. The first time, an
    index of ARCHIVE is made, which takes a while.

    Example: quoth repeats statements.parquet --min-articles 3 --format csv
    """
    if top is None and form is _Form.TEXT:
        top = SCREENFUL
    with local_archive(archive, index) as asked:
        found = takewhile(
            lambda each: each["articles"] >= least, asked.repeats(least=min_confidence)
        )
        shown = _write(islice(found, top or None), form)
        more = next(found, None) is not None
        left_out = asked.less_likely(min_confidence)
    sys.stdout.flush()
    say(_told(shown, more))
    if left_out:
        say(not_counted(left_out, min_confidence))
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
