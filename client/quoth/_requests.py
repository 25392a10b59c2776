"""Messages of the contract from plain Python values."""

from __future__ import annotations

import datetime
import zoneinfo
from collections.abc import Iterable

from google.protobuf.timestamp_pb2 import Timestamp

from quoth._errors import InvalidArticle
from quoth.v1 import Article, AttributionOptions, OffsetEncoding, StatementKind

__all__ = ["Published", "article", "options"]

Published = datetime.date | datetime.datetime | str | None


def article(
    body: str,
    *,
    title: str = "",
    published: Published = None,
    time_zone: str = "",
    language: str = "",
    article_id: str = "",
    source_uri: str = "",
) -> Article:
    """Makes the message of one article.

    Args:
        body: The text, exactly as offsets should count it.
        title: The headline.
        published: The day or the instant of publication, or either as ISO 8601 text. A day, and
            an instant without a zone of its own, are taken in `time_zone`.
        time_zone: The IANA time zone of the dateline, such as `America/New_York`; empty is UTC.
        language: A BCP-47 code such as `en`; empty lets the server detect it.
        article_id: The caller's name for the article, for logs.
        source_uri: Where it was found, for logs.

    Raises:
        InvalidArticle: `published` is no date, `time_zone` is needed to read it and not known
            here, or a text is not valid Unicode.
    """
    try:
        return _article(body, title, published, time_zone, language, article_id, source_uri)
    except InvalidArticle as error:
        error.article_id = article_id
        raise


def _article(
    body: str,
    title: str,
    published: Published,
    time_zone: str,
    language: str,
    article_id: str,
    source_uri: str,
) -> Article:
    try:
        message = Article(
            article_id=article_id,
            title=title,
            body=body,
            time_zone=time_zone,
            language_code=language,
            source_uri=source_uri,
        )
    except UnicodeEncodeError as error:
        raise InvalidArticle.of(
            "article",
            f"not valid Unicode: a text has a lone surrogate at character {error.start}",
            "INVALID_TEXT",
        ) from error
    if published is not None:
        message.publish_time.CopyFrom(_timestamp(published, time_zone))
    return message


def options(
    kinds: Iterable[StatementKind.ValueType] = (),
    min_confidence: float | None = None,
    offset_encoding: OffsetEncoding.ValueType = OffsetEncoding.OFFSET_ENCODING_UTF32,
    rejected: bool = False,
) -> AttributionOptions:
    """Makes the options of one request; they are checked by the server."""
    return AttributionOptions(
        kinds=kinds,
        min_confidence=min_confidence,
        offset_encoding=offset_encoding,
        include_rejected_quotations=rejected,
    )


def _timestamp(published: datetime.date | str, time_zone: str) -> Timestamp:
    if isinstance(published, str):
        published = _parse(published)
    moment = (
        published
        if isinstance(published, datetime.datetime)
        else datetime.datetime.combine(published, datetime.time())
    )
    try:
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=_zone(time_zone))
        timestamp = Timestamp()
        timestamp.FromDatetime(moment.astimezone(datetime.UTC))
    except OverflowError as error:
        raise InvalidArticle.of(
            "article.publish_time",
            f"{published} is outside the years 1 to 9999 in UTC",
            "INVALID_PUBLISH_TIME",
        ) from error
    return timestamp


def _parse(published: str) -> datetime.date:
    try:
        # A date alone must stay one: `datetime.fromisoformat` would make it a time.
        if len(published) <= len("2019-05-25"):
            return datetime.date.fromisoformat(published)
        return datetime.datetime.fromisoformat(published)
    except ValueError as error:
        raise InvalidArticle.of(
            "article.publish_time",
            f"{published!r} is no date in ISO 8601, such as 2019-05-25 or 2019-05-25T08:30-04:00",
            "INVALID_PUBLISH_TIME",
        ) from error


def _zone(name: str) -> datetime.tzinfo:
    if not name:
        return datetime.UTC
    try:
        return zoneinfo.ZoneInfo(name)
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError) as error:
        raise InvalidArticle.of(
            "article.time_zone",
            f"{name!r} is no time zone known here; give an IANA name such as America/New_York",
            "INVALID_TIME_ZONE",
        ) from error
