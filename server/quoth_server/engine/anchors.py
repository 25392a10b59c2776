"""Step 1: the anchor date, the day that "on Tuesday" and "last month" count from."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence

from quoth_server.engine import calendar_dates
from quoth_server.engine.types import Anchor, AnchorBasis, Article, Paragraph, ParagraphKind

__all__ = ["find"]

_PUBLISHING = re.compile(r"\b(?:publish|post|issu|releas|fil)ed\b", re.IGNORECASE)
_DATELINE_END = re.compile(r"\s*(?:[—–―]|--|\s-\s)")
_MAX_DATELINE = 120  # characters up to the dash
_SMALL_WORDS = frozenset({"and", "at", "de", "del", "in", "of", "on", "the"})


def find(article: Article, paragraphs: Sequence[Paragraph]) -> Anchor | None:
    """Finds the anchor date: the request's, else one that the text gives.

    In the text, a "Published" line goes first, then a dateline ("GENEVA, May 8, 2019 (Agency) —"),
    then an "Updated" line. A dateline without a year takes it from an "Updated" line.
    """
    if article.published:
        return Anchor(article.published, AnchorBasis.REQUEST)
    published = _header_dates(article.body, paragraphs, ParagraphKind.PUBLISHED)
    updated = _header_dates(article.body, paragraphs, ParagraphKind.UPDATED)
    latest = next(iter(updated), None)
    found = [*published, *_dateline_dates(article.body, paragraphs, latest), *updated]
    return Anchor(found[0], AnchorBasis.TEXT) if found else None


def _header_dates(
    body: str, paragraphs: Sequence[Paragraph], kind: ParagraphKind
) -> list[datetime.date]:
    days = []
    for paragraph in (p for p in paragraphs if p.kind is kind):
        line = paragraph.span.of(body)
        told = _PUBLISHING.search(line) if kind is ParagraphKind.PUBLISHED else None
        dates = [d for d in calendar_dates.find(line) if d.year]
        after = [d for d in dates if told and d.span.start >= told.end()]
        days += [datetime.date(d.year, d.month, d.day) for d in (after or dates)[:1]]
    return days


def _dateline_dates(
    body: str, paragraphs: Sequence[Paragraph], latest: datetime.date | None
) -> Iterator[datetime.date]:
    first = next((p.span for p in paragraphs if p.kind is ParagraphKind.BODY), None)
    dash = first and _DATELINE_END.search(body, first.start, min(first.end, first.start + _MAX_DATELINE))
    if not first or not dash:
        return
    dates = list(calendar_dates.find(body, first.start, dash.start()))
    rest = body[first.start : dash.start()]
    if dates:
        span = dates[0].span
        rest = body[first.start : span.start] + body[span.end : dash.start()]
    if len(dates) != 1 or not _is_place_and_agency(rest):
        return
    if dates[0].year:
        yield datetime.date(dates[0].year, dates[0].month, dates[0].day)
    elif latest:
        yield _latest(dates[0].month, dates[0].day, latest)


def _is_place_and_agency(text: str) -> bool:
    """Whether all words are names, as in "NEW YORK, (Agency)", so that it is no sentence."""
    words = re.findall(r"[^\W\d_][\w.'’-]*", text)
    return bool(words) and all(w[0].isupper() or w in _SMALL_WORDS for w in words)


def _latest(month: int, day: int, until: datetime.date) -> datetime.date:
    """The latest such day up to and including `until`."""
    year = until.year
    while not calendar_dates.is_day(year, month, day) or datetime.date(year, month, day) > until:
        year -= 1
    return datetime.date(year, month, day)
