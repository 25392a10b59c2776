"""A server without an engine, scripted by each test, over a real port."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator
from concurrent import futures
from contextlib import contextmanager
from dataclasses import dataclass, field

import grpc
from google.protobuf import any_pb2
from google.rpc import error_details_pb2, status_pb2
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_status import rpc_status

from quoth.v1 import (
    AttributeQuotesRequest,
    AttributeQuotesResponse,
    AttributionServiceServicer,
    BulkAttributeQuotesRequest,
    BulkAttributeQuotesResponse,
    ErrorReason,
    GetServerInfoRequest,
    GetServerInfoResponse,
    ItemError,
    Limits,
    add_AttributionServiceServicer_to_server,
)

Context = grpc.ServicerContext


def answer(request: AttributeQuotesRequest) -> AttributeQuotesResponse:
    """An answer by which a test knows the request: the body in place of the version."""
    return AttributeQuotesResponse(engine_version=request.article.body)


def answer_item(item: BulkAttributeQuotesRequest) -> BulkAttributeQuotesResponse:
    if item.request.article.body == "bad":
        error = ItemError(code=3, reason=ErrorReason.ERROR_REASON_EMPTY_BODY, message="bad body")
        error.violations.add(
            field="request.article.body",
            description="is bad",
            reason=ErrorReason.ERROR_REASON_EMPTY_BODY,
        )
        return BulkAttributeQuotesResponse(item_id=item.item_id, error=error)
    return BulkAttributeQuotesResponse(item_id=item.item_id, response=answer(item.request))


def status(
    code: grpc.StatusCode,
    message: str = "",
    reason: str = "",
    metadata: dict[str, str] | None = None,
    violations: tuple[tuple[str, str, str], ...] = (),
    retry_delay: float | None = None,
) -> grpc.Status:
    """A rich status as quoth-server sends it."""
    details = [error_details_pb2.ErrorInfo(reason=reason, domain="quoth.v1", metadata=metadata)]
    if violations:
        bad = error_details_pb2.BadRequest()
        for path, description, why in violations:
            bad.field_violations.add(field=path, description=description, reason=why)
        details.append(bad)
    if retry_delay is not None:
        retry = error_details_pb2.RetryInfo()
        retry.retry_delay.FromMilliseconds(int(retry_delay * 1000))
        details.append(retry)
    packed = []
    for detail in details:
        packed.append(any_pb2.Any())
        packed[-1].Pack(detail)
    return rpc_status.to_status(
        status_pb2.Status(code=code.value[0], message=message, details=packed)
    )


@dataclass
class Fake(AttributionServiceServicer):
    """Answers as `attribute` and `bulk` say, and remembers what it was asked."""

    attribute: Callable[[AttributeQuotesRequest, Context], AttributeQuotesResponse] = field(
        default=lambda request, context: answer(request)
    )
    bulk: Callable[
        [Iterator[BulkAttributeQuotesRequest], Context], Iterator[BulkAttributeQuotesResponse]
    ] = field(default=lambda requests, context: map(answer_item, requests))
    requests: list[AttributeQuotesRequest] = field(default_factory=list)
    metadata: list[dict[str, str]] = field(default_factory=list)
    max_request_bytes: int = 0
    streams: int = 0
    cancelled: threading.Event = field(default_factory=threading.Event)

    def AttributeQuotes(self, request, context):
        self.requests.append(request)
        self.metadata.append(dict(context.invocation_metadata()))
        return self.attribute(request, context)

    def BulkAttributeQuotes(self, requests, context):
        self.streams += 1
        self.metadata.append(dict(context.invocation_metadata()))
        context.add_callback(self.cancelled.set)
        yield from self.bulk(requests, context)

    def GetServerInfo(self, request: GetServerInfoRequest, context: Context):
        self.metadata.append(dict(context.invocation_metadata()))
        return GetServerInfoResponse(
            server_version="1.2.3",
            language_codes=["en"],
            limits=Limits(max_request_bytes=self.max_request_bytes),
        )


@contextmanager
def serving(
    fake: Fake, *, credentials: grpc.ServerCredentials | None = None, port: int = 0
) -> Iterator[str]:
    """Serves on a free port, or the given one, and yields the address."""
    server = grpc.server(futures.ThreadPoolExecutor(8), options=[("grpc.so_reuseport", 0)])
    add_AttributionServiceServicer_to_server(fake, server)
    checker = health.HealthServicer()
    checker.set("quoth.v1.AttributionService", health_pb2.HealthCheckResponse.SERVING)
    checker.set("drained", health_pb2.HealthCheckResponse.NOT_SERVING)
    health_pb2_grpc.add_HealthServicer_to_server(checker, server)
    address = f"127.0.0.1:{port}"
    port = (
        server.add_secure_port(address, credentials)
        if credentials
        else server.add_insecure_port(address)
    )
    server.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        server.stop(None).wait()


def failing_first(
    failures: int, failed: grpc.Status
) -> Callable[[AttributeQuotesRequest, Context], AttributeQuotesResponse]:
    """Fails a number of times with the status, then answers."""
    attempts = itertools.count()

    def attribute(request: AttributeQuotesRequest, context: Context) -> AttributeQuotesResponse:
        if next(attempts) < failures:
            context.abort_with_status(failed)
        return answer(request)

    return attribute
