"""HTML output: one page to look at, with all the articles."""

from __future__ import annotations

from typing import TextIO

from quoth.v1 import Article, AttributeQuotesResponse
from quoth_cli.formats.renderer import Renderer
from quoth_cli.report import Attributed, page
from quoth_cli.table.rows import ArticleMeta

__all__ = ["HtmlRenderer"]


class HtmlRenderer(Renderer):
    """Collects articles and writes them as one page when it is closed; nothing without any."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._articles: list[Attributed] = []

    def write(self, meta: ArticleMeta, article: Article, response: AttributeQuotesResponse) -> None:
        """Adds one article to the page, with the address that it was found at."""
        shown = Article()
        shown.CopyFrom(article)
        shown.source_uri = article.source_uri or meta.url
        self._articles.append(Attributed(meta.id, shown, response))

    def close(self) -> None:
        """Writes the page."""
        if self._articles:
            self._out.write(page(self._articles))
            self._out.flush()
