"""The arguments and options of the commands that ask an archive."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from quoth_cli.formats.wording import counted

__all__ = [
    "SCREENFUL",
    "ArchiveOrServer",
    "ArchivePath",
    "IndexFolder",
    "KnownPeople",
    "MinConfidence",
    "Top",
    "not_counted",
]

SCREENFUL = 20
"""Results that a text shows where --top is not given."""

ArchivePath = Annotated[
    Path,
    typer.Argument(
        metavar="ARCHIVE",
        help="A Parquet file or a site that quoth bulk wrote, or a folder of them.",
    ),
]
ArchiveOrServer = Annotated[
    Path | None,
    typer.Argument(
        metavar="ARCHIVE",
        help="A Parquet file or a site that quoth bulk wrote, or a folder of them. Default: the "
        "archive of --server.",
    ),
]
IndexFolder = Annotated[
    Path | None,
    typer.Option(
        "--index", metavar="FOLDER", help="Folder for the index of ARCHIVE (default: next to it)."
    ),
]
KnownPeople = Annotated[
    Path | None,
    typer.Option(
        "--known-people",
        metavar="TABLE.csv|TABLE.toml",
        help="Table of known people: names, aliases, roles and ids that override the articles.",
    ),
]
Top = Annotated[
    int | None,
    typer.Option(
        "--top",
        min=0,
        metavar="N",
        help=f"Show at most N; 0 shows all. Default: {SCREENFUL} in text, otherwise all.",
    ),
]
MinConfidence = Annotated[
    float,
    typer.Option(
        "--min-confidence",
        min=0,
        max=1,
        metavar="0..1",
        help="Leave out statements that are less sure; 0 counts all.",
    ),
]


def not_counted(number: int, least: float) -> str:
    """The line on the statements that are left out as less sure."""
    left_out = counted(number, "statement")
    return f"{left_out} below {least:g} left out; --min-confidence 0 counts all"
