"""Statements of an archive as a table to read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TextIO

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from quoth.v1 import Cue, Factuality, Statement, StatementKind
from quoth_cli.content import GAP
from quoth_cli.enum_words import number
from quoth_cli.formats.wording import factuality_words
from quoth_cli.likely import LEAST
from quoth_cli.printable import clean

__all__ = ["content_words", "said_words", "write_hits"]

_OF_ARTICLE = "*"
_SPEAKER = 26  # of 80 columns, so that what was said has the most
_NOTE = "* day of the article; the statement has none"


def write_hits(rows: Iterable[Mapping[str, Any]], out: TextIO) -> None:
    """Writes rows of statements as a table as wide as the terminal, or as `COLUMNS` says.

    Colors are used on a terminal only, and not where `NO_COLOR` is set.
    """
    console = Console(file=out, highlight=False, markup=False, emoji=False)
    table = Table(
        box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 1, 1, 0), expand=False
    )
    table.add_column("Said", no_wrap=True)
    table.add_column("Speaker", max_width=_SPEAKER, overflow="fold")
    table.add_column("Statement, article", overflow="fold")
    noted = False
    for row in rows:
        when = _when(row)
        noted = noted or when.endswith(_OF_ARTICLE)
        table.add_row(when, _speaker(row), _statement(row))
    console.print(table)
    if noted:
        console.print(Text(_NOTE, style="dim"))


def _when(row: Mapping[str, Any]) -> str:
    if row["date"] or row["date_from"]:
        return clean(row["date"] or row["date_from"].isoformat())
    return f"{row['anchor_date'].isoformat()}{_OF_ARTICLE}" if row["anchor_date"] else ""


def _speaker(row: Mapping[str, Any]) -> Text:
    if row["speaker"]:
        text = Text(clean(row["speaker"]), style="bold")
    elif row["mention"]:
        text = Text(f"“{clean(row['mention'])}”", style="italic")
    else:
        text = Text("not known", style="italic")
    role, organization = clean(row["role"] or ""), clean(row["role_organization"] or "")
    if organization and organization.casefold() not in role.casefold():
        role = f"{role} ({organization})" if role else organization
    if role and role.casefold() not in text.plain.casefold():
        text.append(f"\n{role}", style="not bold not italic dim")
    return text


def _statement(row: Mapping[str, Any]) -> Text:
    text = Text(content_words(row))
    notes = [said] if (said := said_words(row)) else []
    if row["confidence"] is not None and row["confidence"] < LEAST:
        notes.append(f"unsure ({row['confidence']:.0%})")
    if notes:
        text.append(f" [{', '.join(notes)}]", style="yellow")
    # In a column of its own the name of a file, which has no spaces, would be broken every few
    # letters.
    if article := clean(row["article_id"] or ""):
        text.append(f"\n{article}", style="not bold dim")
    return text


def content_words(row: Mapping[str, Any]) -> str:
    """What was said, between marks where all of it is quoted."""
    content = clean(row["content"] or "")
    return f"“{content}”".replace(f" {GAP} ", f"” {GAP} “") if row["kind"] == "direct" else content


def said_words(row: Mapping[str, Any]) -> str:
    """Whether it was said, in words; a value of a newer server as the archive has it."""
    try:
        factuality = number(Factuality, row["factuality"] or "unspecified")
        kind = number(StatementKind, row["kind"] or "unspecified")
    except ValueError:
        return clean(row["factuality"] or "")
    cue = Cue(lemma=row["cue_lemma"] or "")
    return factuality_words(Statement(factuality=factuality, kind=kind, cue=cue))
