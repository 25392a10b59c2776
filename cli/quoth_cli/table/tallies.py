"""Counts of an archive as tables to read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TextIO

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from quoth_cli.printable import clean
from quoth_cli.table.counts import By, Count, Counts

__all__ = ["write_tallies"]

# More months are told by their years alone.
_MONTHS = 24


def write_tallies(counted: Counts, by: By, out: TextIO) -> None:
    """Writes the totals and a table for each group that is not empty."""
    console = Console(file=out, highlight=False, markup=False, emoji=False)
    for line in _totals(counted):
        console.print(Text(line))
    groups = [
        (f"Speakers ({counted.voices:,})", counted.speakers),
        ("Roles", counted.roles),
        ("Organizations of the roles", counted.organizations),
        ("Kinds", counted.kinds),
        ("Types of speakers", counted.speaker_types),
        ("Said or not", counted.factualities),
        ("Years", counted.years),
        ("Months", counted.months if len(counted.months) <= _MONTHS else ()),
    ]
    for title, group in groups:
        if group:
            console.print()
            console.print(_table(title, group, by))


def _totals(counted: Counts) -> list[str]:
    lines = [
        f"{_number(counted.statements, 'statement')} in {_number(counted.articles, 'article')}, "
        f"{counted.known:,} by a known speaker"
    ]
    if counted.articles:
        lines.append(
            f"{counted.statements_per_article:.1f} statements and "
            f"{counted.voices_per_article:.1f} speakers an article"
        )
    if counted.words is not None and counted.words_per_statement is not None:
        lines.append(
            f"{_number(counted.words, 'word')}, {counted.words_per_statement:.1f} a statement"
        )
    return lines


def _number(amount: int, noun: str) -> str:
    return f"{amount:,} {noun}{'' if amount == 1 else 's'}"


def _table(title: str, group: Sequence[Count], by: By) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 1, 0, 0))
    table.add_column(title, overflow="fold")
    typed = any(each.type for each in group)
    if typed:
        table.add_column("type", style="dim")
    table.add_column("statements", justify="right", no_wrap=True)
    if by is By.WORDS:
        table.add_column("words", justify="right", no_wrap=True)
    table.add_column("share", justify="right", no_wrap=True)
    for each in group:
        cells = [Text(clean(each.name), style="") if each.name else Text("not known", "italic dim")]
        if typed:
            cells.append(Text(each.type or ""))
        cells.append(Text(f"{each.statements:,}"))
        if by is By.WORDS:
            cells.append(Text(f"{each.words or 0:,}"))
        table.add_row(*cells, Text(f"{each.share:.1%}"))
    return table
