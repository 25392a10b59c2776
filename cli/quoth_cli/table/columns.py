"""Which columns a table for people has, and how it is written."""

from __future__ import annotations

import difflib
from collections.abc import Collection
from dataclasses import dataclass
from typing import Annotated

import typer

from quoth_cli.exits import Exit, Failure
from quoth_cli.table.schema import Rows, fields_of_rows

__all__ = ["SHORT", "TableOptions"]

SHORT = (
    *("speaker", "role", "role_organization", "kind", "content", "factuality", "date"),
    *("article_id", "title", "published", "url", "confidence"),
)
"""The columns that are there where nothing is said: who said what, when and where."""

# What other programs and people call a column.
_CALLED = {
    "quote": "content",
    "quotation": "content",
    "statement": "content",
    "name": "speaker",
    "source": "speaker",
    "verb": "cue",
    "headline": "title",
    "link": "url",
    "id": "article_id",
    "certainty": "confidence",
}
_ALL = "all"
_PANEL = "CSV and .xlsx"


@dataclass(frozen=True, slots=True, kw_only=True)
class TableOptions:
    """How a table for people is written."""

    columns: Annotated[
        str,
        typer.Option(
            "--columns",
            metavar="NAME,...",
            help="Columns to write, in this order; all writes every column. The default is the "
            "twelve that say who said what, when and where.",
            rich_help_panel=_PANEL,
        ),
    ] = ""
    bom: Annotated[
        bool,
        typer.Option(
            "--bom",
            help="Start CSV with a byte order mark, so that Excel recognizes UTF-8.",
            rich_help_panel=_PANEL,
        ),
    ] = False

    def names(self, *, with_text: bool = False, more: tuple[str, ...] = ()) -> tuple[str, ...]:
        """The columns, with the article's text as the last one if that is asked for.

        Args:
            with_text: Whether it is.
            more: What there is beside the columns of the schema, in an archive of others.

        Raises:
            Failure: A column does not exist.
        """
        known = [name for name, _, _ in fields_of_rows(Rows.STATEMENTS)]
        known += [name for name in more if name not in (*known, "text")]
        if self.columns == _ALL:
            chosen = known
        elif self.columns:
            chosen = [name.strip() for name in self.columns.split(",")]
        else:
            chosen = list(SHORT)
        if with_text and "text" not in chosen:
            chosen = [*chosen, "text"]
        there = {*known, *(more or ("text",))}
        wrong = [name for name in chosen if name not in there]
        if wrong:
            near = _nearest(wrong[0], there)
            meant = f"did you mean {near!r}? " if near else ""
            raise Failure(
                Exit.USAGE,
                f"--columns: {wrong[0]!r} is not a column; {meant}"
                f"choose from {', '.join(sorted(there))}",
            )
        return tuple(chosen)


def _nearest(name: str, there: Collection[str]) -> str | None:
    """The column that was probably meant, if there is one."""
    asked = name.casefold().replace(" ", "_").replace("-", "_")
    if (called := _CALLED.get(asked)) and called in there:
        return called
    return next(iter(difflib.get_close_matches(asked, sorted(there), n=1)), None)
