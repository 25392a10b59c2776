"""Articles of files that are one each: plain text, or a page of HTML."""

from __future__ import annotations

import importlib.util
from pathlib import PurePath

import quoth
from quoth import InvalidArticle
from quoth_cli.exits import Exit, Failure
from quoth_cli.inputs import STDIN, Defaults, read_bytes, text_of
from quoth_cli.readers import BadRow, FieldMap
from quoth_cli.readers.pages import fields_of_page
from quoth_cli.reading import Item
from quoth_cli.table.rows import ArticleMeta

__all__ = ["is_page", "item_of"]

_SUFFIXES = (".html", ".htm", ".xhtml")


def is_page(path: str, data: bytes = b"") -> bool:
    """Whether a file is a page, by its name, or by how it begins."""
    from quoth_cli.pages import looks_like_html

    return PurePath(path).suffix.lower() in _SUFFIXES or looks_like_html(data)


def item_of(path: str, name: str, defaults: Defaults) -> Item:
    """The article of a file, or of standard input for `-`, or why there is none.

    Args:
        path: The file.
        name: What it is to be called in the output.
        defaults: What the user says of it. Of a page, that comes before what the page says.
    """
    place = "standard input" if path == STDIN else path
    try:
        data = read_bytes(path)
        if is_page(path, data):
            return _page(data, place, name, defaults)
        article = quoth.article(
            text_of(data, place),
            title=defaults.title,
            published=defaults.published or None,
            time_zone=defaults.time_zone,
            language=defaults.language,
        )
    except Failure as problem:
        return Item(place, path, problem=problem)
    meta = ArticleMeta(name, title=defaults.title, published=defaults.published)
    return Item(place, path, article, meta=meta)


def _page(data: bytes, place: str, name: str, defaults: Defaults) -> Item:
    if importlib.util.find_spec("trafilatura") is None:
        raise Failure(
            Exit.MISSING_PACKAGE,
            f"{place}: is a page of HTML, which needs trafilatura; install it with: "
            "pip install 'quoth-cli[html]'",
        )
    given = {
        "title": defaults.title,
        "published": defaults.published,
        "time_zone": defaults.time_zone,
        "language": defaults.language,
    }
    try:
        fields = {**fields_of_page(data), **{key: value for key, value in given.items() if value}}
        _, article, meta = FieldMap().article(fields, name, extracted=True)
    except BadRow as error:
        raise Failure(Exit.INPUT, f"{place}: {error}") from error
    except InvalidArticle as problem:
        return Item(place, name, problem=problem)
    return Item(place, name, article, meta=meta)
