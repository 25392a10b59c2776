"""Where the files of a site are."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from quoth_cli.files import file_name

__all__ = ["DATA", "INDEX", "PAGES", "SCRIPT", "STYLE", "page_of", "site_of"]

INDEX = "index.html"
PAGES = "articles"
"""The folder of the pages, one an article."""
DATA = "data"
"""The folder of the Parquet files with the statements, which `quoth search` and `stats` ask."""
SCRIPT = "quoth.js"
STYLE = "quoth.css"


def page_of(position: int, article_id: str) -> str:
    """The place of an article's page in its site."""
    return f"{PAGES}/{position:06}-{file_name(article_id)}.html"


def site_of(paths: Sequence[str]) -> Path | None:
    """The site that is asked for by its folder; None if it is something else."""
    if len(paths) != 1:
        return None
    folder = Path(paths[0])
    return folder if (folder / INDEX).is_file() and (folder / DATA).is_dir() else None
