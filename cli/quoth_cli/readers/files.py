"""Files that are one article each: plain text, pages and documents, and what is none of them."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from typing import Any

from quoth_cli.pages.documents import KINDS
from quoth_cli.pages.extraction import looks_like_html
from quoth_cli.pages.process import fields_of_page
from quoth_cli.readers.base import BadRow, suffix_of
from quoth_cli.readers.texts import fields_of_text

__all__ = ["MANY_ARTICLES", "MAX_DOCUMENT_BYTES", "PAGES", "advice", "fields_of_file"]

MAX_DOCUMENT_BYTES = 64 * 1024 * 1024
"""The largest document that is read, pictures and all."""

PAGES = (".html", ".htm", ".xhtml")
MANY_ARTICLES = frozenset({".jsonl", ".ndjson", ".json", ".csv", ".tsv", ".parquet", ".warc"})
"""Files that hold many articles, which `quoth bulk` reads."""

_SAVE = "open it in a word processor and save it as .docx or plain text"
_ADVICE = (
    dict.fromkeys((".doc", ".odt", ".rtf", ".pages", ".wpd"), _SAVE)
    | dict.fromkeys((".epub", ".mobi"), "convert it to plain text, for example with: pandoc")
    | dict.fromkeys((".ppt", ".pptx", ".odp", ".key"), "export it as PDF or plain text")
    | dict.fromkeys((".xls", ".xlsx", ".ods"), "save its sheet as CSV, which quoth bulk reads")
    | dict.fromkeys(
        (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".gif", ".webp"),
        "it is an image; convert it to text first, for example with: ocrmypdf",
    )
)
_STARTS = ((b"%PDF-", ".pdf"), (b"{\\rtf", ".rtf"), (b"\xd0\xcf\x11\xe0", ".doc"))
_NEEDS = {"html": "trafilatura", "pdf": "pypdf", "docx": "docx"}


def advice(name: str) -> str:
    """Why a file is not read and what to do, by its name; empty if it may be read."""
    suffix = suffix_of(name)
    if suffix in _ADVICE:
        return f"{suffix} files are not supported: {_ADVICE[suffix]}"
    return ""


def fields_of_file(name: str, data: bytes, encoding: str = "") -> tuple[Mapping[str, Any], bool]:
    """The fields of the article of a file, and whether its text was extracted.

    Args:
        name: Its name, whose end says its kind, unless its beginning does.
        data: What is in it.
        encoding: What its text is in, where it is not UTF-8; empty if that is not known.

    Raises:
        BadRow: There is no article in it.
        ModuleNotFoundError: A package that its kind needs is not installed.
    """
    if why := advice(name):
        raise BadRow(why)
    suffix = suffix_of(name)
    if suffix in PAGES or looks_like_html(data):
        _need("html")
        return fields_of_page(data, encoding=encoding), True
    for start, kind in _STARTS:
        if suffix not in KINDS and data.startswith(start):
            suffix = kind
    if suffix in KINDS:
        _need(KINDS[suffix])
        return fields_of_page(data, kind=KINDS[suffix]), True
    if why := advice(f"a{suffix}"):
        raise BadRow(why)
    return fields_of_text(data, encoding), False


def _need(kind: str) -> None:
    module = _NEEDS[kind]
    if importlib.util.find_spec(module) is None:
        raise ModuleNotFoundError(f"No module named {module!r}", name=module)
