"""The rows of many results as a data frame of pandas."""

from __future__ import annotations

import importlib
import itertools
from collections.abc import Iterable
from types import ModuleType
from typing import TYPE_CHECKING, Any

from quoth_server.results.result import Result
from quoth_server.results.rows import COLUMNS

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["frame", "labels", "pandas"]


def frame(names: Iterable[object], outcomes: Iterable[Result | Exception]) -> pd.DataFrame:
    """The rows of many articles as a data frame.

    Args:
        names: What the column `article` says of each.
        outcomes: A result of each, or the error it met, which then has its own row.
    """
    found: list[dict[str, Any]] = []
    for outcome, name in zip(outcomes, names, strict=False):  # so that outcomes come to their end
        if isinstance(outcome, Exception):
            found.append({"article": name, "error": f"{type(outcome).__name__}: {outcome}"})
        else:
            found += [{"article": name, **row} for row in outcome.rows()]
    return pandas().DataFrame(found, columns=["article", *COLUMNS, "error"])


def labels(articles: object) -> Iterable[object]:
    """What to call articles: the labels of a `Series`, else their positions, from 0."""
    return articles.index if isinstance(articles, pandas().Series) else itertools.count()


def pandas() -> ModuleType:
    """The module pandas.

    Raises:
        ImportError: It is not installed.
    """
    try:
        return importlib.import_module("pandas")
    except ImportError as error:
        raise ImportError(
            "a data frame needs pandas; install it with: pip install 'quoth-server[notebook]'"
        ) from error
