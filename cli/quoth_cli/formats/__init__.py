"""The forms of output, one module a form."""

from __future__ import annotations

from enum import StrEnum
from pathlib import PurePath
from typing import Protocol, TextIO

from quoth.v1 import Article, AttributeQuotesResponse
from quoth_cli.formats.csv import CsvRenderer
from quoth_cli.formats.html import HtmlRenderer
from quoth_cli.formats.json import JsonRenderer
from quoth_cli.formats.jsonl import JsonlRenderer
from quoth_cli.formats.jsonld import JsonLdRenderer
from quoth_cli.formats.text import TextRenderer
from quoth_cli.formats.webannotation import WebAnnotationRenderer
from quoth_cli.table.columns import TableOptions
from quoth_cli.table.rows import ArticleMeta

__all__ = ["Format", "Renderer", "format_of", "renderer"]


class Format(StrEnum):
    """The forms of output."""

    TEXT = "text"
    HTML = "html"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    XLSX = "xlsx"
    JSONLD = "jsonld"
    WEBANNOTATION = "webannotation"
    DOCBIN = "docbin"
    BRAT = "brat"


_SUFFIXES = {".htm": Format.HTML, ".spacy": Format.DOCBIN, ".txt": Format.TEXT} | {
    f".{each}": each
    for each in (Format.HTML, Format.JSON, Format.JSONL, Format.CSV, Format.XLSX, Format.JSONLD)
}


def format_of(output: str) -> Format:
    """The form that the end of a file's name says; text if it says none."""
    return _SUFFIXES.get(PurePath(output).suffix.lower(), Format.TEXT)


class Renderer(Protocol):
    """Writes what was found in one article after the other."""

    def write(self, meta: ArticleMeta, article: Article, response: AttributeQuotesResponse) -> None:
        """Writes one article under the id of `meta`; offsets are code points of its body."""

    def close(self) -> None:
        """Writes what is left; no article comes after. The caller closes what was opened."""


_TABLE = TableOptions()


def renderer(
    form: Format,
    out: TextIO,
    *,
    with_text: bool = False,
    table: TableOptions = _TABLE,
    several: bool = False,
) -> Renderer:
    """The renderer of one form of text, writing to `out`.

    Args:
        form: A form of text: not `XLSX`, `DOCBIN` or `BRAT`.
        out: Where it goes.
        with_text: Put each article's text into forms that have a place for it. A text that was
            extracted is always put there, but into CSV, whose rows have no places in it.
        table: The columns of CSV.
        several: Whether more than one article may come, so that JSON is an array.
    """
    match form:
        case Format.TEXT:
            return TextRenderer(out)
        case Format.HTML:
            return HtmlRenderer(out)
        case Format.JSON:
            return JsonRenderer(out, with_text=with_text, several=several)
        case Format.JSONL:
            return JsonlRenderer(out, with_text=with_text)
        case Format.CSV:
            return CsvRenderer(out, table, with_text=with_text)
        case Format.JSONLD:
            return JsonLdRenderer(out, with_text=with_text)
        case Format.WEBANNOTATION:
            return WebAnnotationRenderer(out)
        case _:
            raise ValueError(f"{form} is not a text format")
