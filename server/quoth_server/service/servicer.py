"""The methods of the service: each checks, waits for a worker, and answers."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable

from google.protobuf.duration import from_milliseconds

import quoth_server
from quoth import v1
from quoth_server.engine.errors import UnsupportedLanguage
from quoth_server.service import calls, convert, errors, logs, statuses
from quoth_server.service.admission import Admission, Slot
from quoth_server.service.budget import Budget, Hold
from quoth_server.service.context import Context, Stream, deadline_of, sending
from quoth_server.service.errors import ServiceError
from quoth_server.service.gate import Gate
from quoth_server.service.pace import Pace
from quoth_server.service.quarantine import Quarantined, digest
from quoth_server.service.reader import Reader, SeenIds
from quoth_server.service.validation import (
    LANGUAGES,
    LONGEST_ITEM_ID,
    Job,
    Rules,
    validate,
    validate_item,
)
from quoth_server.service.worker import Failed, ReadingTimeout, WorkerLost
from quoth_server.service.workers import WorkerPool
from quoth_server.settings import Settings

__all__ = ["AttributionServicer"]

_log = logging.getLogger(__name__)
Write = Callable[[v1.BulkAttributeQuotesResponse, Hold], Awaitable[None]]


class AttributionServicer(v1.AttributionServiceServicer):
    """Answers calls with what the workers read, before whom `admission` is the line.

    Streams keep to the budget by themselves, while `Intake` sees to unary calls, and end while the
    gate closes, when what they read is answered. With `tell_faults` callers learn where in the
    engine a fault is.
    """

    def __init__(
        self,
        settings: Settings,
        pool: WorkerPool,
        admission: Admission,
        budget: Budget,
        gate: Gate,
        *,
        tell_faults: bool = False,
    ) -> None:
        self.rules = Rules(settings.max_body_characters, settings.min_confidence)
        """What an article and its options may hold."""
        self._settings = settings
        self._pool = pool
        self._admission = admission
        self._budget = budget
        self._pace = Pace()
        self._tell_faults = tell_faults
        self._gate = gate

    async def GetServerInfo(  # type: ignore[override]  # the stubs' context is the threads' too
        self, request: v1.GetServerInfoRequest, context: Context
    ) -> v1.GetServerInfoResponse:
        """Gets the version, the limits and the abilities of this server."""
        engine = self._pool.engine
        if engine is None:
            raise errors.not_ready()
        return v1.GetServerInfoResponse(
            server_version=quoth_server.__version__,
            engine_version=engine.version,
            language_codes=LANGUAGES,
            limits=v1.Limits(
                max_body_characters=self._settings.max_body_characters,
                max_request_bytes=self._settings.max_request_bytes,
                max_deadline=from_milliseconds(round(1000 * self._settings.max_deadline)),
            ),
            capabilities=v1.Capabilities(
                indirect_statements=True,
                speaker_resolution=True,
                date_resolution=True,
                archive=self._settings.archive is not None,
            ),
            components=[
                v1.EngineComponent(name=name, version=version)
                for name, version in sorted(engine.components.items())
            ],
        )

    async def AttributeQuotes(  # type: ignore[override]
        self, request: v1.AttributeQuotesRequest, context: Context
    ) -> v1.AttributeQuotesResponse:
        """Attributes the quotations and reported claims of one article."""
        call = calls.current()
        call.items = 1
        call.article_id = request.article.article_id[:128]
        deadline = deadline_of(context)
        try:
            job = self._accept(validate(request, self.rules), deadline)
            # The deadline of the call is kept by gRPC, which cancels this and so ends its
            # worker.
            with await self._admission.enter(caller=call.origin) as slot:
                return await self._read(job, slot, deadline)
        except ServiceError:
            call.failed = 1
            raise

    async def BulkAttributeQuotes(  # type: ignore[override]  # a coroutine writes by itself
        self,
        request_iterator: AsyncIterator[v1.BulkAttributeQuotesRequest],
        context: Stream,
    ) -> None:
        """Attributes many articles over one stream."""
        if self._pool.engine is None:
            raise errors.not_ready()
        stream = object()
        origin = calls.current().origin
        deadline = deadline_of(context)
        one_at_a_time = asyncio.Lock()
        # Holds back a sender that does not read its answers; twice the workers, so that none waits
        # for an answer to be sent.
        unsent = asyncio.Semaphore(2 * self._pool.count)
        largest = self._settings.max_request_bytes
        reader = Reader(context, self._budget, origin, largest, self._gate.closing, unsent)

        async def write(response: v1.BulkAttributeQuotesResponse, hold: Hold) -> None:
            hold.resize(response.ByteSize())
            async with one_at_a_time:
                with sending():
                    await context.write(response)
            reader.release(hold)
            unsent.release()

        with self._budget.hold(origin) as remembered, contextlib.closing(reader):
            seen = SeenIds(remembered)
            async with (
                asyncio.TaskGroup() as answers,
                contextlib.aclosing(reader.items()) as items,
            ):
                async for item, hold in items:
                    calls.current().items += 1
                    item_id = item.item_id[:LONGEST_ITEM_ID]
                    try:
                        job = self._accept(validate_item(item, seen, self.rules), deadline)
                    except ServiceError as error:
                        answers.create_task(write(_failure(item_id, error), hold))
                        continue
                    finally:
                        seen.add(item.item_id)
                    del item
                    slot = await self._admission.enter(stream, caller=origin)
                    answers.create_task(self._answer(item_id, job, slot, deadline, write, hold))
        if reader.malformed:
            raise reader.malformed
        if self._gate.closing.is_set():
            raise errors.shutting_down()
        if reader.crowded_out:
            raise errors.crowded(self._admission.pause())

    async def _answer(
        self, item_id: str, job: Job, slot: Slot, deadline: float, write: Write, hold: Hold
    ) -> None:
        """Reads one item of a stream and writes its outcome; its trouble stays its own."""
        try:
            response = await self._read(job, slot, deadline)
        except ServiceError as error:
            outcome = _failure(item_id, error)
        except Exception as error:  # noqa: BLE001 - the barrier of one item
            _log.error("fault", extra=_names(job) | {"at": logs.places(error)})
            outcome = _failure(item_id, errors.internal())
        else:
            outcome = v1.BulkAttributeQuotesResponse(item_id=item_id, response=response)
        finally:
            slot.release()
        await write(outcome, hold)

    async def _read(self, job: Job, slot: Slot, deadline: float) -> v1.AttributeQuotesResponse:
        """Has a worker read the article, and writes the answer."""
        call = calls.current()
        call.characters += len(job.article.body)
        call.waited(slot.queued)
        self._check_time(job, deadline)
        start = time.monotonic()
        try:
            answer = await self._pool.read(job.article)
        except asyncio.CancelledError:
            call.read("", time.monotonic() - start)  # no word is read, but a worker was at it
            raise
        except (Quarantined, ReadingTimeout, WorkerLost) as error:
            if isinstance(error, ReadingTimeout):
                call.read("", self._settings.max_deadline)
            _log.error("an article was not read", extra=_names(job) | {"cause": str(error)})
            raise self._error(error, job) from error
        call.read(job.article.body, answer.seconds)
        self._pace.read(len(job.article.body), answer.seconds)
        if isinstance(answer, Failed):
            if isinstance(answer.error, UnsupportedLanguage):
                violation = errors.unsupported_language(
                    f"{job.path}body", answer.error.language, LANGUAGES
                )
                raise errors.invalid([violation])
            _log.error("fault", extra=_names(job) | {"at": answer.trace})
            raise errors.internal(answer.trace if self._tell_faults else "")
        assert self._pool.engine is not None
        response = convert.response(answer.reading, job, self._pool.engine.version)
        call.answered(len(response.statements))
        return response

    def _accept(self, job: Job, deadline: float) -> Job:
        """The job, if the server is able to do it.

        Raises:
            ServiceError: if it is not; no place in the line is taken.
        """
        if self._pool.engine is None:
            raise errors.not_ready()
        if self._pool.ended:
            raise errors.shutting_down()
        try:
            self._pool.quarantine.check(job.article.body)
        except Quarantined as error:
            raise self._error(error, job) from error
        self._check_time(job, deadline)
        return job

    def _check_time(self, job: Job, deadline: float) -> None:
        """Returns if the article may be read before the caller gives up.

        Raises:
            ServiceError: if not; it would cost a worker, and nobody would get its answer.
        """
        least = self._pace.least(len(job.article.body))
        remaining = deadline - time.monotonic()
        if remaining < least:
            raise errors.too_little_time(max(0.0, remaining), least)

    def _error(self, error: Quarantined | ReadingTimeout | WorkerLost, job: Job) -> ServiceError:
        match error:
            case Quarantined():
                return errors.quarantined(error.digest, error.strikes, error.seconds)
            case ReadingTimeout():
                return errors.deadline_exceeded(self._settings.max_deadline)
            case WorkerLost() if self._pool.ended:
                return errors.shutting_down()
            case WorkerLost():
                return errors.worker_lost(digest(job.article.body))


def _names(job: Job) -> dict[str, str]:
    """What a log may say of an article: enough to find it again, and nothing of its text."""
    return {"request_id": calls.current().request_id, "body_sha256": digest(job.article.body)}


def _failure(item_id: str, error: ServiceError) -> v1.BulkAttributeQuotesResponse:
    calls.current().failed += 1
    calls.refused(error.reason)
    return v1.BulkAttributeQuotesResponse(item_id=item_id, error=statuses.item_error(error))
