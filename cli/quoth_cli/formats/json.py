"""JSON output: one indented document an article, or an array of them."""

from __future__ import annotations

import json
from typing import TextIO

from quoth.v1 import Article, AttributeQuotesResponse
from quoth_cli.formats.document import document, given_fields
from quoth_cli.table.rows import ArticleMeta

__all__ = ["JsonRenderer"]


class JsonRenderer:
    """Writes an indented JSON document.

    Args:
        out: Where it goes.
        with_text: Put each article's text in.
        several: The document is an array with an object for each article, and not the one object.
    """

    def __init__(self, out: TextIO, *, with_text: bool = False, several: bool = False) -> None:
        self._out = out
        self._with_text = with_text
        self._several = several
        self._articles = 0

    def write(self, meta: ArticleMeta, article: Article, response: AttributeQuotesResponse) -> None:
        """Writes one article, with its name as `id`."""
        shown = self._with_text or meta.extracted
        given = given_fields(meta, article.body) if shown else None
        text = json.dumps(document(meta.id, response, given), ensure_ascii=False, indent=2)
        if self._several:
            self._out.write(",\n" if self._articles else "[\n")
        self._out.write(text if self._several else f"{text}\n")
        self._out.flush()
        self._articles += 1

    def close(self) -> None:
        """Ends the array."""
        if self._several:
            self._out.write("\n]\n" if self._articles else "[]\n")
            self._out.flush()
