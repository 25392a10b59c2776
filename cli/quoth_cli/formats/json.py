"""JSON output: one indented document an article."""

from __future__ import annotations

import json
from typing import TextIO

from quoth.v1 import Article, AttributeQuotesResponse
from quoth_cli.formats.document import document, given_fields
from quoth_cli.table.rows import ArticleMeta

__all__ = ["JsonRenderer"]


class JsonRenderer:
    """Writes one indented JSON document for each article."""

    def __init__(self, out: TextIO, *, with_text: bool = False) -> None:
        self._out = out
        self._with_text = with_text

    def write(self, meta: ArticleMeta, article: Article, response: AttributeQuotesResponse) -> None:
        """Writes the document of one article, with its name as `id`."""
        shown = self._with_text or meta.extracted
        given = given_fields(meta, article.body) if shown else None
        json.dump(document(meta.id, response, given), self._out, ensure_ascii=False, indent=2)
        self._out.write("\n")
        self._out.flush()

    def close(self) -> None:
        """Nothing is left to write."""
