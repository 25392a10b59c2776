"""`quoth stats`: what the statements of an archive are, one table at a time."""

from __future__ import annotations

import csv
import json
import sys
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from quoth_cli.exits import Exit, Failure
from quoth_cli.files import writing
from quoth_cli.formats.csv import harmless
from quoth_cli.likely import told
from quoth_cli.outcome import ending, say
from quoth_cli.printable import standard_output
from quoth_cli.table import chart, filters, query
from quoth_cli.table.counts import By, Counts, counts

__all__ = ["stats"]


class _Form(StrEnum):
    TABLE = "table"
    JSON = "json"
    CSV = "csv"


_FormOption = Annotated[
    _Form, typer.Option("--format", "-f", help="table to read; json or csv to process.")
]
_Top = Annotated[
    int,
    typer.Option("--top", min=1, metavar="N", help="Number of speakers, roles and so on to show."),
]
_ByOption = Annotated[
    By,
    typer.Option(
        "--by",
        help="What to count by. Roles are grouped by their head noun; source counts named and "
        "unnamed sources, people and organizations, and their roles.",
    ),
]
_Words = Annotated[
    bool, typer.Option("--words", help="Also count the words of the statements, and sort by them.")
]
_Chart = Annotated[
    Path | None,
    typer.Option(
        "--chart",
        metavar="FILE.png|FILE.svg",
        help="Draw the table: bars, or with --by year or month a timeline.",
    ),
]

_TITLES = {By.SOURCE: "Sources", By.YEAR: "Statements per year", By.MONTH: "Statements per month"}


@ending
def stats(
    paths: filters.Paths,
    *,
    which: filters.Filters,
    by: _ByOption = By.SPEAKER,
    words: _Words = False,
    top: _Top = 10,
    form: _FormOption = _Form.TABLE,
    chart_file: _Chart = None,
) -> Exit:
    """Count the statements in what quoth bulk wrote, by speaker, role, month and so on.

    Speakers with the same name and type count as one, whatever article they are in.

    Example: quoth stats OUT.parquet --since 2019-05 --by month --chart months.svg
    """
    if chart_file and chart_file.suffix.lower() not in chart.SUFFIXES:
        raise Failure(
            Exit.USAGE,
            f"--chart: {chart_file} ends in neither {' nor '.join(chart.SUFFIXES)}; use one",
        )
    asked = which.question()
    with filters.archive(paths) as archive:
        asked, left_out = query.likely(archive, asked)
        counted = counts(archive, asked, by, top=top, in_words=words)
        if chart_file:
            _draw(chart_file, counted)
    _write(counted, form)
    sys.stdout.flush()
    if not counted.statements:
        say("no statement matches")
    if left_out:
        say(told(left_out))
    return Exit.OK


def _draw(path: Path, counted: Counts) -> None:
    if not any(each.name for each in counted.rows):
        say(f"nothing to draw, so no chart in {path}")
        return
    title = _TITLES.get(counted.by, f"Statements by {counted.by}")
    if len(counted.rows) < counted.number:
        title += f": {len(counted.rows)} of {counted.number:,}"
    with writing(path):
        lacking = chart.draw(path, counted, title)
    say(f"chart in {path}")
    if lacking:
        say(f"no installed font has {lacking}; install one, or draw an .svg, which needs none")


def _write(counted: Counts, form: _Form) -> None:
    match form:
        case _Form.TABLE:
            from quoth_cli.table.tallies import write_tallies

            write_tallies(counted, sys.stdout)
        case _Form.JSON:
            text = json.dumps(asdict(counted), ensure_ascii=False, indent=2)
            standard_output().write(f"{text}\n")
        case _Form.CSV:
            writer = csv.writer(standard_output())
            writer.writerow(("level", str(counted.by), "type", "statements", "words", "share",
                             "articles", "such_as"))  # fmt: skip
            for each in counted.rows:
                such_as = "; ".join(each.forms)
                writer.writerow(
                    (each.level, each.name and harmless(each.name), each.type, each.statements,
                     each.words, each.share, each.articles, harmless(such_as))
                )  # fmt: skip
