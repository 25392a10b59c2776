"""The forms of output, one module a form."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path, PurePath
from typing import Any

from quoth_cli.formats.brat import BratRenderer
from quoth_cli.formats.csv import CsvRenderer
from quoth_cli.formats.docbin import DocBinRenderer
from quoth_cli.formats.html import HtmlRenderer
from quoth_cli.formats.json import DOCUMENTS, JsonRenderer
from quoth_cli.formats.renderer import Renderer
from quoth_cli.formats.text import TextRenderer
from quoth_cli.formats.xlsx import XlsxRenderer
from quoth_cli.table.columns import TableOptions

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


_TABLE = TableOptions()


def renderer(
    form: Format,
    out: Any,
    *,
    with_text: bool = False,
    table: TableOptions = _TABLE,
    several: bool = False,
) -> Renderer:
    """The renderer of a form, writing to `out`.

    Args:
        form: The form.
        out: Where it goes: a file of text, of bytes for `XLSX` and `DOCBIN`, a folder for `BRAT`.
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
        case Format.CSV:
            return CsvRenderer(out, table, with_text=with_text)
        case Format.XLSX:
            return XlsxRenderer(out, table, with_text=with_text)
        case Format.DOCBIN:
            return DocBinRenderer(out)
        case Format.BRAT:
            return BratRenderer(Path(out))
        case _:
            return JsonRenderer(
                out,
                DOCUMENTS[form],
                with_text=with_text,
                indent=None if form is Format.JSONL else 2,
                several=several and form is Format.JSON,
            )
