"""One bulk call over asyncio, opened again where the connection is lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from types import TracebackType
from typing import Self

import grpc
from grpc import aio

from quoth._bulk import Book, lost, no_answer, pause_before_retry
from quoth.v1 import BulkAttributeQuotesRequest, BulkAttributeQuotesResponse

__all__ = ["AsyncConnect", "AsyncStream"]

AsyncConnect = Callable[
    [AsyncIterator[BulkAttributeQuotesRequest]],
    aio.StreamStreamCall[BulkAttributeQuotesRequest, BulkAttributeQuotesResponse],
]


class AsyncStream:
    """A bulk call that survives the loss of its connection; the asyncio twin of `Stream`."""

    def __init__(self, connect: AsyncConnect, book: Book, timeout: float, request_id: str) -> None:
        self._connect = connect
        self._book = book
        self._timeout = timeout
        self._request_id = request_id
        self._ended = False
        self._failures = 0
        self._refused: list[BulkAttributeQuotesResponse] = []
        self._open()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._call.cancel()

    def send(self, request: BulkAttributeQuotesRequest) -> None:
        """Queues a request; never blocks."""
        self._outgoing.put_nowait(request)

    def end_requests(self) -> None:
        """Says that no more requests follow."""
        self._ended = True
        self._outgoing.put_nowait(None)

    async def receive(self) -> BulkAttributeQuotesResponse:
        """Waits for the next answer.

        Raises:
            QuothError: None came in time, or the call failed for good.
        """
        while True:
            if self._refused:
                return self._refused.pop()
            cause: grpc.RpcError | None = None
            try:
                async with asyncio.timeout(self._timeout):
                    received = await self._call.read()
            except TimeoutError:
                raise no_answer(self._timeout, self._request_id) from None
            except grpc.RpcError as error:
                cause = error
            else:
                if isinstance(received, BulkAttributeQuotesResponse):
                    self._failures = 0
                    return received
            await self._reconnect_after(cause)

    async def _reconnect_after(self, cause: grpc.RpcError | None) -> None:
        self._refused = self._book.refused(cause)
        if not self._refused:
            error = lost(cause, self._request_id)
            self._failures += 1
            pause = pause_before_retry(error, self._failures)
            if pause is None:
                raise error from cause
            await asyncio.sleep(pause)
        self._call.cancel()
        self._open()

    def _open(self) -> None:
        self._outgoing: asyncio.Queue[BulkAttributeQuotesRequest | None] = asyncio.Queue()
        refused = {each.item_id for each in self._refused}
        for request in self._book.unanswered:
            if request.item_id not in refused:
                self._outgoing.put_nowait(request)
        if self._ended:
            self._outgoing.put_nowait(None)
        self._call = self._connect(_drain(self._outgoing))


async def _drain(
    outgoing: asyncio.Queue[BulkAttributeQuotesRequest | None],
) -> AsyncIterator[BulkAttributeQuotesRequest]:
    while (request := await outgoing.get()) is not None:
        yield request
