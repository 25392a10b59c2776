"""One bulk call over blocking gRPC, opened again where the connection is lost."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Protocol, Self

import grpc

from quoth._bulk import Book, pause_before_retry
from quoth._errors import DeadlineExceeded, QuothError, Unavailable, from_rpc
from quoth.v1 import BulkAttributeQuotesRequest, BulkAttributeQuotesResponse

__all__ = ["Connect", "Stream"]


class Call(Protocol):
    """What is needed of a running call."""

    def __iter__(self) -> Iterator[BulkAttributeQuotesResponse]: ...
    def cancel(self) -> bool: ...


Connect = Callable[[Iterator[BulkAttributeQuotesRequest]], Call]


class _Connection:
    """A call with a thread that reads it, so that answers can be awaited with a limit."""

    def __init__(self, connect: Connect) -> None:
        self._outgoing: queue.SimpleQueue[BulkAttributeQuotesRequest | None] = queue.SimpleQueue()
        self.incoming: queue.SimpleQueue[BulkAttributeQuotesResponse | grpc.RpcError | None] = (
            queue.SimpleQueue()
        )
        self._call = connect(iter(self._outgoing.get, None))
        threading.Thread(target=self._read, name="quoth-bulk", daemon=True).start()

    def send(self, request: BulkAttributeQuotesRequest) -> None:
        self._outgoing.put(request)

    def end_requests(self) -> None:
        self._outgoing.put(None)

    def cancel(self) -> None:
        self._call.cancel()
        self._outgoing.put(None)  # lets gRPC's own thread end

    def _read(self) -> None:
        try:
            for response in self._call:
                self.incoming.put(response)
        except grpc.RpcError as error:
            self.incoming.put(error)
        else:
            self.incoming.put(None)


class Stream:
    """A bulk call that survives the loss of its connection.

    What was unanswered is sent again on a new connection, which is safe as calls have no side
    effects.
    """

    def __init__(self, connect: Connect, book: Book, timeout: float, request_id: str) -> None:
        self._connect = connect
        self._book = book
        self._timeout = timeout
        self._request_id = request_id
        self._ended = False
        self._failures = 0
        self._connection = _Connection(connect)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._connection.cancel()

    def send(self, request: BulkAttributeQuotesRequest) -> None:
        """Queues a request; never blocks."""
        self._connection.send(request)

    def end_requests(self) -> None:
        """Says that no more requests follow."""
        self._ended = True
        self._connection.end_requests()

    def available(self) -> Iterator[BulkAttributeQuotesResponse]:
        """The answers that are here already; each is to be settled before the next is taken."""
        # Once all is answered, what comes next is the end of the stream.
        while self._book.unanswered and not self._connection.incoming.empty():
            yield self.receive()

    def receive(self) -> BulkAttributeQuotesResponse:
        """Waits for the next answer.

        Raises:
            QuothError: None came in time, or the call failed for good.
        """
        while True:
            try:
                received = self._connection.incoming.get(timeout=self._timeout)
            except queue.Empty:
                raise DeadlineExceeded(
                    f"no answer for {self._timeout:g} s",
                    code=grpc.StatusCode.DEADLINE_EXCEEDED,
                    request_id=self._request_id,
                ) from None
            if isinstance(received, BulkAttributeQuotesResponse):
                self._failures = 0
                return received
            self._reconnect_after(received)

    def _reconnect_after(self, cause: grpc.RpcError | None) -> None:
        error: QuothError = (
            Unavailable("the server ended the stream early", code=grpc.StatusCode.UNAVAILABLE)
            if cause is None
            else from_rpc(cause, self._request_id)
        )
        self._failures += 1
        pause = pause_before_retry(error, self._failures)
        if pause is None:
            raise error from cause
        self._connection.cancel()
        time.sleep(pause)
        self._connection = _Connection(self._connect)
        for request in self._book.unanswered:
            self._connection.send(request)
        if self._ended:
            self._connection.end_requests()
