"""HTML pages, and archives of many of them."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Iterator, Mapping
from email.message import Message
from functools import partial
from pathlib import Path
from typing import Any

from quoth.archive.pages import NoArticle, extract
from quoth.archive.readers.base import BadRow, Record, Unreadable
from quoth.archive.readers.streams import MAX_BYTES, reading

__all__ = ["Warc", "fields_of_page", "zone_of"]

_HTML = ("text/html", "application/xhtml+xml")
_OK = "200"
_HOUR = datetime.timedelta(hours=1)


class Warc:
    """Reads the pages that a WARC has the answers of servers for; other records are passed over.

    The address of a page is its id.
    """

    def __init__(self, path: Path, place: str) -> None:
        self._path = path
        self._place = place
        self._taken = 0
        self.count = 0

    def records(self, first: int) -> Iterator[Record]:
        """See `Reader`."""
        from warcio.archiveiterator import ArchiveIterator
        from warcio.exceptions import ArchiveLoadFailed

        with reading(self._place), self._path.open("rb") as file:
            archive = ArchiveIterator(file)
            while True:
                try:
                    record = next(archive, None)
                    data = b""
                    if record is not None and _is_page(record) and self.count >= first:
                        data = record.content_stream().read(MAX_BYTES + 1)
                except ArchiveLoadFailed as error:
                    raise Unreadable(
                        f"{self._place}: damaged, or no WARC: {error}; get the file anew"
                    ) from error
                self._taken = file.tell()
                if record is None:
                    return
                if not _is_page(record):
                    continue
                self.count += 1
                url = record.rec_headers.get_header("WARC-Target-URI", "")
                charset = _content_type(record).get_param("charset", "")
                yield Record(
                    f"{self._place}:{self.count}",
                    url or str(self.count),
                    partial(fields_of_page, data, url, str(charset)),
                    extracted=True,
                )

    @property
    def taken(self) -> int:
        """See `Reader`."""
        return self._taken


def _is_page(record: Any) -> bool:
    return (
        record.rec_type == "response"
        and record.http_headers is not None
        and record.http_headers.get_statuscode() == _OK
        and _content_type(record).get_content_type() in _HTML
    )


def _content_type(record: Any) -> Message:
    header = Message()
    header["Content-Type"] = record.http_headers.get_header("Content-Type", "")
    return header


def fields_of_page(data: bytes, url: str = "", encoding: str = "") -> Mapping[str, Any]:
    """The fields of the article of a page, under the names that `ALIASES` has first.

    The language that the page declares is left out: it may be that of its frame, and the text
    tells better.

    Raises:
        BadRow: There is no article in it.
    """
    if len(data) > MAX_BYTES:
        raise BadRow(f"longer than {MAX_BYTES // 1024**2} MiB; no page of an article is")
    try:
        page = extract(data, url, encoding=encoding)
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
