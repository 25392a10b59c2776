"""The blocking client."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Self

import grpc

from quoth import _health, _requests
from quoth._bulk import Book, Outcome, refused
from quoth._channel import SERVICE, TLS, CallMetadata, channel_arguments, check_plaintext
from quoth._errors import QuothError, from_item, from_rpc
from quoth._patience import Patience
from quoth._sizes import TAKEN_BYTES, from_call, refusal
from quoth._source import Pulled, Source
from quoth._stream import Stream
from quoth.v1 import (
    Article,
    AttributeQuotesRequest,
    AttributeQuotesResponse,
    AttributionServiceStub,
    GetServerInfoRequest,
    GetServerInfoResponse,
    OffsetEncoding,
    StatementKind,
)

__all__ = ["Client"]


class Client:
    """A connection to a quoth server, to be made once and shared: it is safe between threads.

    A call is tried again where the server cannot be reached, and waits where it is full, as long as
    its timeout lets it. Use the client in a `with` statement, or close it.

    Args:
        target: The address, such as `127.0.0.1:50051` or any other name gRPC understands. Where it
            has several addresses, as `dns:///quoth.example:50051` may, calls go round all of them.
        tls: How to connect by TLS; None connects in plain text.
        token: Shown to the server with every call.
        insecure: Allows plain text, and the token in it, to a server on another machine.
        timeout: Seconds a call may take, its retries included, unless it is given its own.
        max_response_bytes: The largest answer to accept.

    Raises:
        ValueError: The target is another machine, and neither `tls` nor `insecure` is given; or the
            token has characters that no token has.
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
            grpc.secure_channel(target, tls.credentials(), options=arguments)
            if tls
            else grpc.insecure_channel(target, options=arguments)
        )
        self._stub = AttributionServiceStub(self._channel)
        self._timeout = timeout

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes the connection; calls that run are cancelled."""
        self._channel.close()

    def attribute(
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
        """Finds who said what, in which role and when, in one article.

        Args:
            body: The text, exactly as offsets should count it.
            title: The headline, which tells a headline in the body from its text.
            published: The day or the instant of publication, or either as ISO 8601 text; relative
                dates count from it. The day of an instant is the one at its own offset from UTC.
            time_zone: An IANA time zone, in which the day of an instant with an offset is taken.
            language: A BCP-47 code; empty lets the server detect it.
            article_id: The caller's name for the article, for logs and errors.
            kinds: The kinds of statement to return; empty is all.
            min_confidence: Statements less sure than this are left out; None is the server's
                default.
            rejected: Whether to return, as `rejected_quotations`, the words in quotation marks
                that are no statement, such as titles and nicknames, each with the reason.
            offset_encoding: What offsets count: code points (as Python does) unless told otherwise.
            timeout: Seconds the call may take; None is the client's.

        Raises:
            InvalidArticle: A field is bad, or the article larger than the server takes;
                `violations` names every one.
            QuothError: The call failed for another reason; see the tree in `quoth`.
        """
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
        if most := self._exceeded(size, patience.left):
            raise from_item(refusal(request, size, most), request_id, article_id)
        while True:
            try:
                return self._stub.AttributeQuotes(
                    request, timeout=patience.left, metadata=self._metadata.of(request_id)
                )
            except grpc.RpcError as error:
                failure = from_call(error, request, request_id)
                pause = patience.pause(failure, error)
                if pause is None:
                    raise failure from error
            time.sleep(pause)

    def attribute_many(
        self,
        articles: Iterable[Article],
        *,
        ordered: bool = True,
        in_flight: int = 8,
        kinds: Iterable[StatementKind.ValueType] = (),
        min_confidence: float | None = None,
        rejected: bool = False,
        offset_encoding: OffsetEncoding.ValueType = OffsetEncoding.OFFSET_ENCODING_UTF32,
        timeout: float | None = None,
    ) -> Iterator[Outcome]:
        """Attributes many articles over one stream, as they are iterated.

        A bad article, or one larger than the server takes, gives an outcome with an error and the
        rest go on. A lost connection is opened again and only what was unanswered is sent again.

        Args:
            articles: The articles, made by `quoth.article`; read no faster than answers come, and
                in a thread of their own, so that an outcome comes when it is there.
            ordered: Give outcomes in the order of the articles, or as they are ready.
            in_flight: How many articles are sent and not given back at any time.
            kinds: As for `attribute`, and so are the next three.
            min_confidence: See `kinds`.
            rejected: See `kinds`.
            offset_encoding: See `kinds`.
            timeout: Seconds to wait for any next answer; None is the client's.

        Raises:
            QuothError: The stream failed for good. Outcomes given before stay good, and those
                that only waited for their turn are given before it is raised.
        """
        request_id = uuid.uuid4().hex
        options = _requests.options(kinds, min_confidence, offset_encoding, rejected)
        book = Book(options, ordered=ordered, request_id=request_id)
        patience = self._limit(timeout)
        with (
            Stream(
                lambda requests: self._stub.BulkAttributeQuotes(
                    requests, metadata=self._metadata.of(request_id)
                ),
                book,
                patience,
                request_id,
            ) as stream,
            Source(articles, stream.deliver) as source,
        ):
            pulling = False
            more = True
            while True:
                if more and not pulling and book.held < max(1, in_flight):
                    source.pull()
                    pulling = True
                if not pulling and not book.unanswered:
                    return
                try:
                    event = stream.next()
                except QuothError:
                    yield from book.rest()
                    raise
                if not isinstance(event, Pulled):
                    yield from book.settle(event)
                    stream.listen()
                    continue
                pulling = False
                if event.error:
                    raise event.error
                if event.article is None:
                    more = False
                    stream.end_requests()
                    continue
                item = book.enter(event.article)
                if most := self._exceeded(item.ByteSize(), patience):
                    yield from book.settle(refused(item, most))
                else:
                    stream.send(item)

    def server_info(self, *, timeout: float | None = None) -> GetServerInfoResponse:
        """The versions, the limits and the abilities of the server.

        Raises:
            QuothError: The call failed.
        """
        try:
            return self._stub.GetServerInfo(
                GetServerInfoRequest(),
                timeout=self._limit(timeout),
                metadata=self._metadata.of(),
            )
        except grpc.RpcError as error:
            raise from_rpc(error) from error

    def health(
        self, service: str = SERVICE, *, timeout: float | None = None
    ) -> _health.HealthStatus:
        """Whether the server can take calls, by the standard health check; not tried again.

        Raises:
            QuothError: The server could not be asked.
        """
        check = self._channel.unary_unary(
            _health.METHOD,
            request_serializer=_health.encode_request,
            response_deserializer=_health.decode_response,
        )
        try:
            return check(service, timeout=self._limit(timeout), metadata=self._metadata.of())
        except grpc.RpcError as error:
            raise from_rpc(error) from error

    def _exceeded(self, size: int, timeout: float) -> int | None:
        """The limit of the server, in bytes, if a message is larger."""
        if size <= TAKEN_BYTES:
            return None
        try:
            most = self.server_info(timeout=timeout).limits.max_request_bytes
        except QuothError:
            return None  # it is sent, and what is wrong with the server told then
        return most if 0 < most < size else None

    def _limit(self, timeout: float | None) -> float:
        return self._timeout if timeout is None else timeout
