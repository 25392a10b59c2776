"""The engine for a program of one's own: text in, a `Reading` out, in this process."""

from __future__ import annotations

import contextlib
import datetime
import threading
from collections.abc import Iterable, Iterator, Sized
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Literal, overload
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from threadpoolctl import ThreadpoolController
from tqdm import tqdm

from quoth_server.engine import pipeline
from quoth_server.engine.config import EngineConfig
from quoth_server.engine.errors import InvalidArticle, UnsupportedLanguage
from quoth_server.engine.types import Article, KnownSpeaker
from quoth_server.results import Result, cores, frames

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Attributor", "Published", "article", "unknown"]

Published = datetime.date | datetime.datetime | str | None
"""A day or an instant, or either as ISO 8601 text.

Nothing known is None, or what a table has in its place: an empty text, a NaN, a NaT, an NA.
"""


_PIPELINE = EngineConfig().pipeline


class Attributor:
    """Reads articles in this process, one at a time, on one core; many also on all cores.

    The models are loaded once in a process, which takes some seconds, however many attributors
    it makes; an attributor that is pickled loads them where it arrives. Threads may share one and
    take turns. For a limit on the time of an article there is `quoth_server.embedded.Embedded`.

    Example:
        >>> from quoth_server.engine import Attributor
        >>> attributor = Attributor()
        >>> text = "“We are full,” Mayor Lena Holt said on Tuesday."
        >>> result = attributor.attribute(text, published="2019-05-23")
        >>> for statement in result.statements:
        ...     speaker = result.speaker_of(statement)
        ...     print(speaker.display_name, result.content_of(statement), statement.date.date)
        Lena Holt We are full, 2019-05-21

    Args:
        pipeline: The installed spaCy pipeline whose tokenizer and lemmatizer read the text.

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
    ) -> Result:
        """Finds who said what in one article.

        Args:
            text: The article; the offsets of the result are code points of it.
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

    def outcome(self, given: object, time_zone: str = "") -> Result | Exception:
        """The result of reading an article as `pipe` takes it, or the error that it meets."""
        try:
            return self._read(_article_of(given, time_zone))
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001 - the barrier between articles
            return error

    @overload
    def pipe(
        self,
        articles: Iterable[Article | str | tuple[str, Published]],
        *,
        time_zone: str = ...,
        return_exceptions: Literal[False] = ...,
        workers: int | None = ...,
        progress: bool = ...,
    ) -> Iterator[Result]: ...
    @overload
    def pipe(
        self,
        articles: Iterable[Article | str | tuple[str, Published]],
        *,
        time_zone: str = ...,
        return_exceptions: bool,
        workers: int | None = ...,
        progress: bool = ...,
    ) -> Iterator[Result | Exception]: ...
    def pipe(
        self,
        articles: Iterable[Article | str | tuple[str, Published]],
        *,
        time_zone: str = "",
        return_exceptions: bool = False,
        workers: int | None = 1,
        progress: bool = False,
    ) -> Iterator[Result | Exception]:
        """Reads articles as they are iterated: one result for each, in their order.

        Args:
            articles: Each an `Article`, a text, or a pair of a text and when it was published.
            time_zone: As in `attribute`, for the pairs.
            return_exceptions: Give the error of an article in place of its result and read the
                others, rather than raise it and end.
            workers: How many processes read, each with its own models; 1 is this process,
                None as many as there are cores. With more than one, a script needs the usual
                `if __name__ == "__main__":`, as for all of `multiprocessing`.
            progress: Show a bar of progress, on stderr.

        Raises:
            InvalidArticle: See `attribute`; a note says which article it was.
            UnsupportedLanguage: See `attribute`.
            ValueError: `workers` is less than 1.

        Example:
            results = attributor.pipe(zip(frame["text"], frame["published"]), workers=None)
        """
        if workers is not None and workers < 1:
            raise ValueError(f"workers is {workers}; give 1 or more, or None for all cores")
        return self._pipe(articles, time_zone, return_exceptions, workers, progress)

    def _pipe(
        self,
        articles: Iterable[object],
        time_zone: str,
        return_exceptions: bool,
        workers: int | None,
        progress: bool,
    ) -> Iterator[Result | Exception]:
        count = cores.available() if workers is None else workers
        outcomes = (
            (self.outcome(each, time_zone) for each in articles)
            if count == 1
            else cores.outcomes(self.outcome, articles, time_zone, count)
        )
        total = len(articles) if isinstance(articles, Sized) else None
        with contextlib.closing(outcomes):  # whatever happens, its processes end
            shown = tqdm(outcomes, total=total, unit="article", disable=not progress)
            for position, outcome in enumerate(shown):
                if isinstance(outcome, Exception):
                    outcome.add_note(f"in article {position}, counted from 0")
                    if not return_exceptions:
                        raise outcome
                yield outcome

    def frame(
        self,
        articles: Iterable[Article | str | tuple[str, Published]],
        *,
        time_zone: str = "",
        workers: int | None = 1,
        progress: bool = False,
    ) -> pd.DataFrame:
        """Reads articles into a pandas data frame, with a row for each statement.

        The column `article` has the position of the article, from 0, or its label in a `Series`;
        the others are those of `Result.rows`. An article that cannot be read has one row, which
        has nothing but `article` and `error`.

        Args:
            articles: As in `pipe`, and so are the next three.
            time_zone: See `articles`.
            workers: See `articles`.
            progress: See `articles`.

        Raises:
            ImportError: pandas is not installed.
            ValueError: `workers` is less than 1.

        Example:
            statements = attributor.frame(articles["text"], workers=None, progress=True)
        """
        frames.pandas()
        outcomes = self.pipe(
            articles,
            time_zone=time_zone,
            return_exceptions=True,
            workers=workers,
            progress=progress,
        )
        return frames.frame(frames.labels(articles), outcomes)

    def _read(self, article: Article) -> Result:
        # The parser is of one document at a time. More threads of linear algebra cost a third
        # more processor time for the same answer, and fight where several processes read.
        with self._turn, self._threads.limit(limits=1, user_api="blas"):
            return Result.of(self._engine.attribute(article), article)


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
            field, f"it has a lone surrogate at character {error.start}; decode it again"
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
