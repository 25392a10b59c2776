"""What a page says about its article: JSON-LD of schema.org first, then `meta` and `time`."""

from __future__ import annotations

import datetime
import json
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from quoth_cli.dates import BadDate, iso_date

__all__ = ["Metadata", "iso_time", "metadata"]

_ARTICLE = re.compile(r"(?:^|[/:])\w*(?:Article|Posting|Report)$")
_COMMENT = re.compile(r"^\s*(?:<!--|/\*<!\[CDATA\[\*/|<!\[CDATA\[)|(?:-->|/\*\]\]>\*/|\]\]>)\s*$")
# Some pages give year 1 or the beginning of Unix time for "not known".
_FIRST_YEAR = 1800
_LONGEST_TITLE = 2000
_EPOCH = datetime.date(1970, 1, 1)

_PUBLISHED = (
    "article:published_time",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "dc.date.issued",
    "dcterms.issued",
    "pubdate",
    "publishdate",
    "publish-date",
    "publish_date",
    "date",
)
_UPDATED = (
    "article:modified_time",
    "datemodified",
    "og:updated_time",
    "dc.date.modified",
    "dcterms.modified",
    "last-modified",
    "lastmod",
)


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a page says; empty where it says nothing. Times are ISO 8601, as fine as given."""

    published: str = ""
    updated: str = ""
    author: str = ""
    section: str = ""


def metadata(tree: Any, url: str = "") -> Metadata:
    """What the markup of a page says about its article.

    Args:
        tree: The page, as lxml has it.
        url: Its address, which tells its own JSON-LD from that of other articles it lists.
    """
    data = _article_data(tree, url)
    named = _named(tree)
    return Metadata(
        published=_first_time([data.get("datePublished"), *_values(named, _PUBLISHED)]),
        updated=_first_time([data.get("dateModified"), *_values(named, _UPDATED)]),
        author=", ".join(_names(data.get("author"))),
        section=_first_text([data.get("articleSection"), *named.get("article:section", [])]),
    )


def iso_time(text: str) -> str:
    """A day or a time that a page gives, in ISO 8601; empty if it is none."""
    try:
        found = iso_date(text)
    except BadDate:
        return ""
    day = datetime.date.fromisoformat(found[:10])
    return found if day.year >= _FIRST_YEAR and day != _EPOCH else ""


def _first_time(values: Iterable[Any]) -> str:
    return next((time for each in values if isinstance(each, str) and (time := iso_time(each))), "")


def _first_text(values: Iterable[Any]) -> str:
    for value in values:
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, str) and each.strip():
                return " ".join(each.split())
    return ""


def _names(author: Any) -> Iterator[str]:
    """The names of a JSON-LD author: a text, a person, or several of either."""
    match author:
        case str() if author.strip() and "://" not in author:
            yield " ".join(author.split())
        case dict():
            yield from _names(author.get("name"))
        case list():
            for each in author:
                yield from _names(each)


# ---- meta and time ---------------------------------------------------------------------


def _named(tree: Any) -> dict[str, list[str]]:
    """The values of `meta` and of microdata by their names in lower case, in order."""
    named: dict[str, list[str]] = {}
    for element in tree.iter("meta", "time"):
        value = element.get("content") or element.get("datetime")
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            for name in (element.get(attribute) or "").lower().split():
                if value:
                    named.setdefault(name, []).append(value)
        if element.tag == "time" and element.get("pubdate") is not None and value:
            named.setdefault("pubdate", []).append(value)
    return named


def _values(named: Mapping[str, list[str]], names: Iterable[str]) -> Iterator[str]:
    for name in names:
        yield from named.get(name, ())


# ---- JSON-LD ---------------------------------------------------------------------------


def _article_data(tree: Any, url: str) -> dict[str, Any]:
    """The JSON-LD node of the page's own article; empty if there is none."""
    title = " ".join((tree.findtext(".//title") or "")[:_LONGEST_TITLE].split()).casefold()
    found = list(_article_nodes(tree))
    return max(found, key=lambda node: _fitness(node, title, url), default={})


def _fitness(node: Mapping[str, Any], title: str, url: str) -> int:
    """How much speaks for a node being the page's own and not a link to another article."""
    page = node.get("mainEntityOfPage")
    places = [node.get("url"), node.get("@id"), page.get("@id") if isinstance(page, dict) else page]
    headline = node.get("headline")
    return (
        4 * (bool(url) and url in places)
        + 2 * (isinstance(headline, str) and bool(headline) and headline.casefold() in title)
        + ("datePublished" in node)
    )


def _article_nodes(tree: Any) -> Iterator[dict[str, Any]]:
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or "").lower():
            try:
                document = json.loads(_COMMENT.sub("", script.text or ""), strict=False)
            except (ValueError, RecursionError):
                continue  # broken data says nothing
            yield from _nodes(document)


def _nodes(document: Any) -> Iterator[dict[str, Any]]:
    """Yields the articles anywhere in a document, outer ones and earlier ones first."""
    waiting = deque([document])
    while waiting:
        value = waiting.popleft()
        if isinstance(value, list):
            waiting.extendleft(reversed(value))
        elif isinstance(value, dict):
            types = value.get("@type")
            if any(
                isinstance(each, str) and _ARTICLE.search(each)
                for each in (types if isinstance(types, list) else [types])
            ):
                yield value
            waiting.extend(each for each in value.values() if isinstance(each, dict | list))
