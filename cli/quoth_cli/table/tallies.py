"""Counts of an archive as a table to read."""

from __future__ import annotations

from typing import TextIO

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from quoth_cli.printable import clean
from quoth_cli.table.counts import By, Count, Counts

__all__ = ["write_tallies"]

_TITLES = {
    By.SPEAKER: "Speakers",
    By.ROLE: "Roles",
    By.ORGANIZATION: "Organizations of the roles",
    By.SOURCE: "Sources",
    By.KIND: "Kinds",
    By.FACTUALITY: "Factuality",
    By.SECTION: "Sections",
    By.YEAR: "Years",
    By.MONTH: "Months",
}


# As reports have it; a direct statement, or a denial, that is negated is one to look at.
_SAID = {
    "asserted": "said",
    "negated": "said nothing about it, or did not deny it",
    "future": "not yet said",
}


def write_tallies(counted: Counts, out: TextIO) -> None:
    """Writes the totals and the table, unless it is empty."""
    console = Console(file=out, highlight=False, markup=False, emoji=False)
    for line in _totals(counted):
        console.print(Text(line))
    if counted.rows:
        console.print()
        console.print(_table(counted))
        left = counted.number - len(counted.rows)
        if left > 0 and counted.by is not By.SOURCE:
            console.print(Text(f"and {left:,} more; --top shows more of them", style="dim"))


def _totals(counted: Counts) -> list[str]:
    lines = [
        f"{_number(counted.statements, 'statement')} in {_number(counted.articles, 'article')}, "
        f"{counted.known:,} by {_number(counted.voices, 'known speaker')}"
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


def _table(counted: Counts) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 1, 0, 0))
    table.add_column(_TITLES[counted.by], overflow="fold")
    typed = any(each.type for each in counted.rows)
    worded = any(each.forms for each in counted.rows)
    if typed:
        table.add_column("type", style="dim")
    if worded:
        table.add_column("such as", style="dim", overflow="fold")
    table.add_column("statements", justify="right", no_wrap=True)
    if counted.words is not None:
        table.add_column("words", justify="right", no_wrap=True)
    table.add_column("share", justify="right", no_wrap=True)
    table.add_column("articles", justify="right", no_wrap=True)
    for each in counted.rows:
        cells = [_name(each, counted.by)]
        if typed:
            cells.append(Text(each.type or ""))
        if worded:
            cells.append(Text(", ".join(map(clean, each.forms))))
        cells.append(Text(f"{each.statements:,}"))
        if counted.words is not None:
            cells.append(Text(f"{each.words or 0:,}"))
        table.add_row(*cells, Text(f"{each.share:.1%}"), Text(f"{each.articles:,}"))
    return table


def _name(count: Count, by: By) -> Text:
    if not count.name:
        return Text("not known", "italic dim")
    shown = _SAID.get(count.name, count.name) if by is By.FACTUALITY else count.name
    return Text("  " * count.level + clean(shown), style="bold" if count.level == 0 else "")
