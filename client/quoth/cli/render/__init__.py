"""The forms of output, one module a form."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol, TextIO

from quoth.cli.render.json import JsonRenderer
from quoth.cli.render.jsonl import JsonlRenderer
from quoth.cli.render.text import TextRenderer
from quoth.v1 import Article, AttributeQuotesResponse

__all__ = ["Format", "Renderer", "renderer"]


class Format(StrEnum):
    """The forms of output."""

    TEXT = "text"
    JSON = "json"
    JSONL = "jsonl"


class Renderer(Protocol):
    """Writes what was found in one article after the other."""

    def write(self, name: str | int, article: Article, response: AttributeQuotesResponse) -> None:
        """Writes one article under its name; offsets are code points of its body."""


def renderer(form: Format, out: TextIO) -> Renderer:
    """The renderer of one form, writing to `out`."""
    match form:
        case Format.TEXT:
            return TextRenderer(out)
        case Format.JSON:
            return JsonRenderer(out)
        case Format.JSONL:
            return JsonlRenderer(out)
