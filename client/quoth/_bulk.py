"""What a bulk call has sent, what came back, and how it fails."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import grpc

from quoth import v1
from quoth._errors import DeadlineExceeded, QuothError, Unavailable, from_item, from_rpc
from quoth._sizes import size_limit, too_large_answer, too_large_request

__all__ = ["Outcome", "Pending", "lost", "no_answer", "refuse"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome for one article of `attribute_many`; either `response` or `error` is set.

    Attributes:
        index: The place of the article among those given, from 0.
        article: The article.
        response: The answer.
        error: Why there is no answer.
    """

    index: int
    article: v1.Article
    response: v1.AttributeQuotesResponse | None = None
    error: QuothError | None = None

    def unwrap(self) -> v1.AttributeQuotesResponse:
        """The answer, or the error raised."""
        if self.error is not None:
            raise self.error
        assert self.response is not None
        return self.response


class Pending:
    """Which articles are sent and unanswered, and which answers wait for their turn.

    The place of an article, from 0, is its `item_id`.

    Args:
        options: The options of each request.
        ordered: Whether outcomes come in the order of the articles.
        request_id: The id of the call, for errors.
    """

    def __init__(self, options: v1.AttributionOptions, *, ordered: bool, request_id: str) -> None:
        self.request_id = request_id
        self._options = options
        self._ordered = ordered
        self.requests: dict[str, v1.BulkAttributeQuotesRequest] = {}
        """What is unanswered, by `item_id`."""
        self._waiting: dict[int, Outcome] = {}
        self._added = 0
        self._released = 0

    @property
    def held(self) -> int:
        """How many articles were added whose outcome is not released yet."""
        return self._added - self._released

    def add(self, article: v1.Article) -> v1.BulkAttributeQuotesRequest:
        """Makes the request for the next article."""
        request = v1.BulkAttributeQuotesRequest(
            item_id=str(self._added),
            request=v1.AttributeQuotesRequest(article=article, options=self._options),
        )
        self.requests[request.item_id] = request
        self._added += 1
        return request

    def settle(self, response: v1.BulkAttributeQuotesResponse) -> Iterator[Outcome]:
        """Takes an answer and releases the outcomes whose turn has come."""
        request = self.requests.pop(response.item_id, None)
        if request is None:
            raise QuothError(f"the server answered item {response.item_id!r}, which was not asked")
        index, article = int(response.item_id), request.request.article
        if response.WhichOneof("outcome") == "response":
            outcome = Outcome(index, article, response=response.response)
        else:
            error = from_item(response.error, self.request_id, article.article_id)
            outcome = Outcome(index, article, error=error)
        if not self._ordered:
            self._released += 1
            yield outcome
            return
        self._waiting[index] = outcome
        while (next_outcome := self._waiting.pop(self._released, None)) is not None:
            self._released += 1
            yield next_outcome

    def refused(self, cause: grpc.RpcError | None) -> list[v1.BulkAttributeQuotesResponse]:
        """Answers in place of the server's for the requests that were too large for it."""
        found = size_limit(cause) if cause else None
        if found is None:
            return []
        size, limit = found
        return [refuse(each, limit) for each in self.requests.values() if each.ByteSize() == size]

    def rest(self) -> Iterator[Outcome]:
        """Releases the answers whose turn has not come, once no others will come."""
        for index in sorted(self._waiting):
            self._released += 1
            yield self._waiting.pop(index)


def refuse(item: v1.BulkAttributeQuotesRequest, limit: int) -> v1.BulkAttributeQuotesResponse:
    """The answer to a request that is larger than the server accepts."""
    error = too_large_request(item.request, item.ByteSize(), limit, path="request.")
    return v1.BulkAttributeQuotesResponse(item_id=item.item_id, error=error)


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
    """The error of a stream that has been silent for too long."""
    return DeadlineExceeded(
        f"no answer for {timeout:g} s",
        code=grpc.StatusCode.DEADLINE_EXCEEDED,
        request_id=request_id,
    )
