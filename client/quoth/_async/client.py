"""The client."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterable, AsyncIterator, Iterable
from typing import Any, Self, Unpack, cast

import grpc

from quoth import _health, _requests, v1
from quoth._aio import Channel, sleep
from quoth._async.stream import AsyncStream, Pulled
from quoth._bulk import Outcome, Pending, refuse
from quoth._channel import SERVICE, TLS, CallMetadata, channel_arguments, check_plaintext
from quoth._errors import QuothError, from_item, from_rpc
from quoth._retry import Deadline
from quoth._sizes import ALWAYS_ACCEPTED_BYTES, from_call, too_large_request

__all__ = ["AsyncClient"]


class AsyncClient:
    """A connection to a quoth server, made once and shared.

    It connects in the event loop that first uses it, and must be used in that one.

    A call is retried if the server cannot be reached, and waits if it is full, as long as
    its timeout allows. Use the client in an `async with` statement, or close it.

    Args:
        target: The address, such as `127.0.0.1:50051` or any other name gRPC understands. If it
            has several addresses, as `dns:///quoth.example:50051` may, calls are spread over them.
        tls: How to connect with TLS; None connects in plaintext.
        token: Sent to the server with every call.
        insecure: Allows plaintext, including the token, to a server on another machine.
        timeout: Seconds a call may take, its retries included, unless it is given its own.
        max_response_bytes: The largest answer to accept.

    Raises:
        ValueError: The target is another machine, and neither `tls` nor `insecure` is given; or the
            token has invalid characters.
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
        self._channel = Channel(target, tls, channel_arguments(tls, max_response_bytes))
        self._timeout = timeout

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Closes the connection; running calls are canceled."""
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
        kinds: Iterable[v1.StatementKind.ValueType] = (),
        min_confidence: float | None = None,
        rejected: bool = False,
        nonresponses: bool = False,
        sentences: bool = False,
        known_speakers: Iterable[v1.KnownSpeaker] = (),
        offset_encoding: v1.OffsetEncoding.ValueType = v1.OffsetEncoding.OFFSET_ENCODING_UTF32,
        timeout: float | None = None,
    ) -> v1.AttributeQuotesResponse:
        """Finds who said what, in which role and when, in one article.

        Args:
            body: The text, exactly as offsets should count it. Offsets in the answer are half-open,
                [start, end), and count code points, as Python does, unless `offset_encoding` says
                otherwise.
            title: The headline, by which a headline in the body is recognized.
            published: The day or the instant of publication, or either as ISO 8601 text; relative
                dates count from it. The day of an instant is the one at its own offset from UTC.
            time_zone: An IANA time zone that decides the day of an instant with an offset.
            language: A BCP-47 code; empty lets the server detect it.
            article_id: The caller's name for the article, for logs and errors.
            kinds: The kinds of statement to return; empty is all.
            min_confidence: Statements with less confidence, from 0 to 1, are left out; None means
                the server's default.
            rejected: Whether to return, as `rejected_quotations`, the words in quotation marks
                that are not statements, such as titles and nicknames, each with the reason.
            nonresponses: Whether to return, as `nonresponses`, who did not answer ("declined to
                comment", "did not respond", "could not be reached").
            sentences: Whether to return the sentences of the body, as `sentences`, each with the
                ids of the statements that it is part of.
            known_speakers: Names, aliases, roles and ids that override what the text alone says.
            offset_encoding: The unit of offsets.
            timeout: Seconds the call may take; None means the client's.

        Raises:
            InvalidArticle: A field is bad, or the article is larger than the server accepts;
                `violations` names every one.
            QuothError: The call failed for another reason; see the tree in `quoth`.
        """
        request = v1.AttributeQuotesRequest(
            article=_requests.article(
                body,
                title=title,
                published=published,
                time_zone=time_zone,
                language=language,
                article_id=article_id,
            ),
            options=_requests.options(
                *(kinds, min_confidence, offset_encoding, rejected, nonresponses, sentences),
                known_speakers,
            ),
        )
        return cast(v1.AttributeQuotesResponse, await self.ask(request, timeout=timeout))

    async def verify(
        self,
        quotation: str,
        *,
        speaker: str = "",
        article: v1.Article | None = None,
        timeout: float | None = None,
    ) -> v1.VerifyQuoteResponse:
        """Checks whether a speaker, or anybody, said some words: in an article or the archive.

        Raises:
            QuothError: The call failed; the reason NO_ARCHIVE means that the server has none.
        """
        request = v1.VerifyQuoteRequest(quotation=quotation, speaker=speaker, article=article)
        return cast(v1.VerifyQuoteResponse, await self.ask(request, timeout=timeout))

    async def ask(self, request: Any, *, timeout: float | None = None) -> Any:
        """Sends a request of `quoth.v1`, such as a `SearchStatementsRequest`; returns its response.

        Raises:
            QuothError: The call failed.
        """
        name = type(request).__name__.removesuffix("Request")
        archive = v1.ArchiveServiceStub(self._channel.get())
        stub = archive if hasattr(archive, name) else v1.AttributionServiceStub(self._channel.get())
        return await self._answer(getattr(stub, name), request, timeout)

    async def attribute_many(
        self,
        articles: Iterable[v1.Article] | AsyncIterable[v1.Article],
        *,
        ordered: bool = True,
        in_flight: int = 8,
        timeout: float | None = None,
        **options: Unpack[_requests.Options],
    ) -> AsyncIterator[Outcome]:
        """Attributes many articles over one stream, as they are iterated.

        A bad article, or one larger than the server accepts, has an outcome with an error, and
        the rest follow. A lost connection is reopened, and only what was unanswered is sent
        again. Close the iterator where the iteration may end early (`contextlib.aclosing`).

        Args:
            articles: The articles, made by `quoth.article`; read no faster than answers come, and
                in a task of its own, so that an outcome arrives when it is ready.
            ordered: Return outcomes in the order of the articles, not as they become ready.
            in_flight: How many articles may be sent and not yet returned at any time.
            timeout: Seconds to wait for each next answer; None means the client's.
            options: As for `attribute`, from `kinds` to `offset_encoding`.

        Raises:
            QuothError: The stream failed for good. Earlier outcomes stay valid, and those
                that only waited for their turn are returned before it is raised.
        """
        request_id = uuid.uuid4().hex
        pending = Pending(_requests.options(**options), ordered=ordered, request_id=request_id)
        stub = v1.AttributionServiceStub(self._channel.get())
        async with AsyncStream(
            articles,
            lambda requests: stub.BulkAttributeQuotes(
                requests, metadata=self._metadata.of(request_id)
            ),
            pending,
            self._seconds(timeout),
        ) as stream:
            pulling = False
            more = True
            while True:
                if more and not pulling and pending.held < max(1, in_flight):
                    stream.source.pull()
                    pulling = True
                if not pulling and not pending.requests:
                    return
                try:
                    event = await stream.next()
                except QuothError:
                    for outcome in pending.rest():
                        yield outcome
                    raise
                if not isinstance(event, Pulled):
                    for outcome in pending.settle(event):
                        yield outcome
                    stream.restart_timeout()
                    continue
                pulling = False
                if event.error:
                    raise event.error
                if event.article is None:
                    more = False
                    stream.end_requests()
                    continue
                item = pending.add(event.article)
                if limit := await self._exceeded(item.ByteSize(), self._seconds(timeout)):
                    for outcome in pending.settle(refuse(item, limit)):
                        yield outcome
                else:
                    stream.send(item)

    async def server_info(self, *, timeout: float | None = None) -> v1.GetServerInfoResponse:
        """The versions, limits and capabilities of the server.

        Raises:
            QuothError: The call failed.
        """
        call = v1.AttributionServiceStub(self._channel.get()).GetServerInfo
        seconds, metadata = self._seconds(timeout), self._metadata.of()
        try:
            return await call(v1.GetServerInfoRequest(), timeout=seconds, metadata=metadata)
        except grpc.RpcError as error:
            raise from_rpc(error) from error

    async def health(
        self, service: str = SERVICE, *, timeout: float | None = None
    ) -> _health.HealthStatus:
        """Whether the server can take calls, by the standard health check; not retried.

        Raises:
            QuothError: The server could not be asked.
        """
        check = self._channel.get().unary_unary(
            _health.METHOD,
            request_serializer=_health.encode_request,
            response_deserializer=_health.decode_response,
        )
        try:
            return await check(
                service, timeout=self._seconds(timeout), metadata=self._metadata.of()
            )
        except grpc.RpcError as error:
            raise from_rpc(error) from error

    async def _answer(self, call: Any, request: Any, timeout: float | None) -> Any:
        """The answer to a call; if the server is full it is retried while there is time."""
        request_id = uuid.uuid4().hex
        metadata = self._metadata.of(request_id)
        deadline = Deadline(self._seconds(timeout))
        size = request.ByteSize()
        if limit := await self._exceeded(size, deadline.left):
            error = too_large_request(request, size, limit)
            raise from_item(error, request_id, getattr(request, "article", v1.Article()).article_id)
        while True:
            try:
                return await call(request, timeout=deadline.left, metadata=metadata)
            except grpc.RpcError as error:
                failure = from_call(error, request, request_id)
                pause = deadline.pause(failure, error)
                if pause is None:
                    raise failure from error
            await sleep(pause)

    async def _exceeded(self, size: int, timeout: float) -> int | None:
        """The limit of the server, in bytes, if a message is larger."""
        if size <= ALWAYS_ACCEPTED_BYTES:
            return None
        try:
            info = await self.server_info(timeout=timeout)
        except QuothError:
            return None  # it is sent, and the call itself reports what is wrong with the server
        limit = info.limits.max_request_bytes
        return limit if 0 < limit < size else None

    def _seconds(self, timeout: float | None) -> float:
        return self._timeout if timeout is None else timeout
