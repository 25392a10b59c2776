# Generated from quoth/_async/stream.py: change that file, then run `make generate`.
"""One bulk call, opened again where the connection is lost."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self

import grpc

from quoth._bulk import Pending, lost, no_answer, pause_before_retry
from quoth._sync.source import Pulled
from quoth._threads import Inbox, Task, sleep
from quoth.v1 import BulkAttributeQuotesRequest, BulkAttributeQuotesResponse

__all__ = ["Connect", "Stream"]


class Call(Protocol):
    """The part of a running gRPC call that is used."""

    def __iter__(self) -> Iterator[BulkAttributeQuotesResponse]: ...
    def cancel(self) -> bool: ...


Connect = Callable[[Iterator[BulkAttributeQuotesRequest]], Call]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a connection received."""

    connection: Connection
    response: BulkAttributeQuotesResponse


@dataclass(frozen=True, slots=True)
class End:
    """How a connection ended; without a cause the server ended it."""

    connection: Connection
    cause: grpc.RpcError | None


class Connection:
    """One attempt at the call, read into an inbox so that its answers can be awaited with a limit.

    Args:
        connect: Makes the call from its requests.
        requests: The requests to begin with.
        inbox: Where answers and the end go.
    """

    def __init__(
        self,
        connect: Connect,
        requests: list[BulkAttributeQuotesRequest],
        inbox: Inbox[Answer | End | Pulled],
    ) -> None:
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

    def cancel(self) -> None:
        self._call.cancel()
        self._outgoing.put(None)  # lets gRPC's reader of the requests end
        self._reader.stop()

    def _requests(self) -> Iterator[BulkAttributeQuotesRequest]:
        while (request := self._outgoing.get()) is not None:
            yield request

    def _read(self) -> None:
        cause: grpc.RpcError | None = None
        try:
            for response in self._call:
                self._inbox.put(Answer(self, response))
        except grpc.RpcError as error:
            cause = error
        self._inbox.put(End(self, cause))


class Stream:
    """A bulk call that survives the loss of its connection.

    What was unanswered is sent again on a new connection, which is safe as calls have no side
    effects.

    Args:
        connect: Makes the call from its requests.
        pending: What is sent and unanswered.
        timeout: Seconds to wait for any next answer.
        request_id: The id of the call, for errors.
    """

    def __init__(self, connect: Connect, pending: Pending, timeout: float, request_id: str) -> None:
        self._connect = connect
        self._pending = pending
        self._timeout = timeout
        self._request_id = request_id
        self._ended = False
        self._failures = 0
        self._inbox: Inbox[Answer | End | Pulled] = Inbox()
        self._end: End | None = None
        self._connection = Connection(connect, [], self._inbox)
        self._waiting_since = time.monotonic()

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
        """Hands over what `next` returns among the answers; safe in any thread."""
        self._inbox.put(pulled)

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
        """The time for the next answer begins now."""
        self._waiting_since = time.monotonic()

    def next(self) -> BulkAttributeQuotesResponse | Pulled:
        """Waits for the next answer, or for what is delivered.

        Raises:
            QuothError: No answer came in time, or the call failed for good.
        """
        while True:
            # Where nothing is unanswered, the end of a connection is no loss.
            if self._end and self._pending.requests:
                self._reconnect_after(self._end.cause)
            match self._take():
                case Pulled() as pulled:
                    return pulled
                case Answer(connection, response) if connection is self._connection:
                    self._failures = 0
                    self.restart_timeout()
                    return response
                case End(connection) as end if connection is self._connection:
                    self._end = end

    def _take(self) -> Answer | End | Pulled:
        """Waits for anything; only answers are awaited with a limit."""
        left = None
        if self._pending.requests:
            left = max(0.0, self._waiting_since + self._timeout - time.monotonic())
        try:
            return self._inbox.get(left)
        except TimeoutError:
            raise no_answer(self._timeout, self._request_id) from None

    def _reconnect_after(self, cause: grpc.RpcError | None) -> None:
        refused = self._pending.refused(cause)
        if not refused:
            error = lost(cause, self._request_id)
            self._failures += 1
            pause = pause_before_retry(error, self._failures)
            if pause is None:
                raise error from cause
            sleep(pause)
        self._connection.cancel()
        self._end = None
        settled = {each.item_id for each in refused}
        unsettled = [each for each in self._pending.requests if each.item_id not in settled]
        self._connection = Connection(self._connect, unsettled, self._inbox)
        if self._ended:
            self._connection.end_requests()
        for response in refused:
            self._inbox.put(Answer(self._connection, response))
        self.restart_timeout()
