"""JSON Lines output: one line an article."""

from __future__ import annotations

import json
from typing import Any, TextIO

from quoth.cli.render.document import document
from quoth.v1 import Article, AttributeQuotesResponse

__all__ = ["JsonlRenderer", "write_line"]


def write_line(value: dict[str, Any], out: TextIO) -> None:
    """Writes one line and flushes it, so that an interruption loses no finished line."""
    out.write(json.dumps(value, ensure_ascii=False) + "\n")
    out.flush()


class JsonlRenderer:
    """Writes one line of JSON for each article."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def write(self, name: str | int, article: Article, response: AttributeQuotesResponse) -> None:
        """Writes the line of one article, with its name as `id`."""
        write_line(document(name, response), self._out)
