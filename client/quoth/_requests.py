"""Messages of the contract from plain Python values."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import TypedDict

from quoth import v1
from quoth._errors import InvalidArticle

__all__ = ["Options", "Published", "article", "options"]

Published = datetime.date | datetime.datetime | str | None


class Options(TypedDict, total=False):
    """What `options` takes, as it is given on."""

    kinds: Iterable[v1.StatementKind.ValueType]
    min_confidence: float | None
    rejected: bool
    nonresponses: bool
    sentences: bool
    known_speakers: Iterable[v1.KnownSpeaker]
    offset_encoding: v1.OffsetEncoding.ValueType


def article(
    body: str,
    *,
    title: str = "",
    published: Published = None,
    time_zone: str = "",
    language: str = "",
    article_id: str = "",
    source_uri: str = "",
) -> v1.Article:
    """Makes the message of one article.

    Args:
        body: The text, exactly as offsets should count it.
        title: The headline.
        published: The day or the instant of publication, or either as ISO 8601 text. The day of
            an instant is the one at its own offset from UTC.
        time_zone: An IANA time zone, such as `America/New_York`: the day of an instant with an
            offset is then the one there.
        language: A BCP-47 code such as `en`; empty lets the server detect it.
        article_id: The caller's name for the article, for logs.
        source_uri: Where it was found, for logs.

    Raises:
        InvalidArticle: `published` is not a date, or a text is not valid Unicode.
    """
    try:
        message = v1.Article(
            article_id=article_id,
            title=title,
            body=body,
            time_zone=time_zone,
            language_code=language,
            source_uri=source_uri,
        )
        if published is not None:
            _set_publication(message, published)
    except UnicodeEncodeError as error:
        at = f"not valid Unicode: a text has a lone surrogate at character {error.start}"
        failure = InvalidArticle.of("article", at, "INVALID_TEXT")
        failure.article_id = article_id
        raise failure from error
    except InvalidArticle as error:
        error.article_id = article_id
        raise
    return message


def options(
    kinds: Iterable[v1.StatementKind.ValueType] = (),
    min_confidence: float | None = None,
    offset_encoding: v1.OffsetEncoding.ValueType = v1.OffsetEncoding.OFFSET_ENCODING_UTF32,
    rejected: bool = False,
    nonresponses: bool = False,
    sentences: bool = False,
    known_speakers: Iterable[v1.KnownSpeaker] = (),
) -> v1.AttributionOptions:
    """Makes the options of one request; they are checked by the server."""
    return v1.AttributionOptions(
        kinds=kinds,
        min_confidence=min_confidence,
        offset_encoding=offset_encoding,
        include_rejected_quotations=rejected,
        include_nonresponses=nonresponses,
        include_sentences=sentences,
        known_speakers=known_speakers,
    )


def _set_publication(message: v1.Article, published: datetime.date | str) -> None:
    """Sets the day, or, if only the server can tell it, the instant."""
    if isinstance(published, str):
        published = _parse(published)
    is_instant = isinstance(published, datetime.datetime) and published.utcoffset() is not None
    if not (is_instant and message.time_zone):
        message.publish_date.CopyFrom(
            v1.CalendarDate(year=published.year, month=published.month, day=published.day)
        )
        return
    assert isinstance(published, datetime.datetime)
    try:
        message.publish_time.FromDatetime(published)
    except OverflowError as error:
        raise InvalidArticle.of(
            "article.publish_time",
            f"{published} is outside the years 1 to 9999 in UTC; give the day alone",
            "INVALID_PUBLISH_TIME",
        ) from error


def _parse(published: str) -> datetime.datetime:
    try:
        return datetime.datetime.fromisoformat(published)
    except ValueError as error:
        raise InvalidArticle.of(
            "article.publish_date",
            f"{published!r} is not an ISO 8601 date; give one such as 2019-05-25 or "
            "2019-05-25T08:30-04:00",
            "INVALID_PUBLISH_DATE",
        ) from error
