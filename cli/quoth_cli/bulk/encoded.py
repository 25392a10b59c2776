"""Results as the rows of an output, made wherever the articles are read."""

from __future__ import annotations

from dataclasses import dataclass, replace

from quoth_cli.bulk.forms import FORMS, BulkFormat, Layout
from quoth_cli.exits import Failure
from quoth_cli.likely import likely
from quoth_cli.problems import Problem, unexpected
from quoth_cli.reading import Item, Result

__all__ = ["Encoded", "Encoder"]


@dataclass(frozen=True, slots=True)
class Encoded:
    """What became of an article; either `rows` or `problem` is set.

    Attributes:
        item: The article, without its text.
        rows: Its rows as bytes; empty if it has none.
        problem: Why it has no rows.
        words: How many words its text has.
        statements: How many statements are in its rows.
        left_out: How many less likely ones are not.
    """

    item: Item
    rows: bytes | None = None
    problem: Problem | None = None
    words: int = 0
    statements: int = 0
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Encoder:
    """Makes the rows of one form, less likely statements among them only with `all`."""

    form: BulkFormat
    layout: Layout
    all: bool = True

    def __call__(self, result: Result) -> Encoded:
        """What became of the article of a result."""
        item, response = result.item, result.response
        bare = replace(item, article=None, meta=None)
        if response is None:
            assert result.problem is not None
            return Encoded(bare, problem=result.problem)
        try:
            response, left_out = (response, 0) if self.all else likely(response)
            rows = FORMS[self.form].encode(item, response, self.layout)
        except (Failure, ModuleNotFoundError):
            raise
        except Exception as error:  # noqa: BLE001  (the barrier: one article ends no run)
            return Encoded(bare, problem=unexpected(error))
        return Encoded(
            bare,
            rows=rows,
            words=len(item.article.body.split()) if item.article else 0,
            statements=len(response.statements),
            left_out=left_out,
        )
