"""Step 1: the anchor date, the day that "on Tuesday" and "last month" count from."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence

from quoth_server.engine import calendar_dates
from quoth_server.engine.types import (
    AnchorBasis,
    AnchorDate,
    Article,
    Paragraph,
    ParagraphKind,
    Span,
)

__all__ = ["dateline", "find"]

_PUBLISHING = re.compile(r"\b(?:publish|post|issu|releas|fil)ed\b", re.IGNORECASE)
_DATELINE_END = re.compile(r"\s*(?:[—–―]|--|\s-\s)")
_IN_PARENTHESES = re.compile(r"\([^()\n]{4,80}\)(?=\s+\S)")
_WORD = re.compile(r"[^\W\d_][\w.'’-]*")
_MAX_DATELINE = 120  # characters up to the dash
_SMALL_WORDS = frozenset({"and", "at", "de", "del", "in", "of", "on", "the"})


def find(article: Article, paragraphs: Sequence[Paragraph]) -> AnchorDate | None:
    """Finds the anchor date: the request's, else one that the text gives.

    In the text, a "Published" line goes first, then a dateline ("GENEVA, May 8, 2019 (Agency) —"),
    then an "Updated" line. A dateline without a year takes it from an "Updated" line.
    """
    if article.published:
        return AnchorDate(article.published, AnchorBasis.REQUEST)
    published = _header_dates(article.body, paragraphs, ParagraphKind.PUBLISHED)
    updated = _header_dates(article.body, paragraphs, ParagraphKind.UPDATED)
    latest = next(iter(updated), None)
    line = dateline(article.body, paragraphs)
    found = [*published, *_dateline_dates(article.body, line, latest), *updated]
    return AnchorDate(found[0], AnchorBasis.TEXT) if found else None


def _header_dates(
    body: str, paragraphs: Sequence[Paragraph], kind: ParagraphKind
) -> list[datetime.date]:
    days = []
    for paragraph in (p for p in paragraphs if p.kind is kind):
        line = paragraph.span.of(body)
        told = _PUBLISHING.search(line) if kind is ParagraphKind.PUBLISHED else None
        dates = [d for d in calendar_dates.find(line) if d.year]
        after = [d for d in dates if told and d.span.start_offset >= told.end()]
        days += [datetime.date(d.year, d.month, d.day) for d in (after or dates)[:1]]
    return days


def dateline(body: str, paragraphs: Sequence[Paragraph]) -> Span | None:
    """The dateline that opens the text, up to its dash: "GENEVA, May 8, 2019 (Agency)".

    One in parentheses, "(May 8, 2019)", has a date and needs no dash.
    """
    first = next((p.span for p in paragraphs if p.kind is ParagraphKind.BODY), None)
    if first is None:
        return None
    aside = _IN_PARENTHESES.match(body, first.start_offset, first.end_offset)
    if aside is not None and any(calendar_dates.find(aside.group())):
        span = Span(*aside.span())
        return span if _is_dateline(span.of(body), bare=True) else None
    dash = _DATELINE_END.search(
        body, first.start_offset, min(first.end_offset, first.start_offset + _MAX_DATELINE)
    )
    if dash is None:
        return None
    span = Span(first.start_offset, dash.start())
    return span if _is_dateline(span.of(body)) else None


def _is_dateline(text: str, bare: bool = False) -> bool:
    """Whether there is nothing in a text but names and dates; with `bare`, no name is needed."""
    for date in reversed(list(calendar_dates.find(text))):
        text = text[: date.span.start_offset] + text[date.span.end_offset :]
    words = _WORD.findall(text)
    return (bare or bool(words)) and all(w[0].isupper() or w in _SMALL_WORDS for w in words)


def _dateline_dates(
    body: str, span: Span | None, latest: datetime.date | None
) -> Iterator[datetime.date]:
    dates = list(calendar_dates.find(body, span.start_offset, span.end_offset)) if span else []
    if len(dates) != 1:
        return
    date = dates[0]
    if date.year:
        yield datetime.date(date.year, date.month, date.day)
    elif latest:
        yield _latest(date.month, date.day, latest)


def _latest(month: int, day: int, until: datetime.date) -> datetime.date:
    """The latest such day up to and including `until`."""
    year = until.year
    while not calendar_dates.is_day(year, month, day) or datetime.date(year, month, day) > until:
        year -= 1
    return datetime.date(year, month, day)
