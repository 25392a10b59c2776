"""The methods of the service: each checks, waits for a worker, and answers."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from typing import Any

import grpc
from google.protobuf import duration_pb2

import quoth_server
from quoth import v1
from quoth_server.engine.errors import UnsupportedLanguage
from quoth_server.service import calls, convert, errors, logs
from quoth_server.service.abort import abort, sending
from quoth_server.service.admission import Admission, Overloaded, Slot
from quoth_server.service.context import Context
from quoth_server.service.decoding import Malformed
from quoth_server.service.errors import ServiceError
from quoth_server.service.gate import Gate
from quoth_server.service.quarantine import Quarantined, digest
from quoth_server.service.validation import (
    LANGUAGES,
    Job,
    Rules,
    validate,
    validate_item,
)
from quoth_server.service.worker import Failed, ReadingTimeout, WorkerLost
from quoth_server.service.workers import WorkerPool

__all__ = ["AttributionServicer"]

_log = logging.getLogger(__name__)
Stream = grpc.aio.ServicerContext[Any, Any]
Write = Callable[[v1.BulkAttributeQuotesResponse], Awaitable[None]]


class AttributionServicer(v1.AttributionServiceServicer):
    """Answers calls with what the workers read.

    Args:
        pool: the workers.
        admission: the line before them.
        rules: what a request may hold.
        max_deadline: seconds that one article may take.
        max_request_bytes: what the transport takes, to be told to clients.
    """

    def __init__(
        self,
        pool: WorkerPool,
        admission: Admission,
        rules: Rules,
        *,
        max_deadline: float,
        max_request_bytes: int,
    ) -> None:
        self._pool = pool
        self._admission = admission
        self._rules = rules
        self._max_deadline = max_deadline
        self._max_request_bytes = max_request_bytes
        self.gate = Gate()
        """What calls come through; while it closes, streams end when what they read is answered."""

    async def GetServerInfo(  # type: ignore[override]  # the stubs' context is the threads' too
        self, request: v1.GetServerInfoRequest, context: Context
    ) -> v1.GetServerInfoResponse:
        """Gets the version, the limits and the abilities of this server."""
        await self.gate.enter(context)
        if self._pool.engine is None:
            await abort(context, errors.not_ready())
        deadline = duration_pb2.Duration()
        deadline.FromMilliseconds(round(1000 * self._max_deadline))
        return convert.server_info(
            quoth_server.__version__,
            self._pool.engine.version,
            self._pool.engine.components,
            v1.Limits(
                max_body_characters=self._rules.max_body_characters,
                max_request_bytes=self._max_request_bytes,
                max_deadline=deadline,
            ),
        )

    async def AttributeQuotes(  # type: ignore[override]
        self, request: v1.AttributeQuotesRequest, context: Context
    ) -> v1.AttributeQuotesResponse:
        """Attributes the quotations and reported claims of one article."""
        await self.gate.enter(context)
        call = calls.current()
        call.items = 1
        call.article_id = request.article.article_id[:128]
        try:
            job = self._accept(validate(request, self._rules))
            # The deadline of the call is kept by gRPC, which cancels this and so ends its worker.
            async with self._admission.slot() as slot:
                return await self._read(job, slot)
        except Overloaded as full:
            error = errors.overloaded(full.in_flight, full.retry_after)
        except ServiceError as other:
            error = other
        call.failed = 1
        return await abort(context, error)

    async def BulkAttributeQuotes(  # type: ignore[override]  # a coroutine writes by itself
        self,
        request_iterator: AsyncIterator[v1.BulkAttributeQuotesRequest],
        context: Stream,
    ) -> None:
        """Attributes many articles over one stream."""
        await self.gate.enter(context)
        if self._pool.engine is None:
            await abort(context, errors.not_ready())
        stream = object()
        one_at_a_time = asyncio.Lock()
        # Holds back a sender that does not read its answers; twice the workers, so that none waits
        # for an answer to be sent.
        unsent = asyncio.Semaphore(2 * self._pool.count)
        seen: set[str] = set()
        malformed: Malformed | None = None

        async def write(response: v1.BulkAttributeQuotesResponse) -> None:
            async with one_at_a_time:
                with sending():
                    await context.write(response)
            unsent.release()

        async with (
            asyncio.TaskGroup() as answers,
            contextlib.aclosing(self._until_stopping(context)) as items,
        ):
            async for item in items:
                calls.current().items += 1
                if isinstance(item, Malformed):
                    malformed = item
                    break
                await unsent.acquire()
                try:
                    job = self._accept(validate_item(item, seen, self._rules))
                except ServiceError as error:
                    answers.create_task(write(_failure(item, error)))
                    continue
                finally:
                    seen.add(item.item_id)
                slot = await self._admission.enter(stream)
                answers.create_task(self._answer(item, job, slot, write))
        if malformed:
            await abort(context, errors.malformed(malformed.message))
        if self.gate.closing.is_set():
            await abort(context, errors.shutting_down())

    async def _until_stopping(
        self, context: Stream
    ) -> AsyncGenerator[v1.BulkAttributeQuotesRequest | Malformed, None]:
        """The items of a stream up to its end or the server's."""
        stopping = asyncio.create_task(self.gate.closing.wait())
        reading: asyncio.Future[Any] | None = None
        try:
            while not stopping.done():
                reading = asyncio.ensure_future(context.read())
                await asyncio.wait((reading, stopping), return_when=asyncio.FIRST_COMPLETED)
                if not reading.done() or reading.result() is grpc.aio.EOF:
                    return
                yield reading.result()
        finally:
            stopping.cancel()
            if reading:
                reading.cancel()

    async def _answer(
        self, item: v1.BulkAttributeQuotesRequest, job: Job, slot: Slot, write: Write
    ) -> None:
        """Reads one item of a stream and writes its outcome; its trouble stays its own."""
        try:
            response = await self._read(job, slot)
        except ServiceError as error:
            outcome = _failure(item, error)
        except Exception as error:  # noqa: BLE001 - the barrier of one item
            _log.error("fault", extra=_names(job) | {"at": logs.places(error)})
            outcome = _failure(item, errors.internal())
        else:
            outcome = v1.BulkAttributeQuotesResponse(item_id=item.item_id, response=response)
        finally:
            slot.release()
        await write(outcome)

    async def _read(self, job: Job, slot: Slot) -> v1.AttributeQuotesResponse:
        """Has a worker read the article, and writes the answer."""
        call = calls.current()
        call.characters += len(job.article.body)
        call.waited(slot.queued)
        try:
            answer = await self._pool.read(job.article)
        except (Quarantined, ReadingTimeout, WorkerLost) as error:
            if isinstance(error, ReadingTimeout):
                call.read("", self._max_deadline)  # no word is read, but a worker was at it
            _log.error("an article was not read", extra=_names(job) | {"cause": str(error)})
            raise self._error(error, job) from error
        call.read(job.article.body, answer.seconds)
        if isinstance(answer, Failed):
            if isinstance(answer.error, UnsupportedLanguage):
                violation = errors.unsupported_language(
                    f"{job.path}body", answer.error.language, LANGUAGES
                )
                raise errors.invalid([violation])
            _log.error("fault", extra=_names(job) | {"at": answer.trace})
            raise errors.internal()
        assert self._pool.engine is not None
        response = convert.response(answer.reading, job, self._pool.engine.version)
        call.answered(len(response.statements))
        return response

    def _accept(self, job: Job) -> Job:
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
        return job

    def _error(self, error: Quarantined | ReadingTimeout | WorkerLost, job: Job) -> ServiceError:
        match error:
            case Quarantined():
                return errors.quarantined(error.digest, error.strikes, error.seconds)
            case ReadingTimeout():
                return errors.deadline_exceeded(self._max_deadline)
            case WorkerLost() if self._pool.ended:
                return errors.shutting_down()
            case WorkerLost():
                return errors.worker_lost(digest(job.article.body))


def _names(job: Job) -> dict[str, str]:
    """What a log may say of an article: enough to find it again, and nothing of its text."""
    return {"request_id": calls.current().request_id, "body_sha256": digest(job.article.body)}


def _failure(
    item: v1.BulkAttributeQuotesRequest, error: ServiceError
) -> v1.BulkAttributeQuotesResponse:
    calls.current().failed += 1
    calls.refused(error.reason)
    return v1.BulkAttributeQuotesResponse(item_id=item.item_id, error=errors.item_error(error))
