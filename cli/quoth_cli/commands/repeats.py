"""`quoth repeats`: the same words in several articles of an archive."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from itertools import islice, takewhile
from pathlib import Path
from typing import Annotated, Any

import typer

from quoth_cli.archive_options import (
    SCREENFUL,
    ArchiveOrServer,
    IndexFolder,
    MinConfidence,
    Top,
    not_counted,
)
from quoth_cli.attributor import connect, own_archive
from quoth_cli.connection import ConnectionOptions
from quoth_cli.exits import Exit, Failure
from quoth_cli.formats.answers import ListForm, write_list
from quoth_cli.formats.repeats import COLUMNS, rows, written
from quoth_cli.formats.wording import counted
from quoth_cli.likely import LEAST
from quoth_cli.outcome import ending, say
from quoth_cli.served_repeats import served_repeats

__all__ = ["repeats"]


_Least = Annotated[
    int, typer.Option("--min-articles", min=2, metavar="N", help="Smallest number of articles.")
]
_FormOption = Annotated[
    ListForm,
    typer.Option(
        "--format", "-f", help="text to read; jsonl, or csv with a row for each place, to process."
    ),
]


@ending
def repeats(
    context: typer.Context,
    *,
    archive: ArchiveOrServer = None,
    least: _Least = 2,
    top: Top = None,
    index: IndexFolder = None,
    min_confidence: MinConfidence = LEAST,
    form: _FormOption = ListForm.TEXT,
    connection: ConnectionOptions,
) -> Exit:
    """List quotations that appear in several articles: since when, where, and how they drift.

    Part of a quotation, or one with a few words changed, counts as the same quotation. Articles
    that share their reporters' words within a week are reprints of one story. The first time, an
    index of ARCHIVE is built, which takes a while. A server searches once for each state of its
    archive, and lists 1,000 places of each quotation; if a call runs out of time, ask again.

    Example: quoth repeats statements.parquet --min-articles 3 --format csv
    """
    if top is None and form is ListForm.TEXT:
        top = SCREENFUL
    if index and not archive:
        raise Failure(Exit.USAGE, "--index needs ARCHIVE, which is not given")
    if archive is not None:
        connection = connection.for_archive(context)
    with _found(connection, archive, index, least, min_confidence) as (found, left_out):
        first = islice(found, top or None)
        shown = write_list(first, form, lines=written, columns=COLUMNS, rows=rows)
        more = next(found, None) is not None
    sys.stdout.flush()
    say(_told(shown, more))
    if left_out:
        say(not_counted(left_out, min_confidence))
    return Exit.OK


@contextlib.contextmanager
def _found(
    connection: ConnectionOptions,
    archive: Path | None,
    index: Path | None,
    least: int,
    min_confidence: float,
) -> Iterator[tuple[Iterator[dict[str, Any]], int]]:
    """The repeats in at least `least` articles, and how many statements do not count.

    They are those of an archive here or of the server's, which counts all statements.
    """
    if archive is None:
        if min_confidence != LEAST:
            raise Failure(
                Exit.USAGE,
                "--min-confidence needs ARCHIVE, which is not given; a server counts all",
            )
        with connect(connection) as client:
            yield served_repeats(client, least), 0
        return
    with own_archive(connection, archive, index) as asked:
        found = asked.repeats(least=min_confidence)
        yield (
            takewhile(lambda each: each["articles"] >= least, found),
            asked.less_likely(min_confidence),
        )


def _told(shown: int, more: bool) -> str:
    if not shown:
        return "no quotation is in several articles"
    told = f"{counted(shown, 'quotation')} in several articles"
    return f"{told} shown; there are more, and --top 0 shows all" if more else told
