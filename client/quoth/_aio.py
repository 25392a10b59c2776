"""The client for asyncio."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterable, AsyncIterator, Iterable
from types import TracebackType
from typing import Self

import grpc
from grpc import aio

from quoth import _health, _requests
from quoth._aio_stream import AsyncStream
from quoth._bulk import Book, Outcome
from quoth._channel import SERVICE, TLS, CallMetadata, channel_arguments, check_plaintext
from quoth._errors import from_rpc
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

__all__ = ["AsyncClient"]


class AsyncClient:
    """The twin of `Client` for asyncio; make it inside the event loop that uses it.

    The arguments are those of `Client`.
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
        arguments = channel_arguments(tls, max_response_bytes)
        self._channel = (
            aio.secure_channel(target, tls.credentials(), options=arguments)
            if tls
            else aio.insecure_channel(target, options=arguments)
        )
        self._stub = AttributionServiceStub(self._channel)
        self._timeout = timeout

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
        kinds: Iterable[StatementKind.ValueType] = (),
        min_confidence: float | None = None,
        rejected: bool = False,
        offset_encoding: OffsetEncoding.ValueType = OffsetEncoding.OFFSET_ENCODING_UTF32,
        timeout: float | None = None,
    ) -> AttributeQuotesResponse:
        """Finds who said what in one article; see `Client.attribute`."""
        request = AttributeQuotesRequest(
            article=_requests.article(
                body, title=title, published=published, time_zone=time_zone, language=language
            ),
            options=_requests.options(kinds, min_confidence, offset_encoding, rejected),
        )
        request_id = uuid.uuid4().hex
        try:
            return await self._stub.AttributeQuotes(
                request, timeout=self._limit(timeout), metadata=self._metadata.of(request_id)
            )
        except grpc.RpcError as error:
            raise from_rpc(error, request_id) from error

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
        async with AsyncStream(
            lambda requests: self._stub.BulkAttributeQuotes(
                requests, metadata=self._metadata.of(request_id)
            ),
            book,
            self._limit(timeout),
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
                            stream.send(book.enter(article))
                    if receiving and receiving.done():
                        response, receiving = receiving.result(), None
                        for outcome in book.settle(response):
                            yield outcome
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
        check = self._channel.unary_unary(
            _health.METHOD,
            request_serializer=_health.encode_request,
            response_deserializer=_health.decode_response,
        )
        try:
            return await check(service, timeout=self._limit(timeout), metadata=self._metadata.of())
        except grpc.RpcError as error:
            raise from_rpc(error) from error

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
