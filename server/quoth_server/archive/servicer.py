"""The methods of `ArchiveService`: each checks, waits for its turn, and answers."""

from __future__ import annotations

import asyncio
import dataclasses
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from quoth import v1
from quoth_server.archive import attributed, messages, paging, verifying
from quoth_server.archive.answer import among, in_archive
from quoth_server.archive.errors import BadQuestion
from quoth_server.archive.messages import Writer
from quoth_server.archive.question import Order, Question
from quoth_server.archive.statement import Statement
from quoth_server.archive.validation import Checks
from quoth_server.archive.verifying import Encoding, Job
from quoth_server.service import calls, errors
from quoth_server.service.admission import SPARE, Admission
from quoth_server.service.context import Context, Stream, sending
from quoth_server.service.errors import ServiceError, Violation
from quoth_server.service.gate import Gate, before
from quoth_server.service.servicer import AttributionServicer
from quoth_server.service.validation import validate

if TYPE_CHECKING:  # an archive needs packages that an article does not
    from quoth_server.archive.live import Live, Now

__all__ = ["ArchiveServicer"]

_THREADS = min(4, os.cpu_count() or 1)
_QUEUE = 32  # calls that may wait for each thread
_MOST_FOLLOWERS = 200
_RETRY_AFTER = 1.0
_MOST_SENT = 100  # statements in one response of a stream

T = TypeVar("T")


class ArchiveServicer(v1.ArchiveServiceServicer):
    """Answers calls from an archive; without one, quotations are verified in articles alone.

    Those are read by `attribution`. Streams end while the gate closes.
    """

    def __init__(self, live: Live | None, attribution: AttributionServicer, gate: Gate) -> None:
        self._live = live
        self._attribution = attribution
        self._gate = gate
        self._admission = Admission(_THREADS, _QUEUE * _THREADS)
        self._threads = ThreadPoolExecutor(_THREADS + SPARE, "archive")
        self._followers = 0

    async def VerifyQuote(  # type: ignore[override]  # the stubs' context is the threads' too
        self, request: v1.VerifyQuoteRequest, context: Context
    ) -> v1.VerifyQuoteResponse:
        """Looks up whether somebody said some words."""
        checks = Checks()
        job = verifying.checked(request, checks)
        if request.HasField("article"):
            checks += self._wrong_with(request.article)
        checks.raise_any()
        assert job
        if request.HasField("article"):
            return await self._verify_in_article(request.article, job, context)
        now = await self._now(job.encoding)

        def verified() -> v1.VerifyQuoteResponse:
            view = now.view
            return verifying.response(
                job,
                in_archive(view, job.quotation, job.speaker),
                view.rows.text,
                lambda number: _person_id(now, number),
                verifying.state(view, behind=now.behind),
            )

        return await self._run(verified)

    async def SearchStatements(  # type: ignore[override]
        self, request: v1.SearchStatementsRequest, context: Context
    ) -> v1.SearchStatementsResponse:
        """Finds statements of the archive."""
        checks = Checks()
        question = checks.question(request.filter)
        order = checks.order(request.order)
        size = checks.page_size(request.page_size)
        encoding = checks.encoding(request.offset_encoding)
        checks.raise_any()
        now = await self._now(encoding, people=bool(request.filter.person_id))
        offset = paging.offset_of(request, now.view.generation)

        def found() -> v1.SearchStatementsResponse:
            asked = _of_person(question, request.filter.person_id, now)
            statements, total = now.view.index.search(asked, order, limit=size, offset=offset)
            end = offset + len(statements)
            return v1.SearchStatementsResponse(
                statements=[_archived(now, encoding, each) for each in statements],
                next_page_token=paging.token(now.view.generation, end, total, request),
                total_size=total,
                offset_encoding=encoding,
                archive=verifying.state(now.view, behind=now.behind),
            )

        return await self._run(found)

    async def GetPerson(  # type: ignore[override]
        self, request: v1.GetPersonRequest, context: Context
    ) -> v1.GetPersonResponse:
        """Gets one person of the archive."""
        checks = Checks()
        checks.required("person_id", request.person_id)
        checks.raise_any()
        now = await self._now(people=True)
        assert now.register
        person = now.register.person(request.person_id)
        if not person:
            raise errors.no_such_person(request.person_id)
        return v1.GetPersonResponse(person=messages.person(person, roles=True))

    async def ListPeople(  # type: ignore[override]
        self, request: v1.ListPeopleRequest, context: Context
    ) -> v1.ListPeopleResponse:
        """Lists the people of the archive."""
        checks = Checks()
        checks.text("name", request.name)
        types = checks.values("types", request.types, v1.SpeakerType)
        size = checks.page_size(request.page_size)
        checks.raise_any()
        now = await self._now(people=True)
        offset = paging.offset_of(request, now.view.generation)
        register = now.register
        assert register

        def listed() -> v1.ListPeopleResponse:
            people = register.named(request.name, types)
            end = offset + size
            return v1.ListPeopleResponse(
                people=[messages.person(each, roles=False) for each in people[offset:end]],
                next_page_token=paging.token(now.view.generation, end, len(people), request),
                total_size=len(people),
            )

        return await self._run(listed)

    async def ListRepeats(  # type: ignore[override]
        self, request: v1.ListRepeatsRequest, context: Context
    ) -> v1.ListRepeatsResponse:
        """Lists the quotations that several articles have."""
        checks = Checks()
        least = checks.articles(request.min_articles)
        most = checks.number("max_occurrences", request.max_occurrences)
        size = checks.page_size(request.page_size)
        encoding = checks.encoding(request.offset_encoding)
        checks.raise_any()
        await self._now(encoding)
        assert self._live
        now, found = await self._live.repeats()
        offset = paging.offset_of(request, now.view.generation)

        def listed() -> v1.ListRepeatsResponse:
            total = found.having(least)
            end = min(offset + size, total)
            return v1.ListRepeatsResponse(
                repeats=[
                    messages.repeat(each, most, partial(_archived, now, encoding))
                    for each in found.read(now.view.rows, min(offset, total), end)
                ],
                next_page_token=paging.token(now.view.generation, end, total, request),
                total_size=total,
                offset_encoding=encoding,
                archive=verifying.state(now.view, behind=now.behind),
            )

        return await self._run(listed)

    async def CountStatements(  # type: ignore[override]
        self, request: v1.CountStatementsRequest, context: Context
    ) -> v1.CountStatementsResponse:
        """Counts statements of the archive."""
        checks = Checks()
        question = checks.question(request.filter)
        most = checks.number("max_people", request.max_people)
        checks.raise_any()
        now = await self._now(people=True)

        def counted() -> v1.CountStatementsResponse:
            from quoth_server.archive.counts import count

            assert now.register
            asked = _of_person(question, request.filter.person_id, now)
            numbers = None if asked == Question() else now.view.numbers(asked)
            response = count(now.view.columns, now.register, numbers, most)
            response.archive.CopyFrom(verifying.state(now.view, behind=now.behind))
            return response

        return await self._run(counted)

    async def GetArchivedArticle(  # type: ignore[override]
        self, request: v1.GetArchivedArticleRequest, context: Context
    ) -> v1.GetArchivedArticleResponse:
        """Gets an article of the archive."""
        checks = Checks()
        name = checks.required("archive_statement_id", request.archive_statement_id)
        encoding = checks.encoding(request.offset_encoding)
        checks.raise_any()
        now = await self._now(encoding)
        number = now.view.rows.number(name)
        if number is None:
            raise errors.no_such_statement(name)

        def found() -> v1.GetArchivedArticleResponse:
            rows = now.view.rows
            statements = [_archived(now, encoding, each) for each in rows.article(number)]
            return v1.GetArchivedArticleResponse(
                article=statements[0].article,
                body=rows.text(number) or "",
                statements=statements,
                offset_encoding=encoding,
            )

        return await self._run(found)

    async def FollowStatements(  # type: ignore[override]  # a coroutine writes by itself
        self, request: v1.FollowStatementsRequest, context: Stream
    ) -> None:
        """Sends the statements that are added to the archive."""
        checks = Checks()
        question = checks.question(request.filter)
        encoding = checks.encoding(request.offset_encoding)
        checks.text("cursor", request.cursor)
        checks.raise_any()
        now = await self._now(encoding, people=bool(request.filter.person_id))
        assert self._live
        now = self._live.settled
        position = paging.position_of(request.cursor, now.view.generation, len(now.view.rows))
        if self._followers >= _MOST_FOLLOWERS:
            raise errors.overloaded(_MOST_FOLLOWERS, _RETRY_AFTER)
        self._followers += 1
        try:
            await _write(context, now, position, [], encoding)
            while True:
                position = await self._send(request, question, encoding, position, now, context)
                now = await self._next(now)
        finally:
            self._followers -= 1

    async def _send(
        self,
        request: v1.FollowStatementsRequest,
        question: Question,
        encoding: Encoding,
        position: int,
        now: Now,
        context: Stream,
    ) -> int:
        """Sends what was added behind a position; the position behind it."""
        end = len(now.view.rows)
        while position < end:

            def found(after: int = position - 1) -> list[int]:
                asked = _of_person(question, request.filter.person_id, now)
                return now.view.index.search(
                    dataclasses.replace(asked, after=after), Order.ARCHIVE, limit=_MOST_SENT
                )[0]

            numbers = await self._run(found)
            position = numbers[-1] + 1 if len(numbers) == _MOST_SENT else end
            if numbers:
                sent = [_archived(now, encoding, each) for each in numbers]
                await _write(context, now, position, sent, encoding)
        return position

    async def _next(self, now: Now) -> Now:
        """The archive when it has more.

        Raises:
            ServiceError: when it is another one, or at a stop.
        """
        assert self._live
        while (newer := self._live.settled).view is now.view:
            await before(self._gate.closing, self._live.changed())
            if self._gate.closing.is_set():
                raise errors.shutting_down()
        if newer.view.generation != now.view.generation:
            raise errors.archive_replaced()
        return newer

    async def _now(
        self,
        encoding: Encoding = v1.OffsetEncoding.OFFSET_ENCODING_UTF32,
        *,
        people: bool = False,
    ) -> Now:
        """The archive, with its people if they are needed.

        Raises:
            ServiceError: if there is none, or offsets cannot be in this unit.
        """
        if self._live is None:
            raise errors.no_archive()
        now = await (self._live.people() if people else self._live.soon())
        if encoding != v1.OffsetEncoding.OFFSET_ENCODING_UTF32 and not now.view.stored.has_text:
            raise errors.no_article_text()
        return now

    async def _run(self, work: Callable[[], T]) -> T:
        """Does the work in a thread, when it is the caller's turn."""
        call = calls.current()
        slot = await self._admission.enter(caller=call.origin)
        call.queue_seconds += slot.queued
        doing = asyncio.get_running_loop().run_in_executor(self._threads, work)
        # A thread cannot be ended: its turn is over when it is done, and not when the call is.
        doing.add_done_callback(lambda _: slot.release())
        try:
            return await asyncio.shield(doing)
        except BadQuestion as error:
            checks = Checks()
            checks.no_word(f"filter.{error.field}")
            raise errors.invalid(checks) from error

    def _wrong_with(self, article: v1.Article) -> list[Violation]:
        try:
            validate(v1.AttributeQuotesRequest(article=article), self._attribution.rules)
        except ServiceError as error:
            return list(error.violations)
        return []

    async def _verify_in_article(
        self, article: v1.Article, job: Job, context: Context
    ) -> v1.VerifyQuoteResponse:
        response = await self._attribution.AttributeQuotes(
            v1.AttributeQuotesRequest(article=article), context
        )
        body = article.body

        def verified() -> v1.VerifyQuoteResponse:
            given = enumerate(attributed.statements(article, response))
            return verifying.response(job, among(given, job.quotation, job.speaker), lambda _: body)

        return await self._run(verified)


def _of_person(question: Question, person_id: str, now: Now) -> Question:
    if not person_id:
        return question
    assert now.register
    return dataclasses.replace(question, numbers=now.register.numbers(person_id))


def _archived(
    now: Now, encoding: Encoding, number: int, statement: Statement | None = None
) -> v1.ArchivedStatement:
    """A statement of the archive, which may have been read already."""
    rows = now.view.rows
    text = None if encoding == v1.OffsetEncoding.OFFSET_ENCODING_UTF32 else rows.text(number)
    writer = Writer(statement or rows.statement(number), text, encoding)
    return writer.archived(_person_id(now, number))


def _person_id(now: Now, number: int) -> str:
    return now.register.id_of(number) if now.register else ""


async def _write(
    context: Stream,
    now: Now,
    position: int,
    statements: list[v1.ArchivedStatement],
    encoding: Encoding,
) -> None:
    response = v1.FollowStatementsResponse(
        statements=statements,
        cursor=paging.cursor(now.view.generation, position),
        offset_encoding=encoding,
    )
    with sending():
        await context.write(response)
