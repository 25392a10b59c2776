"""The engine for a program of one's own: text in, a `Reading` out, in this process."""

from __future__ import annotations

import datetime
import threading
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from typing import Literal, overload
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from threadpoolctl import ThreadpoolController

from quoth_server.engine import pipeline
from quoth_server.engine.config import EngineConfig
from quoth_server.engine.errors import InvalidArticle, UnsupportedLanguage
from quoth_server.engine.types import Article, KnownSpeaker, Reading

__all__ = ["Attributor", "Published", "article", "unknown"]

Published = datetime.date | datetime.datetime | str | None
"""A day or an instant, or either as ISO 8601 text.

Nothing known is None, or what a table has in its place: an empty text, a NaN, a NaT, an NA.
"""


_PIPELINE = EngineConfig().pipeline


class Attributor:
    """Reads articles in this process, one at a time, on one core.

    The models are loaded once in a process, which takes some seconds, however many attributors
    it makes; an attributor that is pickled loads them where it arrives. Threads may share one and
    take turns. For all cores of a machine, or a limit on the time of an article, there is
    `quoth_server.embedded.Embedded`.

    Example:
        >>> from quoth_server.engine import Attributor
        >>> attributor = Attributor()
        >>> text = "“We are full,” Mayor Lena Holt said on Tuesday."
        >>> reading = attributor.attribute(text, published="2019-05-23")
        >>> for statement in reading.statements:
        ...     speaker = reading.speaker_of(statement)
        ...     print(speaker.display_name, statement.content_of(text), statement.date.date)
        Lena Holt We are full, 2019-05-21

    Args:
        pipeline: The installed spaCy pipeline that parses the text.

    Raises:
        ModelError: A model is missing or damaged.
    """

    def __init__(self, pipeline: str = _PIPELINE) -> None:
        self._name = pipeline
        self._engine, self._turn, self._threads = _loaded(pipeline)

    def __reduce__(self) -> tuple[type[Attributor], tuple[str]]:
        return Attributor, (self._name,)

    @property
    def version(self) -> str:
        """The version of rules and models together, such as `0.1.0+3f2a91c0`."""
        return self._engine.version

    def attribute(
        self,
        text: str,
        *,
        title: str = "",
        published: Published = None,
        time_zone: str = "",
        language: str = "",
        known_speakers: Iterable[KnownSpeaker] = (),
    ) -> Reading:
        """Finds who said what in one article.

        Args:
            text: The article; the offsets of the reading are code points of it.
            title: The headline.
            published: The day of publication, which relative dates count from. Without it, the
                text is searched for it.
            time_zone: An IANA time zone, such as `America/New_York`: the day of an instant of
                publication is then the one there, instead of the one at the instant's own offset.
            language: A BCP-47 code such as `en`; empty lets it be detected.
            known_speakers: Names, aliases, roles and ids that win over what the text alone says.

        Raises:
            InvalidArticle: An argument cannot be read; the message names it.
            UnsupportedLanguage: `language` is not English, or the text surely is not.
        """
        read = article(text, title, published, time_zone, language)
        return self._read(replace(read, known_speakers=tuple(known_speakers)))

    @overload
    def pipe(
        self,
        articles: Iterable[Article | str | tuple[str, Published]],
        *,
        time_zone: str = ...,
        return_exceptions: Literal[False] = ...,
    ) -> Iterator[Reading]: ...
    @overload
    def pipe(
        self,
        articles: Iterable[Article | str | tuple[str, Published]],
        *,
        time_zone: str = ...,
        return_exceptions: bool,
    ) -> Iterator[Reading | Exception]: ...
    def pipe(
        self,
        articles: Iterable[Article | str | tuple[str, Published]],
        *,
        time_zone: str = "",
        return_exceptions: bool = False,
    ) -> Iterator[Reading | Exception]:
        """Reads articles as they are iterated: one reading for each, in their order.

        Args:
            articles: Each an `Article`, a text, or a pair of a text and when it was published.
            time_zone: As in `attribute`, for the pairs.
            return_exceptions: Give the error of an article in the place of its reading and go on,
                rather than raise it and end.

        Raises:
            InvalidArticle: See `attribute`; a note says which article it was.
            UnsupportedLanguage: See `attribute`.

        Example:
            readings = attributor.pipe(zip(frame["text"], frame["published"]))
        """
        for position, given in enumerate(articles):
            try:
                reading = self._read(_article_of(given, time_zone))
            except MemoryError:
                raise
            except Exception as error:  # the barrier between articles, asked for
                error.add_note(f"in article {position}, counted from 0")
                if not return_exceptions:
                    raise
                yield error
            else:
                yield reading

    def _read(self, article: Article) -> Reading:
        # The parser is of one document at a time. More threads of its linear algebra cost a third
        # more processor time for the same answer, and fight where several processes read.
        with self._turn, self._threads.limit(limits=1, user_api="blas"):
            return self._engine.attribute(article)


@cache
def _loaded(name: str) -> tuple[pipeline.Pipeline, threading.Lock, ThreadpoolController]:
    engine = pipeline.load(EngineConfig(pipeline=name))
    return engine, threading.Lock(), ThreadpoolController()  # knows the libraries loaded by now


def _article_of(given: object, time_zone: str) -> Article:
    match given:
        case Article():
            return given
        case (text, published):
            return article(text, published=published, time_zone=time_zone)
        case _:
            return article(given)


def article(
    text: object,
    title: object = "",
    published: object = None,
    time_zone: str = "",
    language: str = "",
) -> Article:
    """The article that these make; see `Attributor.attribute`.

    Raises:
        InvalidArticle: One cannot be read.
        UnsupportedLanguage: `language` is not English.
    """
    if language and language.partition("-")[0].lower() != "en":
        raise UnsupportedLanguage(language)
    body = _text("text", text)
    if not body.strip():
        raise InvalidArticle("text", "it is empty or blank; give the text of an article")
    return Article(body, _text("title", title), _day(published, time_zone))


def _text(field: str, value: object) -> str:
    if not isinstance(value, str):
        raise InvalidArticle(field, f"{value!r} is a {type(value).__name__}; give a str")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise InvalidArticle(
            field, f"it has a lone surrogate at character {error.start}; decode it anew"
        ) from error
    return value


def _day(published: object, time_zone: str) -> datetime.date | None:
    """The calendar day of publication."""
    zone = _zone(time_zone)
    if unknown(published):
        return None
    if isinstance(published, str):
        published = _parsed(published)
    if isinstance(published, datetime.datetime):
        try:
            return (published.astimezone(zone) if zone and published.tzinfo else published).date()
        except OverflowError as error:
            raise InvalidArticle(
                "published", f"{published} is outside the years 1 to 9999 in {zone}"
            ) from error
    if isinstance(published, datetime.date):
        return published
    raise InvalidArticle(
        "published",
        f"{published!r} is a {type(published).__name__}; give a date, a datetime or ISO 8601 text",
    )


def unknown(published: object) -> bool:
    """Whether it is what a table has where nothing is known."""
    try:
        # A NaN and a NaT are unlike themselves; NA of pandas is neither like itself nor unlike.
        return published is None or published == "" or bool(published != published)
    except TypeError:
        return True


def _parsed(published: str) -> datetime.datetime:
    try:
        return datetime.datetime.fromisoformat(published)
    except ValueError as error:
        raise InvalidArticle(
            "published",
            f"{published!r} is not an ISO 8601 date; give one such as 2019-05-25 or "
            "2019-05-25T08:30-04:00",
        ) from error


def _zone(name: str) -> datetime.tzinfo | None:
    if not name:
        return None
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, ZoneInfoNotFoundError) as error:
        raise InvalidArticle(
            "time_zone", f"{name!r} is not an IANA time zone; give one such as 'America/New_York'"
        ) from error
