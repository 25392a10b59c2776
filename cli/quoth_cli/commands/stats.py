"""`quoth stats`: who speaks how much in an archive, of which kind, in which role and when."""

from __future__ import annotations

import csv
import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from quoth_cli.exits import Exit, Failure
from quoth_cli.likely import told
from quoth_cli.outcome import ending, say
from quoth_cli.printable import standard_output
from quoth_cli.table import chart, filters, query
from quoth_cli.table.counts import By, Counts, counts

__all__ = ["stats"]

_GROUPS = (
    "speakers",
    "roles",
    "organizations",
    "kinds",
    "speaker_types",
    "factualities",
    "years",
    "months",
)


class _Form(StrEnum):
    TABLE = "table"
    JSON = "json"
    CSV = "csv"


_FormOption = Annotated[
    _Form, typer.Option("--format", "-f", help="table to read; json or csv to process.")
]
_Top = Annotated[
    int,
    typer.Option(
        "--top", min=1, metavar="N", help="How many speakers, roles and organizations to show."
    ),
]
_ByOption = Annotated[
    By,
    typer.Option(
        "--by", help="Who comes first: who has the most statements, or the most words in them."
    ),
]
_Chart = Annotated[
    Path | None,
    typer.Option(
        "--chart",
        metavar="FILE.png|FILE.svg",
        help="Draw who speaks how much.",
        show_default=False,
    ),
]


@ending
def stats(
    paths: filters.Paths,
    *,
    which: filters.Filters,
    by: _ByOption = By.STATEMENTS,
    top: _Top = 10,
    form: _FormOption = _Form.TABLE,
    chart_file: _Chart = None,
) -> Exit:
    """Count the statements of what quoth bulk wrote, by speaker, kind, role and date.

    Speakers of the same name and type count as one voice, whatever article they are in.

    Example: quoth stats OUT.parquet --since 2019-05 --by words --chart who.svg
    """
    if chart_file and chart_file.suffix.lower() not in chart.SUFFIXES:
        raise Failure(
            Exit.USAGE,
            f"--chart: {chart_file} ends in neither {' nor '.join(chart.SUFFIXES)}; name it so",
        )
    asked = which.question()
    with filters.archive(paths) as archive:
        asked, left_out = query.likely(archive, asked)
        counted = counts(archive, asked, top=top, by=by)
        if chart_file:
            _draw(chart_file, counted, by)
    _write(counted, by, form)
    sys.stdout.flush()
    if not counted.statements:
        say("no statement matches")
    if left_out:
        say(told(left_out))
    return Exit.OK


def _draw(path: Path, counted: Counts, by: By) -> None:
    if not counted.speakers:
        say(f"no speakers, so no chart in {path}")
        return
    title = f"Who speaks how much: {len(counted.speakers)} of {counted.voices:,} speakers"
    try:
        lacking = chart.draw(path, counted.speakers, by, title)
    except OSError as error:
        raise Failure(Exit.OUTPUT, f"{path}: cannot be written: {error.strerror}") from error
    say(f"chart in {path}")
    if lacking:
        say(f"no font here has {lacking}; install one, or draw an .svg, which needs none")


def _write(counted: Counts, by: By, form: _Form) -> None:
    match form:
        case _Form.TABLE:
            from quoth_cli.table.tallies import write_tallies

            write_tallies(counted, by, sys.stdout)
        case _Form.JSON:
            text = json.dumps(counted.fields(), ensure_ascii=False, indent=2)
            standard_output().write(f"{text}\n")
        case _Form.CSV:
            writer = csv.writer(standard_output())
            writer.writerow(("group", "name", "type", "statements", "words", "share"))
            for group in _GROUPS:
                for each in getattr(counted, group):
                    writer.writerow(
                        (group, each.name, each.type, each.statements, each.words, each.share)
                    )
