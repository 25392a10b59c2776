"""The engine without a server, behind the calls of `quoth.Client`."""

from __future__ import annotations

from collections import deque
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
from quoth_server.service import convert, errors, statuses
from quoth_server.service.crew import Answer, Crew, CrewNotLoaded, Finished
from quoth_server.service.quarantine import digest
from quoth_server.service.validation import LANGUAGES, Job, Rules, validate
from quoth_server.service.worker import (
    Done,
    EngineSpec,
    Failed,
    Loaded,
    ReadingTimeout,
    WorkerLost,
)

__all__ = ["Embedded"]


class Embedded:
    """Attributes articles in processes of its own, without a server.

    It answers and fails as a server with the same `QUOTH_*` settings does, and is used as
    `quoth.Client` is: in a `with` statement, or it is closed when it is no longer needed, or the
    program ends. The processes, which take some seconds to load the engine, are started when they
    are first needed, and again after an article that took too long or ended one. Not safe between
    threads.

    Args:
        workers: How many processes `attribute_many` uses; each keeps one core busy.

    Raises:
        BadSettings: A `QUOTH_*` variable is wrong.
    """

    def __init__(self, workers: int = 1) -> None:
        if workers < 1:
            raise ValueError(f"workers is {workers}; give 1 or more")
        self._settings = settings.read([])
        self._rules = Rules(
            max_body_characters=self._settings.max_body_characters,
            min_confidence=self._settings.min_confidence,
        )
        self._workers = workers
        self._crew = Crew(
            EngineSpec(self._settings.engine, EngineConfig(pipeline=self._settings.pipeline)),
            self._settings.max_deadline,
            workers,
        )

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
        """Ends the processes."""
        self._crew.close()

    def attribute(
        self,
        body: str,
        *,
        title: str = "",
        published: Published = None,
        time_zone: str = "",
        language: str = "",
        article_id: str = "",
        kinds: Iterable[v1.StatementKind.ValueType] = (),
        min_confidence: float | None = None,
        rejected: bool = False,
        offset_encoding: v1.OffsetEncoding.ValueType = v1.OffsetEncoding.OFFSET_ENCODING_UTF32,
        timeout: float | None = None,
    ) -> v1.AttributeQuotesResponse:
        """Finds who said what in one article; see `quoth.Client.attribute`."""
        article = quoth.article(
            body,
            title=title,
            published=published,
            time_zone=time_zone,
            language=language,
            article_id=article_id,
        )
        wanted = options(kinds, min_confidence, offset_encoding, rejected)
        (outcome,) = self._outcomes([article], True, 1, wanted, timeout)
        return outcome.unwrap()

    def attribute_many(
        self,
        articles: Iterable[v1.Article],
        *,
        ordered: bool = True,
        in_flight: int | None = None,
        kinds: Iterable[v1.StatementKind.ValueType] = (),
        min_confidence: float | None = None,
        rejected: bool = False,
        offset_encoding: v1.OffsetEncoding.ValueType = v1.OffsetEncoding.OFFSET_ENCODING_UTF32,
        timeout: float | None = None,
    ) -> Iterator[Outcome]:
        """Attributes articles as they are iterated; see `quoth.Client.attribute_many`.

        `in_flight`, by default one for one process and else eight for each, is how many articles
        are taken and not given back. One that is not finished within `timeout` seconds has an
        error, and the rest go on.
        """
        if in_flight is None:
            in_flight = 1 if self._workers == 1 else 8 * self._workers
        if in_flight < 1:
            raise ValueError(f"in_flight is {in_flight}; give 1 or more")
        wanted = options(kinds, min_confidence, offset_encoding, rejected)
        return self._outcomes(articles, ordered, in_flight, wanted, timeout)

    def server_info(self, *, timeout: float | None = None) -> v1.GetServerInfoResponse:
        """The versions, the limits and the abilities of the engine; `timeout` changes nothing."""
        del timeout
        engine = self._engine()
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

    def _engine(self) -> Loaded:
        try:
            return self._crew.load()
        except CrewNotLoaded as error:
            raise self._not_loaded(error) from error

    def _not_loaded(self, error: CrewNotLoaded) -> QuothError:
        return QuothError(f"{self._settings.engine} cannot be loaded: {error}")

    def _outcomes(
        self,
        articles: Iterable[v1.Article],
        ordered: bool,
        in_flight: int,
        wanted: v1.AttributionOptions,
        timeout: float | None,
    ) -> Iterator[Outcome]:
        source = enumerate(articles)
        turns = _Turns(ordered)
        jobs: dict[int, tuple[v1.Article, Job]] = {}
        finished: Finished = deque()
        try:
            while True:
                while turns.held < in_flight and (self._crew.has_room or not jobs):
                    if (taken := next(source, None)) is None:
                        in_flight = 0
                        break
                    index, article = taken
                    turns.held += 1
                    try:
                        job = self._job(article, wanted)
                    except errors.ServiceError as error:
                        yield from turns.settle(_failed(index, article, error))
                        continue
                    jobs[index] = article, job
                    self._crew.submit(index, job.article, timeout, finished)
                if not jobs:
                    return
                while not finished:
                    self._crew.wait()
                while finished:
                    index, answer = finished.popleft()
                    article, job = jobs.pop(index)
                    try:
                        response = self._response(job, answer, timeout)
                    except errors.ServiceError as error:
                        yield from turns.settle(_failed(index, article, error))
                    else:
                        yield from turns.settle(Outcome(index, article, response=response))
        except CrewNotLoaded as error:
            raise self._not_loaded(error) from error
        finally:
            if jobs:
                self._crew.drop(finished)

    def _job(self, article: v1.Article, wanted: v1.AttributionOptions) -> Job:
        return validate(v1.AttributeQuotesRequest(article=article, options=wanted), self._rules)

    def _response(
        self, job: Job, answer: Answer, timeout: float | None
    ) -> v1.AttributeQuotesResponse:
        match answer:
            case Done():
                return convert.response(answer.reading, job, self._engine().version)
            case Failed(error=UnsupportedLanguage() as error):
                violation = errors.unsupported_language("article.body", error.language, LANGUAGES)
                raise errors.invalid([violation])
            case Failed():
                raise errors.ServiceError(
                    grpc.StatusCode.INTERNAL, "INTERNAL", f"a fault in the engine: {answer.trace}"
                )
            case ReadingTimeout():
                raise errors.deadline_exceeded(self._settings.max_deadline, timeout)
            case WorkerLost():
                raise errors.worker_lost(digest(job.article.body))


def _failed(index: int, article: v1.Article, error: errors.ServiceError) -> Outcome:
    told = from_item(statuses.item_error(error), article_id=article.article_id)
    return Outcome(index, article, error=told)


class _Turns:
    """Gives outcomes back in order, or at once; `held` counts those taken and not given back."""

    def __init__(self, ordered: bool) -> None:
        self._ordered = ordered
        self._waiting: dict[int, Outcome] = {}
        self._next = 0
        self.held = 0

    def settle(self, outcome: Outcome) -> Iterator[Outcome]:
        if not self._ordered:
            self.held -= 1
            yield outcome
            return
        self._waiting[outcome.index] = outcome
        while (ready := self._waiting.pop(self._next, None)) is not None:
            self._next += 1
            self.held -= 1
            yield ready
