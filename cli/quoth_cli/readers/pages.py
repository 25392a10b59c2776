"""HTML pages: the fields of the article of one."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Mapping
from typing import Any

from quoth_cli.pages import NoArticle, extract_apart
from quoth_cli.readers.base import BadRow

__all__ = ["fields_of_page", "zone_of"]

_HOUR = datetime.timedelta(hours=1)


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
        "time_zone": zone_of(page.published),
    }


def zone_of(published: str) -> str:
    """A time zone in which a time with an offset is on the day that it was published on.

    At half past eleven in New York it is the next day in UTC, from which weekdays would then be
    counted. Offsets of whole hours have a zone of their own; others, as India's, give none.
    """
    with contextlib.suppress(ValueError):
        offset = datetime.datetime.fromisoformat(published).utcoffset()
        if offset and not offset % _HOUR:
            # The sign of these zones is the other way round: they are west of Greenwich.
            return f"Etc/GMT{-(offset // _HOUR):+d}"
    return ""
