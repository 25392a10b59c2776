"""Counts of an archive as a table to read."""

from __future__ import annotations

from typing import TextIO

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from quoth_cli.formats.wording import counted
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


def write_tallies(found: Counts, out: TextIO) -> None:
    """Writes the totals and the table, unless it is empty."""
    console = Console(file=out, highlight=False, markup=False, emoji=False)
    for line in _totals(found):
        console.print(Text(line))
    if found.rows:
        console.print()
        console.print(_table(found))
        left = found.number - len(found.rows)
        if left > 0 and found.by is not By.SOURCE:
            console.print(Text(f"and {left:,} more; --top shows more of them", style="dim"))


def _totals(found: Counts) -> list[str]:
    lines = [
        f"{counted(found.statements, 'statement')} in {counted(found.articles, 'article')}, "
        f"{found.known:,} by {counted(found.voices, 'known speaker')}"
    ]
    if found.articles:
        lines.append(
            f"{found.statements_per_article:.1f} statements and "
            f"{found.voices_per_article:.1f} speakers an article"
        )
    if found.words is not None and found.words_per_statement is not None:
        lines.append(f"{counted(found.words, 'word')}, {found.words_per_statement:.1f} a statement")
    return lines


def _table(found: Counts) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 1, 0, 0))
    table.add_column(_TITLES[found.by], overflow="fold")
    typed = any(each.type for each in found.rows)
    worded = any(each.forms for each in found.rows)
    if typed:
        table.add_column("type", style="dim")
    if worded:
        table.add_column("such as", style="dim", overflow="fold")
    table.add_column("statements", justify="right", no_wrap=True)
    if found.words is not None:
        table.add_column("words", justify="right", no_wrap=True)
    table.add_column("share", justify="right", no_wrap=True)
    table.add_column("articles", justify="right", no_wrap=True)
    for each in found.rows:
        cells = [_name(each, found.by)]
        if typed:
            cells.append(Text(each.type or ""))
        if worded:
            cells.append(Text(", ".join(map(clean, each.forms))))
        cells.append(Text(f"{each.statements:,}"))
        if found.words is not None:
            cells.append(Text(f"{each.words or 0:,}"))
        table.add_row(*cells, Text(f"{each.share:.1%}"), Text(f"{each.articles:,}"))
    return table


def _name(count: Count, by: By) -> Text:
    if not count.name:
        # What is dated only by its year is in no month.
        return Text("month not known" if by is By.MONTH else "not known", "italic dim")
    shown = _SAID.get(count.name, count.name) if by is By.FACTUALITY else count.name
    return Text("  " * count.level + clean(shown), style="bold" if count.level == 0 else "")
