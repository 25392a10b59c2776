"""The forms of output, one module a form."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol, TextIO

from quoth.v1 import Article, AttributeQuotesResponse
from quoth_cli.formats.csv import CsvRenderer
from quoth_cli.formats.html import HtmlRenderer
from quoth_cli.formats.json import JsonRenderer
from quoth_cli.formats.jsonl import JsonlRenderer
from quoth_cli.formats.jsonld import JsonLdRenderer
from quoth_cli.formats.text import TextRenderer
from quoth_cli.formats.webannotation import WebAnnotationRenderer
from quoth_cli.table.rows import ArticleMeta

__all__ = ["Format", "Renderer", "renderer"]


class Format(StrEnum):
    """The forms of output."""

    TEXT = "text"
    HTML = "html"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    JSONLD = "jsonld"
    WEBANNOTATION = "webannotation"
    DOCBIN = "docbin"
    BRAT = "brat"


class Renderer(Protocol):
    """Writes what was found in one article after the other."""

    def write(self, meta: ArticleMeta, article: Article, response: AttributeQuotesResponse) -> None:
        """Writes one article under the id of `meta`; offsets are code points of its body."""

    def close(self) -> None:
        """Writes what is left; no article comes after. The caller closes what was opened."""


def renderer(form: Format, out: TextIO, *, with_text: bool = False) -> Renderer:
    """The renderer of one form of text, writing to `out`.

    Args:
        form: A form of text: not `DOCBIN` or `BRAT`.
        out: Where it goes.
        with_text: Put each article's text into forms that have a place for it. A text that was
            extracted is always put there, but into CSV, whose columns are the same for all.
    """
    match form:
        case Format.TEXT:
            return TextRenderer(out)
        case Format.HTML:
            return HtmlRenderer(out)
        case Format.JSON:
            return JsonRenderer(out, with_text=with_text)
        case Format.JSONL:
            return JsonlRenderer(out, with_text=with_text)
        case Format.CSV:
            return CsvRenderer(out, with_text=with_text)
        case Format.JSONLD:
            return JsonLdRenderer(out, with_text=with_text)
        case Format.WEBANNOTATION:
            return WebAnnotationRenderer(out)
        case _:
            raise ValueError(f"{form} is no form of text")
