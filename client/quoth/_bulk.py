"""What both clients know about a bulk call: its outcomes, its book-keeping, its second tries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import grpc

from quoth._errors import (
    DeadlineExceeded,
    Overloaded,
    QuothError,
    Unavailable,
    from_item,
    from_rpc,
)
from quoth._patience import backoff
from quoth._sizes import refusal, size_limit, too_large_answer
from quoth.v1 import (
    Article,
    AttributeQuotesRequest,
    AttributeQuotesResponse,
    AttributionOptions,
    BulkAttributeQuotesRequest,
    BulkAttributeQuotesResponse,
)

__all__ = ["Outcome", "Pending", "lost", "no_answer", "pause_before_retry", "refused"]

_MAX_FAILURES = 4


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one article of `attribute_many`; either `response` or `error` is set.

    Attributes:
        index: The place of the article among those given, from 0.
        article: The article.
        response: The answer.
        error: Why there is none.
    """

    index: int
    article: Article
    response: AttributeQuotesResponse | None = None
    error: QuothError | None = None

    def unwrap(self) -> AttributeQuotesResponse:
        """The answer, or the error raised."""
        if self.error is not None:
            raise self.error
        assert self.response is not None
        return self.response


class Pending:
    """Which articles are sent and unanswered, and which answers wait for their turn.

    The place of an article is its `item_id`.
    """

    def __init__(self, options: AttributionOptions, *, ordered: bool, request_id: str) -> None:
        self._options = options
        self._ordered = ordered
        self._request_id = request_id
        self._requests: dict[str, BulkAttributeQuotesRequest] = {}
        self._waiting: dict[int, Outcome] = {}
        self._added = 0
        self._released = 0

    @property
    def held(self) -> int:
        """How many articles were added and their outcome not released."""
        return self._added - self._released

    @property
    def requests(self) -> list[BulkAttributeQuotesRequest]:
        """The requests to send again on a new stream."""
        return list(self._requests.values())

    def add(self, article: Article) -> BulkAttributeQuotesRequest:
        """Makes the request for the next article."""
        request = BulkAttributeQuotesRequest(
            item_id=str(self._added),
            request=AttributeQuotesRequest(article=article, options=self._options),
        )
        self._requests[request.item_id] = request
        self._added += 1
        return request

    def settle(self, response: BulkAttributeQuotesResponse) -> Iterator[Outcome]:
        """Takes an answer and releases the outcomes whose turn has come."""
        request = self._requests.pop(response.item_id, None)
        if request is None:
            raise QuothError(f"the server answered item {response.item_id!r}, which was not asked")
        index, article = int(response.item_id), request.request.article
        if response.WhichOneof("outcome") == "response":
            outcome = Outcome(index, article, response=response.response)
        else:
            error = from_item(response.error, self._request_id, article.article_id)
            outcome = Outcome(index, article, error=error)
        if not self._ordered:
            self._released += 1
            yield outcome
            return
        self._waiting[index] = outcome
        while (next_outcome := self._waiting.pop(self._released, None)) is not None:
            self._released += 1
            yield next_outcome

    def refused(self, cause: grpc.RpcError | None) -> list[BulkAttributeQuotesResponse]:
        """Answers in the place of the server's for the requests that were too large for it."""
        found = size_limit(cause) if cause else None
        if found is None:
            return []
        size, most = found
        return [refused(each, most) for each in self.requests if each.ByteSize() == size]

    def rest(self) -> Iterator[Outcome]:
        """Releases the answers whose turn has not come, once no others will come."""
        for index in sorted(self._waiting):
            self._released += 1
            yield self._waiting.pop(index)


def refused(item: BulkAttributeQuotesRequest, most: int) -> BulkAttributeQuotesResponse:
    """The answer to a request that is larger than the server takes."""
    error = refusal(item.request, item.ByteSize(), most, path="request.")
    return BulkAttributeQuotesResponse(item_id=item.item_id, error=error)


def lost(cause: grpc.RpcError | None, request_id: str) -> QuothError:
    """The error of a stream that has ended; without a cause the server ended it."""
    if cause is None:
        return Unavailable(
            "the server ended the stream early",
            code=grpc.StatusCode.UNAVAILABLE,
            request_id=request_id,
        )
    found = size_limit(cause)
    return too_large_answer(*found, request_id) if found else from_rpc(cause, request_id)


def no_answer(timeout: float, request_id: str) -> DeadlineExceeded:
    """The error of a stream that says nothing for too long."""
    return DeadlineExceeded(
        f"no answer for {timeout:g} s",
        code=grpc.StatusCode.DEADLINE_EXCEEDED,
        request_id=request_id,
    )


def pause_before_retry(error: QuothError, failures: int) -> float | None:
    """Seconds to wait before the stream is opened again, or None if it should not be.

    Args:
        error: How the stream ended.
        failures: How often it has ended so since the last answer, this time included.
    """
    # A server's own INTERNAL has a reason. Without one it is the transport's word for a stream
    # that broke, and what grpc.aio makes of any end that comes while it sends.
    broken = error.code is grpc.StatusCode.INTERNAL and not error.reason
    if failures >= _MAX_FAILURES or not (broken or isinstance(error, Unavailable | Overloaded)):
        return None
    if error.retry_delay is not None:
        return error.retry_delay
    return backoff(failures)
