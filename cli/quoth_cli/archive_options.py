"""The arguments and options of the commands that ask an archive."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["SCREENFUL", "ArchiveOrServer", "ArchivePath", "IndexFolder", "KnownPeople", "Top"]

SCREENFUL = 20
"""Results that a text shows where --top is not given."""

ArchivePath = Annotated[
    Path,
    typer.Argument(
        metavar="ARCHIVE",
        help="A Parquet file that quoth bulk wrote, or a folder of them.",
        show_default=False,
    ),
]
ArchiveOrServer = Annotated[
    Path | None,
    typer.Argument(
        metavar="ARCHIVE",
        help="A Parquet file that quoth bulk wrote, or a folder of them. Without it, the archive "
        "of --server.",
        show_default=False,
    ),
]
IndexFolder = Annotated[
    Path | None,
    typer.Option(
        "--index",
        metavar="FOLDER",
        help="Folder for the index of ARCHIVE (default: next to it).",
        show_default=False,
    ),
]
KnownPeople = Annotated[
    Path | None,
    typer.Option(
        "--known-people",
        metavar="TABLE.csv|TABLE.toml",
        help="Table of known people: names, aliases, roles and ids that override the articles.",
        show_default=False,
    ),
]
Top = Annotated[
    int | None,
    typer.Option(
        "--top",
        min=0,
        metavar="N",
        help=f"Show at most N; 0 shows all. Default: {SCREENFUL} in text, otherwise all.",
        show_default=False,
    ),
]
