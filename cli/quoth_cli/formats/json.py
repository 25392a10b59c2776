"""Output that is a document of JSON an article: its own form, JSON-LD and Web Annotations."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, TextIO

from quoth.v1 import Article, AttributeQuotesResponse
from quoth_cli.formats.document import document, given_fields
from quoth_cli.formats.jsonld import news_article
from quoth_cli.formats.renderer import Renderer
from quoth_cli.formats.webannotation import collection
from quoth_cli.table.rows import ArticleMeta

__all__ = ["DOCUMENTS", "Document", "JsonRenderer"]

Document = Callable[[ArticleMeta, Article, AttributeQuotesResponse, bool], dict[str, Any]]
"""The document of an article, with its text if that is asked for or it was extracted."""


def _own(
    meta: ArticleMeta, article: Article, response: AttributeQuotesResponse, with_text: bool
) -> dict[str, Any]:
    given = given_fields(meta, article.body) if with_text or meta.extracted else None
    return document(meta.id, response, given)


DOCUMENTS: Mapping[str, Document] = {
    "json": _own,
    "jsonl": _own,
    "jsonld": news_article,
    "webannotation": lambda meta, article, response, _: collection(meta, article, response),
}
"""The forms that are such documents, for `quoth attribute` and `quoth bulk`."""


class JsonRenderer(Renderer):
    """Writes documents, a line each without `indent`; an interruption loses none that is finished.

    Where `several` may come they are an array.
    """

    def __init__(
        self, out: TextIO, document: Document, *, with_text: bool, indent: int | None, several: bool
    ) -> None:
        self._out = out
        self._document = document
        self._with_text = with_text
        self._indent = indent
        self._several = several
        self._articles = 0

    def write(self, meta: ArticleMeta, article: Article, response: AttributeQuotesResponse) -> None:
        """Writes one article, with its name as `id`."""
        made = self._document(meta, article, response, self._with_text)
        text = json.dumps(made, ensure_ascii=False, indent=self._indent)
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
