"""The engine without a server, behind the calls of `quoth.Client`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Self

import grpc
from google.protobuf import duration_pb2

import quoth
import quoth_server
from quoth import Outcome, QuothError, v1
from quoth._errors import from_item
from quoth._requests import Published, options
from quoth_server import settings
from quoth_server.engine.config import EngineConfig
from quoth_server.engine.errors import UnsupportedLanguage
from quoth_server.engine.types import Article
from quoth_server.service import convert, errors
from quoth_server.service.quarantine import digest
from quoth_server.service.solo import SoloWorker
from quoth_server.service.validation import LANGUAGES, Rules, validate
from quoth_server.service.worker import (
    Done,
    EngineSpec,
    Failed,
    Loaded,
    NotLoaded,
    ReadingTimeout,
    WorkerLost,
)

__all__ = ["Embedded"]


class Embedded:
    """Attributes articles in a process of its own, one at a time, without a server.

    It answers and fails as a server with the same `QUOTH_*` settings does, and is used as
    `quoth.Client` is: in a `with` statement, or it is closed when it is no longer needed, or the
    program ends. The process, which takes some seconds to load the engine, is started when it is
    first needed, and again after an article that took too long or ended it. Not safe between
    threads.

    Raises:
        BadSettings: A `QUOTH_*` variable is wrong.
    """

    def __init__(self) -> None:
        self._settings = settings.read([])
        self._rules = Rules(
            max_body_characters=self._settings.max_body_characters,
            min_confidence=self._settings.min_confidence,
        )
        self._worker: SoloWorker | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the process."""
        if self._worker:
            self._worker.end()
        self._worker = None

    def attribute(
        self,
        body: str,
        *,
        title: str = "",
        published: Published = None,
        time_zone: str = "",
        language: str = "",
        kinds: Iterable[v1.StatementKind.ValueType] = (),
        min_confidence: float | None = None,
        rejected: bool = False,
        offset_encoding: v1.OffsetEncoding.ValueType = v1.OffsetEncoding.OFFSET_ENCODING_UTF32,
        timeout: float | None = None,
    ) -> v1.AttributeQuotesResponse:
        """Finds who said what in one article; see `quoth.Client.attribute`."""
        article = quoth.article(
            body, title=title, published=published, time_zone=time_zone, language=language
        )
        wanted = options(kinds, min_confidence, offset_encoding, rejected)
        return self._outcome(0, article, wanted, timeout).unwrap()

    def attribute_many(
        self,
        articles: Iterable[v1.Article],
        *,
        ordered: bool = True,
        in_flight: int = 1,
        kinds: Iterable[v1.StatementKind.ValueType] = (),
        min_confidence: float | None = None,
        rejected: bool = False,
        offset_encoding: v1.OffsetEncoding.ValueType = v1.OffsetEncoding.OFFSET_ENCODING_UTF32,
        timeout: float | None = None,
    ) -> Iterator[Outcome]:
        """Attributes articles as they are iterated; see `quoth.Client.attribute_many`.

        `ordered` and `in_flight` change nothing: articles are read one after the other. One that
        is not finished within `timeout` seconds has an error, and the rest go on.
        """
        del ordered, in_flight
        wanted = options(kinds, min_confidence, offset_encoding, rejected)
        for index, article in enumerate(articles):
            yield self._outcome(index, article, wanted, timeout)

    def server_info(self, *, timeout: float | None = None) -> v1.GetServerInfoResponse:
        """The versions, the limits and the abilities of the engine; `timeout` changes nothing."""
        del timeout
        engine = self._ready()[1]
        deadline = duration_pb2.Duration()
        deadline.FromMilliseconds(round(1000 * self._settings.max_deadline))
        return convert.server_info(
            quoth_server.__version__,
            engine.version,
            engine.components,
            v1.Limits(
                max_body_characters=self._rules.max_body_characters,
                max_request_bytes=self._settings.max_request_bytes,
                max_deadline=deadline,
            ),
        )

    def _ready(self) -> tuple[SoloWorker, Loaded]:
        """A worker that has loaded the engine, and what it loaded."""
        if self._worker is None or not self._worker.end.alive:
            spec = EngineSpec(self._settings.engine, EngineConfig(pipeline=self._settings.pipeline))
            self._worker = SoloWorker(spec, self._settings.max_deadline)
        try:
            loaded = self._worker.loaded()
        except WorkerLost as error:
            raise QuothError(f"{self._settings.engine} cannot be loaded: {error}") from error
        if isinstance(loaded, NotLoaded):
            self.close()
            raise QuothError(f"{self._settings.engine} cannot be loaded: {loaded.message}")
        return self._worker, loaded

    def _outcome(
        self,
        index: int,
        article: v1.Article,
        wanted: v1.AttributionOptions,
        timeout: float | None,
    ) -> Outcome:
        request = v1.AttributeQuotesRequest(article=article, options=wanted)
        try:
            return Outcome(index, article, response=self._answer(request, timeout))
        except errors.ServiceError as error:
            return Outcome(index, article, error=from_item(errors.item_error(error)))

    def _answer(
        self, request: v1.AttributeQuotesRequest, timeout: float | None
    ) -> v1.AttributeQuotesResponse:
        job = validate(request, self._rules)
        answer = self._read(job.article, timeout)
        if isinstance(answer, Done):
            return convert.response(answer.reading, job, self._ready()[1].version)
        if isinstance(answer.error, UnsupportedLanguage):
            violation = errors.unsupported_language(
                "article.body", answer.error.language, LANGUAGES
            )
            raise errors.invalid([violation])
        raise errors.ServiceError(
            grpc.StatusCode.INTERNAL, "INTERNAL", f"a fault in the engine: {answer.trace}"
        )

    def _read(self, article: Article, timeout: float | None) -> Done | Failed:
        """Reads an article, and again in another process if the first one dies."""
        for _ in range(2):
            try:
                return self._ready()[0].read(article, timeout)
            except WorkerLost:
                continue
            except ReadingTimeout as error:
                limit = self._settings.max_deadline
                seconds = limit if timeout is None else min(timeout, limit)
                raise errors.deadline_exceeded(seconds) from error
        raise errors.worker_lost(digest(article.body))
