"""One bulk call over blocking gRPC, opened again where the connection is lost."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self

import grpc

from quoth._bulk import Book, lost, no_answer, pause_before_retry
from quoth._source import Pulled
from quoth.v1 import BulkAttributeQuotesRequest, BulkAttributeQuotesResponse

__all__ = ["Connect", "Stream"]


class Call(Protocol):
    """What is needed of a running call."""

    def __iter__(self) -> Iterator[BulkAttributeQuotesResponse]: ...
    def cancel(self) -> bool: ...


Connect = Callable[[Iterator[BulkAttributeQuotesRequest]], Call]


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a connection brought."""

    connection: _Connection
    response: BulkAttributeQuotesResponse


@dataclass(frozen=True, slots=True)
class _End:
    """How a connection ended; without a cause the server ended it."""

    connection: _Connection
    cause: grpc.RpcError | None


_Inbox = queue.SimpleQueue[_Answer | _End | Pulled]


class _Connection:
    """A call with a thread that reads it, so that answers can be awaited with a limit."""

    def __init__(self, connect: Connect, inbox: _Inbox) -> None:
        self._outgoing: queue.SimpleQueue[BulkAttributeQuotesRequest | None] = queue.SimpleQueue()
        self._inbox = inbox
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
                self._inbox.put(_Answer(self, response))
        except grpc.RpcError as error:
            self._inbox.put(_End(self, error))
        else:
            self._inbox.put(_End(self, None))


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
        self._inbox: _Inbox = queue.SimpleQueue()
        self._end: _End | None = None
        self._connection = _Connection(connect, self._inbox)
        self._last_word = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._connection.cancel()

    def deliver(self, pulled: Pulled) -> None:
        """Hands over what `next` gives back among the answers; for any thread."""
        self._inbox.put(pulled)

    def send(self, request: BulkAttributeQuotesRequest) -> None:
        """Queues a request; never blocks."""
        if len(self._book.unanswered) == 1:
            self.listen()
        self._connection.send(request)

    def end_requests(self) -> None:
        """Says that no more requests follow."""
        self._ended = True
        self._connection.end_requests()

    def listen(self) -> None:
        """The time for the next answer begins now."""
        self._last_word = time.monotonic()

    def next(self) -> BulkAttributeQuotesResponse | Pulled:
        """Waits for the next answer, or for what is delivered.

        Raises:
            QuothError: No answer came in time, or the call failed for good.
        """
        while True:
            # Where nothing is unanswered, the end of a connection is no loss.
            if self._end and self._book.unanswered:
                self._reconnect_after(self._end.cause)
            match self._take():
                case Pulled() as pulled:
                    return pulled
                case _Answer(connection, response) if connection is self._connection:
                    self._failures = 0
                    self.listen()
                    return response
                case _End(connection) as end if connection is self._connection:
                    self._end = end

    def _take(self) -> _Answer | _End | Pulled:
        """Waits for anything; only answers are waited for with a limit."""
        left = None
        if self._book.unanswered:
            left = max(0.0, self._last_word + self._timeout - time.monotonic())
        try:
            return self._inbox.get(timeout=left)
        except queue.Empty:
            raise no_answer(self._timeout, self._request_id) from None

    def _reconnect_after(self, cause: grpc.RpcError | None) -> None:
        refused = self._book.refused(cause)
        if not refused:
            error = lost(cause, self._request_id)
            self._failures += 1
            pause = pause_before_retry(error, self._failures)
            if pause is None:
                raise error from cause
            time.sleep(pause)
        self._connection.cancel()
        self._end = None
        self._connection = _Connection(self._connect, self._inbox)
        settled = {each.item_id for each in refused}
        for request in self._book.unanswered:
            if request.item_id not in settled:
                self._connection.send(request)
        if self._ended:
            self._connection.end_requests()
        for response in refused:
            self._inbox.put(_Answer(self._connection, response))
        self.listen()
