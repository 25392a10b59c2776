"""One bulk call, reopened if the connection is lost, and the articles that it sends."""

from __future__ import annotations

import time
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable
from dataclasses import dataclass
from typing import Protocol, Self

import grpc

from quoth._aio import Inbox, Task, iterate, sleep
from quoth._bulk import Pending, lost, no_answer
from quoth._retry import pause_before_reconnect
from quoth.v1 import Article, BulkAttributeQuotesRequest, BulkAttributeQuotesResponse

__all__ = ["AsyncStream", "Pulled"]


class AsyncCall(Protocol):
    """The part of a running gRPC call that is used."""

    def __aiter__(self) -> AsyncIterator[BulkAttributeQuotesResponse]: ...
    def cancel(self) -> bool: ...


AsyncConnect = Callable[[AsyncIterator[BulkAttributeQuotesRequest]], AsyncCall]


@dataclass(frozen=True, slots=True)
class Pulled:
    """An article of the caller's, the error raised in its place, or neither at the end."""

    article: Article | None = None
    error: BaseException | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """An answer that a connection received, or its end; without a cause the server ended it."""

    number: int  # of the connection, which would live on until the end if it were in here
    response: BulkAttributeQuotesResponse | None = None
    cause: grpc.RpcError | None = None


class AsyncSource:
    """Takes an article for each `pull`, alongside the call, so that answers need not wait."""

    def __init__(
        self, articles: Iterable[Article] | AsyncIterable[Article], inbox: Inbox[Event | Pulled]
    ) -> None:
        self._articles = articles
        self._inbox = inbox
        self._pulls: Inbox[bool] = Inbox()
        self._task = Task(self._work)

    def pull(self) -> None:
        self._pulls.put(True)

    async def stop(self) -> None:
        self._pulls.put(False)
        await self._task.stop()

    async def _work(self) -> None:
        try:
            iterator = iterate(self._articles)
            while await self._pulls.get():
                article = await anext(iterator, None)
                self._inbox.put(Pulled(article))
                if article is None:
                    return
        except BaseException as error:  # noqa: BLE001  (it is the caller's, and raised there)
            self._inbox.put(Pulled(error=error))


class AsyncConnection:
    """One attempt at the call, read into an inbox so that its answers can be awaited with a limit.

    Args:
        connect: Makes the call from its requests.
        requests: The requests to begin with.
        inbox: Where answers and the end go.
        number: Which attempt it is.
    """

    def __init__(
        self,
        connect: AsyncConnect,
        requests: list[BulkAttributeQuotesRequest],
        inbox: Inbox[Event | Pulled],
        number: int,
    ) -> None:
        self.number = number
        self._outgoing: Inbox[BulkAttributeQuotesRequest | None] = Inbox()
        for request in requests:
            self.send(request)
        self._inbox = inbox
        self._call = connect(self._requests())
        self._reader = Task(self._read)

    def send(self, request: BulkAttributeQuotesRequest) -> None:
        self._outgoing.put(request)

    def end_requests(self) -> None:
        self._outgoing.put(None)

    async def cancel(self) -> None:
        self._call.cancel()
        self._outgoing.put(None)  # lets gRPC's reader of the requests end
        # At the end of the program threads are killed, and may hold the lock of the call, for which
        # its collection then waits forever. So the reader ends here, and nothing in a cycle of
        # references holds the call.
        await self._reader.join()

    async def _requests(self) -> AsyncIterator[BulkAttributeQuotesRequest]:
        while (request := await self._outgoing.get()) is not None:
            yield request

    async def _read(self) -> None:
        cause: grpc.RpcError | None = None
        try:
            async for response in self._call:
                self._inbox.put(Event(self.number, response))
        except grpc.RpcError as error:
            # The error is the call itself, which its traceback would keep alive.
            cause = error.with_traceback(None)
        self._inbox.put(Event(self.number, cause=cause))


class AsyncStream:
    """A bulk call that survives the loss of its connection.

    What was unanswered is sent again on a new connection, which is safe as calls have no side
    effects.

    Args:
        articles: What its `source` takes from.
        connect: Makes the call from its requests.
        pending: What is sent and unanswered.
        timeout: Seconds to wait for each next answer.
    """

    def __init__(
        self,
        articles: Iterable[Article] | AsyncIterable[Article],
        connect: AsyncConnect,
        pending: Pending,
        timeout: float,
    ) -> None:
        self._connect = connect
        self._pending = pending
        self._timeout = timeout
        self._ended = False
        self._losses = 0
        self._inbox: Inbox[Event | Pulled] = Inbox()
        self._end: Event | None = None
        self._connection = AsyncConnection(connect, [], self._inbox, 0)
        self.source = AsyncSource(articles, self._inbox)
        self._waiting_since = time.monotonic()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.source.stop()
        await self._connection.cancel()

    def send(self, request: BulkAttributeQuotesRequest) -> None:
        """Queues a request; never blocks."""
        if len(self._pending.requests) == 1:
            self.restart_timeout()
        self._connection.send(request)

    def end_requests(self) -> None:
        """Says that no more requests follow."""
        self._ended = True
        self._connection.end_requests()

    def restart_timeout(self) -> None:
        """The time for the next answer starts now."""
        self._waiting_since = time.monotonic()

    async def next(self) -> BulkAttributeQuotesResponse | Pulled:
        """Waits for the next answer, or for the article that was pulled.

        Raises:
            QuothError: No answer came in time, or the call failed for good.
        """
        while True:
            # The end of a connection matters only if something is unanswered.
            if self._end and self._pending.requests:
                await self._reconnect_after(self._end.cause)
            event = await self._take()
            if isinstance(event, Pulled):
                return event
            if event.number != self._connection.number:
                continue  # it was given up, and what was unanswered then is asked again
            if event.response is not None:
                self._losses = 0
                self.restart_timeout()
                return event.response
            self._end = event

    async def _take(self) -> Event | Pulled:
        """Waits for anything; only answers are awaited with a limit."""
        left = None
        if self._pending.requests:
            left = max(0.0, self._waiting_since + self._timeout - time.monotonic())
        try:
            return await self._inbox.get(left)
        except TimeoutError:
            raise no_answer(self._timeout, self._pending.request_id) from None

    async def _reconnect_after(self, cause: grpc.RpcError | None) -> None:
        refused = self._pending.refused(cause)
        if not refused:
            error = lost(cause, self._pending.request_id)
            self._losses += 1
            pause = pause_before_reconnect(error, self._losses)
            if pause is None:
                raise error from cause
            await sleep(pause)
        await self._connection.cancel()
        self._end = None
        settled = {each.item_id for each in refused}
        unsettled = [each for key, each in self._pending.requests.items() if key not in settled]
        number = self._connection.number + 1
        self._connection = AsyncConnection(self._connect, unsettled, self._inbox, number)
        if self._ended:
            self._connection.end_requests()
        for response in refused:
            self._inbox.put(Event(number, response))
        self.restart_timeout()
