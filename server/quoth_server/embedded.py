"""The engine in this process, behind the calls of `quoth.Client`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

import grpc
from google.protobuf import duration_pb2

import quoth
import quoth_server
from quoth import Outcome, QuothError, v1
from quoth._errors import from_item
from quoth._requests import Published, options
from quoth_server import settings
from quoth_server.engine.config import EngineConfig
from quoth_server.engine.errors import EngineError, UnsupportedLanguage
from quoth_server.service import convert, errors, worker
from quoth_server.service.validation import LANGUAGES, Rules, validate

__all__ = ["Embedded"]


class Embedded:
    """Attributes articles in this process, one at a time, without a server.

    It answers and fails as a server with the same `QUOTH_*` settings does, and is used as
    `quoth.Client` is. There is no limit on time: nothing can end the reading of an article but the
    end of the process. The engine is loaded, which takes some seconds, when it is first needed.

    Raises:
        BadSettings: A `QUOTH_*` variable is wrong.
    """

    def __init__(self) -> None:
        self._settings = settings.read([])
        self._rules = Rules(
            max_body_characters=self._settings.max_body_characters,
            min_confidence=self._settings.min_confidence,
        )

    @cached_property
    def _engine(self) -> worker.Engine:
        spec = worker.EngineSpec(
            self._settings.engine, EngineConfig(pipeline=self._settings.pipeline)
        )
        try:
            return worker.load(spec)
        except EngineError as error:
            raise QuothError(str(error)) from error
        except (ImportError, AttributeError, OSError) as error:
            raise QuothError(f"{spec.factory} cannot be loaded: {error}") from error

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
    ) -> v1.AttributeQuotesResponse:
        """Finds who said what in one article; see `quoth.Client.attribute`."""
        article = quoth.article(
            body, title=title, published=published, time_zone=time_zone, language=language
        )
        wanted = options(kinds, min_confidence, offset_encoding, rejected)
        return self._outcome(0, article, wanted).unwrap()

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

        `ordered`, `in_flight` and `timeout` change nothing: articles are read one after the other.
        """
        del ordered, in_flight, timeout
        wanted = options(kinds, min_confidence, offset_encoding, rejected)
        for index, article in enumerate(articles):
            yield self._outcome(index, article, wanted)

    def server_info(self, *, timeout: float | None = None) -> v1.GetServerInfoResponse:
        """The versions, the limits and the abilities of the engine; `timeout` changes nothing."""
        del timeout
        return convert.server_info(
            quoth_server.__version__,
            self._engine.version,
            self._engine.components,
            v1.Limits(
                max_body_characters=self._rules.max_body_characters,
                max_request_bytes=self._settings.max_request_bytes,
                max_deadline=duration_pb2.Duration(),
            ),
        )

    def _outcome(self, index: int, article: v1.Article, wanted: v1.AttributionOptions) -> Outcome:
        request = v1.AttributeQuotesRequest(article=article, options=wanted)
        try:
            return Outcome(index, article, response=self._read(request))
        except errors.ServiceError as error:
            return Outcome(index, article, error=from_item(errors.item_error(error)))

    def _read(self, request: v1.AttributeQuotesRequest) -> v1.AttributeQuotesResponse:
        job = validate(request, self._rules)
        answer = worker.read(self._engine, job.article)
        if isinstance(answer, worker.Done):
            return convert.response(answer.reading, job, self._engine.version)
        if isinstance(answer.error, UnsupportedLanguage):
            violation = errors.unsupported_language(
                "article.body", answer.error.language, LANGUAGES
            )
            raise errors.invalid([violation])
        raise errors.ServiceError(
            grpc.StatusCode.INTERNAL, "INTERNAL", f"a fault in the engine: {answer.trace}"
        )
