"""`quoth repeats`: the same words in several articles of an archive."""

from __future__ import annotations

import contextlib
import csv
import json
import sys
from collections.abc import Iterator
from enum import StrEnum
from itertools import islice, takewhile
from pathlib import Path
from typing import Annotated, Any

import typer

from quoth_cli.archive_options import SCREENFUL, ArchiveOrServer, IndexFolder, Top
from quoth_cli.attributor import connect, own_archive
from quoth_cli.connection import ConnectionOptions
from quoth_cli.exits import Exit, Failure
from quoth_cli.formats.repeats import COLUMNS, rows, written
from quoth_cli.outcome import ending, say
from quoth_cli.printable import standard_output
from quoth_cli.served_repeats import served_repeats

__all__ = ["repeats"]


class _Form(StrEnum):
    TEXT = "text"
    JSONL = "jsonl"
    CSV = "csv"


_Least = Annotated[
    int,
    typer.Option("--min-articles", min=2, metavar="N", help="Smallest number of articles."),
]
_FormOption = Annotated[
    _Form,
    typer.Option(
        "--format", "-f", help="text to read; jsonl, or csv with a row for each place, to process."
    ),
]


@ending
def repeats(
    archive: ArchiveOrServer = None,
    *,
    least: _Least = 2,
    top: Top = None,
    index: IndexFolder = None,
    form: _FormOption = _Form.TEXT,
    connection: ConnectionOptions,
) -> Exit:
    """List quotations that appear in several articles: since when, where, and how they drift.

    Part of a quotation, or one with a few words changed, counts as the same quotation. Articles
    that share their reporters' words within a week are reprints of one story. The first time, an
    index of ARCHIVE is built, which takes a while. A server searches once for each state of its
    archive, and lists 1,000 places of each quotation; if a call runs out of time, ask again.

    Example: quoth repeats statements.parquet --min-articles 3 --format csv
    """
    if top is None and form is _Form.TEXT:
        top = SCREENFUL
    if index and not archive:
        raise Failure(Exit.USAGE, "--index is of ARCHIVE, which is not given")
    with _found(connection, archive, index, least) as found:
        shown = _write(islice(found, top or None), form)
        more = next(found, None) is not None
    sys.stdout.flush()
    say(_told(shown, more))
    return Exit.OK


@contextlib.contextmanager
def _found(
    connection: ConnectionOptions, archive: Path | None, index: Path | None, least: int
) -> Iterator[Iterator[dict[str, Any]]]:
    """The repeats of at least so many articles, of an archive here or of the server's."""
    if archive is None:
        with connect(connection) as client:
            yield served_repeats(client, least)
        return
    with own_archive(connection, archive, index) as asked:
        yield takewhile(lambda each: each["articles"] >= least, asked.repeats())


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
