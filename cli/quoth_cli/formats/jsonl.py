"""JSON Lines output: one line an article."""

from __future__ import annotations

import json
from typing import Any, TextIO

from quoth.v1 import Article, AttributeQuotesResponse
from quoth_cli.formats.document import document, given_fields
from quoth_cli.table.rows import ArticleMeta

__all__ = ["JsonlRenderer", "write_line"]


def write_line(value: dict[str, Any], out: TextIO) -> None:
    """Writes one line and flushes it, so that an interruption loses no finished line."""
    out.write(json.dumps(value, ensure_ascii=False) + "\n")
    out.flush()


class JsonlRenderer:
    """Writes one line of JSON for each article."""

    def __init__(self, out: TextIO, *, with_text: bool = False) -> None:
        self._out = out
        self._with_text = with_text

    def write(self, meta: ArticleMeta, article: Article, response: AttributeQuotesResponse) -> None:
        """Writes the line of one article, with its name as `id`."""
        shown = self._with_text or meta.extracted
        given = given_fields(meta, article.body) if shown else None
        write_line(document(meta.id, response, given), self._out)

    def close(self) -> None:
        """Nothing is left to write."""
