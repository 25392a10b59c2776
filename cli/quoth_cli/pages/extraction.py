"""The article of a page: its text by trafilatura, its day by htmldate where no markup tells it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from quoth_cli.pages.encoding import decode
from quoth_cli.pages.metadata import metadata
from quoth_cli.readers.base import BadRow

__all__ = ["Extracted", "extract", "looks_like_html"]

# Shorter texts are what is left of a page without its article, such as "Subscribe to read on".
_SHORTEST = 100

_BLOCKS = frozenset(
    ("ab", "body", "cell", "div", "fw", "head", "item", "list", "p", "quote", "row", "table")
)
_START = re.compile(
    # Nothing that was passed is looked at again, so that time is in proportion to the length.
    rb"(?:\xef\xbb\xbf)?\s*+(?:<\?xml[^>]*+>\s*+)?+(?:(?><!--.*?-->)\s*+)*+"
    rb"<(?:!doctype\s+html|html)\b",
    re.I | re.S,
)
# Two breaks of lines are how many pages divide paragraphs; trafilatura makes one of them.
_BREAKS = re.compile(r"(?:<br\b[^<>]*+>\s*+){2,}+", re.IGNORECASE)
_BLANKS = re.compile(r"[^\S\n]+")
_LINE_ENDS = re.compile(r" ?\n ?")
_SEVERAL = re.compile(r"\n{2,}")


@dataclass(frozen=True, slots=True)
class Extracted:
    """The article of a page or a document; empty is what it does not tell.

    The language that a page declares is left out: it may be that of its frame, and the text tells
    better.

    Attributes:
        text: Its paragraphs, divided by blank lines, which offsets count in.
        title: The headline, which is not in the text.
        published: When it was first published: ISO 8601, a day or a time, with its offset from
            UTC if the page gives one.
        updated: When it was last changed, in the same form.
        author: Who wrote it; several are divided by a comma.
        section: The part of the paper it stands in.
        url: The address that the page gives itself, else the one it was found at.
    """

    text: str
    title: str = ""
    published: str = ""
    updated: str = ""
    author: str = ""
    section: str = ""
    url: str = ""


def looks_like_html(data: bytes) -> bool:
    """Whether bytes begin as a page does."""
    return _START.match(data[:4096]) is not None


def extract(html: bytes, url: str = "", *, encoding: str = "") -> Extracted:
    """Finds the article of a page.

    Args:
        html: The page.
        url: Where it was found.
        encoding: What its Content-Type said of its encoding.

    Raises:
        BadRow: There is none, or it is too short to be one.
        ModuleNotFoundError: The extra `html` is not installed.
    """
    from trafilatura import bare_extraction, load_html

    page = _BREAKS.sub("<p>", decode(html, encoding).replace("\0", ""))
    tree = load_html(page)
    if tree is None:
        raise BadRow("is not a readable HTML page; check what was saved")
    found = bare_extraction(
        page, url=url or None, include_comments=False, include_tables=False, with_metadata=True
    )
    # The type allows for dictionaries, which come only when they are asked for.
    if found is None or isinstance(found, dict):
        raise BadRow(_NOTHING)
    title = " ".join((found.title or "").split())
    text = _text(found.body, title)
    if len(text) < _SHORTEST:
        raise BadRow(_NOTHING)
    address = found.url or url
    told = metadata(tree, address)
    return Extracted(
        text=text,
        title=title,
        published=told.published or _day(page, address),
        updated=told.updated,
        author=told.author or ", ".join((found.author or "").split("; ")),
        section=told.section or next(iter(found.categories or ()), ""),
        url=address,
    )


_NOTHING = (
    "no article was found in the page: it may be a list, a video or a stub before a paywall; give "
    "its text as a file if it has one"
)


def _day(page: str, url: str) -> str:
    """The day of publication that marked-up words or the address tell; empty if none do.

    Words anywhere else in the page are left alone: a day that is wrong is worse than none.
    """
    from htmldate import find_date

    return find_date(page, extensive_search=False, original_date=True, url=url or None) or ""


def _text(body: Any, title: str) -> str:
    """The paragraphs of an extracted body, without a headline at their head."""
    clean = [_plain("".join(pieces)) for pieces in _paragraphs(body)]
    kept = [paragraph for paragraph in clean if paragraph]
    if kept and title and kept[0].casefold() == title.casefold():
        del kept[0]
    return "\n\n".join(kept)


def _paragraphs(element: Any) -> list[list[str]]:
    """The text of an element in pieces, those of a new paragraph at each bound of a block."""
    from lxml import etree

    paragraphs: list[list[str]] = [[]]
    for event, each in etree.iterwalk(element, events=("start", "end")):
        if each.tag == "lb" and event == "start":
            paragraphs[-1].append("\n")
        elif each.tag in _BLOCKS:
            paragraphs.append([])
        text = each.text if event == "start" else each.tail
        if text and not (event == "end" and each is element):
            # Ends of lines in the markup are blanks; those that are meant are `lb`.
            paragraphs[-1].append(text.replace("\n", " "))
    return paragraphs


def _plain(paragraph: str) -> str:
    lines = _LINE_ENDS.sub("\n", _BLANKS.sub(" ", paragraph)).strip()
    return _SEVERAL.sub("\n\n", lines)
