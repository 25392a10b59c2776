"""HTML pages and documents: the fields of the article of one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from quoth_cli.pages import NoArticle, extract_apart
from quoth_cli.readers.base import BadRow

__all__ = ["fields_of_document", "fields_of_page"]


def fields_of_page(data: bytes, url: str = "", encoding: str = "") -> Mapping[str, Any]:
    """The fields of the article of a page, under the names that `ALIASES` has first.

    The language that the page declares is left out: it may be that of its frame, and the text
    tells better.

    Raises:
        BadRow: There is no article in it.
    """
    try:
        page = extract_apart(data, url, encoding=encoding)
    except NoArticle as error:
        raise BadRow(str(error)) from error
    return {
        "text": page.text,
        "title": page.title,
        "published": page.published,
        "updated": page.updated,
        "url": page.url,
        "author": page.author,
        "section": page.section,
    }


def fields_of_document(data: bytes, kind: str) -> Mapping[str, Any]:
    """The fields of a document: its text and the headline over it.

    What else it tells of itself is of the file and not of the article.

    Args:
        data: The file.
        kind: One of `quoth_cli.pages.documents.KINDS`.

    Raises:
        BadRow: There is no text in it.
    """
    try:
        document = extract_apart(data, kind=kind)
    except NoArticle as error:
        raise BadRow(str(error)) from error
    return {"text": document.text, "title": document.title}
