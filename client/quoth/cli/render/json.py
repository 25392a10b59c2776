"""JSON output: one indented document an article."""

from __future__ import annotations

import json
from typing import TextIO

from quoth.cli.render.document import document
from quoth.v1 import Article, AttributeQuotesResponse

__all__ = ["JsonRenderer"]


class JsonRenderer:
    """Writes one indented JSON document for each article."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def write(self, name: str | int, article: Article, response: AttributeQuotesResponse) -> None:
        """Writes the document of one article, with its name as `id`."""
        json.dump(document(name, response), self._out, ensure_ascii=False, indent=2)
        self._out.write("\n")
        self._out.flush()
