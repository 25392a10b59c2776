"""The client for asyncio."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterable, AsyncIterator, Iterable
from types import TracebackType
from typing import TYPE_CHECKING, Self

import grpc

from quoth import _health, _requests
from quoth._aio_channel import LoopChannel
from quoth._aio_stream import AsyncStream
from quoth._bulk import Book, Outcome, refused
from quoth._channel import SERVICE, TLS, CallMetadata, channel_arguments, check_plaintext
from quoth._errors import QuothError, from_item, from_rpc
from quoth._patience import Patience
from quoth._sizes import TAKEN_BYTES, from_call, refusal
from quoth.v1 import (
    Article,
    AttributeQuotesRequest,
    AttributeQuotesResponse,
    AttributionServiceStub,
    BulkAttributeQuotesResponse,
    GetServerInfoRequest,
    GetServerInfoResponse,
    OffsetEncoding,
    StatementKind,
)

if TYPE_CHECKING:
    from quoth.v1.attribution_service_pb2_grpc import AttributionServiceAsyncStub

__all__ = ["AsyncClient"]


class AsyncClient:
    """The twin of `Client` for asyncio.

    The arguments are those of `Client`. It may be made anywhere; it connects in the event loop
    that first uses it, and is used in that one.
    """

    def __init__(
        self,
        target: str,
        *,
        tls: TLS | None = None,
        token: str = "",
        insecure: bool = False,
        timeout: float = 30.0,
        max_response_bytes: int = 16 * 1024 * 1024,
    ) -> None:
        check_plaintext(target, tls, insecure=insecure)
        self._metadata = CallMetadata(token)
        self._channel = LoopChannel(target, tls, channel_arguments(tls, max_response_bytes))
        self._timeout = timeout

    @property
    def _stub(self) -> AttributionServiceAsyncStub:
        return AttributionServiceStub(self._channel.here())

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Closes the connection; calls that run are cancelled."""
        await self._channel.close()

    async def attribute(
        self,
        body: str,
        *,
        title: str = "",
        published: _requests.Published = None,
        time_zone: str = "",
        language: str = "",
        article_id: str = "",
        kinds: Iterable[StatementKind.ValueType] = (),
        min_confidence: float | None = None,
        rejected: bool = False,
        offset_encoding: OffsetEncoding.ValueType = OffsetEncoding.OFFSET_ENCODING_UTF32,
        timeout: float | None = None,
    ) -> AttributeQuotesResponse:
        """Finds who said what in one article; see `Client.attribute`."""
        request = AttributeQuotesRequest(
            article=_requests.article(
                body,
                title=title,
                published=published,
                time_zone=time_zone,
                language=language,
                article_id=article_id,
            ),
            options=_requests.options(kinds, min_confidence, offset_encoding, rejected),
        )
        request_id = uuid.uuid4().hex
        patience = Patience(self._limit(timeout))
        size = request.ByteSize()
        if most := await self._exceeded(size, patience.left):
            raise from_item(refusal(request, size, most), request_id, article_id)
        stub = self._stub
        while True:
            try:
                return await stub.AttributeQuotes(
                    request, timeout=patience.left, metadata=self._metadata.of(request_id)
                )
            except grpc.RpcError as error:
                failure = from_call(error, request, request_id)
                pause = patience.pause(failure, error)
                if pause is None:
                    raise failure from error
            await asyncio.sleep(pause)

    async def attribute_many(
        self,
        articles: Iterable[Article] | AsyncIterable[Article],
        *,
        ordered: bool = True,
        in_flight: int = 8,
        kinds: Iterable[StatementKind.ValueType] = (),
        min_confidence: float | None = None,
        rejected: bool = False,
        offset_encoding: OffsetEncoding.ValueType = OffsetEncoding.OFFSET_ENCODING_UTF32,
        timeout: float | None = None,
    ) -> AsyncIterator[Outcome]:
        """Attributes many articles over one stream; see `Client.attribute_many`.

        `articles` may also be an async iterable. Use `contextlib.aclosing` where the iteration may
        be left early.
        """
        request_id = uuid.uuid4().hex
        options = _requests.options(kinds, min_confidence, offset_encoding, rejected)
        book = Book(options, ordered=ordered, request_id=request_id)
        source = articles if isinstance(articles, AsyncIterable) else _each(articles)
        iterator = aiter(source)
        pulling: asyncio.Task[Article | None] | None = None
        receiving: asyncio.Task[BulkAttributeQuotesResponse] | None = None
        more = True
        patience = self._limit(timeout)
        stub = self._stub
        async with AsyncStream(
            lambda requests: stub.BulkAttributeQuotes(
                requests, metadata=self._metadata.of(request_id)
            ),
            book,
            patience,
            request_id,
        ) as stream:
            try:
                while True:
                    if more and pulling is None and book.held < max(1, in_flight):
                        pulling = asyncio.create_task(_next_of(iterator))
                    if receiving is None and book.unanswered:
                        receiving = asyncio.create_task(stream.receive())
                    tasks = [task for task in (pulling, receiving) if task]
                    if not tasks:
                        return
                    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
                    if pulling and pulling.done():
                        article, pulling = pulling.result(), None
                        if article is None:
                            more = False
                            stream.end_requests()
                        else:
                            item = book.enter(article)
                            if most := await self._exceeded(item.ByteSize(), patience):
                                for outcome in book.settle(refused(item, most)):
                                    yield outcome
                            else:
                                stream.send(item)
                    if receiving and receiving.done():
                        response, receiving = receiving.result(), None
                        for outcome in book.settle(response):
                            yield outcome
            except QuothError:
                for outcome in book.rest():
                    yield outcome
                raise
            finally:
                await _cancel(pulling, receiving)

    async def server_info(self, *, timeout: float | None = None) -> GetServerInfoResponse:
        """The versions, the limits and the abilities of the server."""
        try:
            return await self._stub.GetServerInfo(
                GetServerInfoRequest(),
                timeout=self._limit(timeout),
                metadata=self._metadata.of(),
            )
        except grpc.RpcError as error:
            raise from_rpc(error) from error

    async def health(
        self, service: str = SERVICE, *, timeout: float | None = None
    ) -> _health.HealthStatus:
        """Whether the server can take calls, by the standard health check."""
        check = self._channel.here().unary_unary(
            _health.METHOD,
            request_serializer=_health.encode_request,
            response_deserializer=_health.decode_response,
        )
        try:
            return await check(service, timeout=self._limit(timeout), metadata=self._metadata.of())
        except grpc.RpcError as error:
            raise from_rpc(error) from error

    async def _exceeded(self, size: int, timeout: float) -> int | None:
        """The limit of the server, in bytes, if a message is larger."""
        if size <= TAKEN_BYTES:
            return None
        try:
            info = await self.server_info(timeout=timeout)
        except QuothError:
            return None  # it is sent, and what is wrong with the server told then
        most = info.limits.max_request_bytes
        return most if 0 < most < size else None

    def _limit(self, timeout: float | None) -> float:
        return self._timeout if timeout is None else timeout


async def _each(articles: Iterable[Article]) -> AsyncIterator[Article]:
    for article in articles:
        yield article


async def _next_of(iterator: AsyncIterator[Article]) -> Article | None:
    return await anext(iterator, None)


async def _cancel(
    *tasks: asyncio.Task[Article | None] | asyncio.Task[BulkAttributeQuotesResponse] | None,
) -> None:
    running = [task for task in tasks if task]
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
