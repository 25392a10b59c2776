"""The methods of the services, and the standard health check, for Connect and gRPC-Web.

Described by hand and not by code of `protoc-gen-connectrpc`, which would be messages of another
runtime of Protobuf: these are of Google's, as everywhere else here. The stream of many articles is
left to gRPC, as is the one that is followed: browsers cannot send one, and the door has calls with
one answer only.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import grpc
from connectrpc.method import IdempotencyLevel, MethodInfo, StreamType
from connectrpc.request import RequestContext
from connectrpc.server import ConnectASGIApplication, Endpoint
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message_factory import GetMessageClass
from grpc_health.v1 import health, health_pb2

from quoth.v1 import archive_pb2, attribution_service_pb2
from quoth_server.http.bodies import Bodies
from quoth_server.http.codecs import BINARY, JSON, FormCodec, Side, Unread, Written
from quoth_server.http.context import HttpContext
from quoth_server.http.packing import Gzip
from quoth_server.service import calls
from quoth_server.service.budget import Budget
from quoth_server.service.context import Context, abort
from quoth_server.service.errors import ServiceError
from quoth_server.service.interceptors import Behavior, Interceptor, chained

if TYPE_CHECKING:
    from uvicorn._types import ASGIReceiveCallable, ASGISendCallable, Scope

__all__ = ["PATHS", "ConnectEndpoint", "Servicers"]

_SERVICES = (
    attribution_service_pb2.DESCRIPTOR.services_by_name["AttributionService"],
    archive_pb2.DESCRIPTOR.services_by_name["ArchiveService"],
)
_METHODS = [
    [each for each in of.methods if not (each.client_streaming or each.server_streaming)]
    for of in _SERVICES
]
_CHECK: Any = health_pb2.DESCRIPTOR.services_by_name["Health"].methods_by_name["Check"]


def _path(method: MethodDescriptor) -> str:
    return f"/{method.containing_service.full_name}/{method.name}"


PATHS = frozenset(map(_path, (_CHECK, *itertools.chain(*_METHODS))))
"""Where the methods are."""

Servicers: TypeAlias = tuple[object, object]
"""What has the methods of `AttributionService`, and of `ArchiveService`."""


class ConnectEndpoint(ConnectASGIApplication[Servicers]):
    """An ASGI application that answers with what the servicers answer.

    `status` answers the health check, which needs no token and is not logged. Around each other
    call are the interceptors, the first one outermost. Requests and answers are held in the budget;
    a message has at most `max_request_bytes`, unpacked.
    """

    def __init__(
        self,
        servicers: Servicers,
        status: health.aio.HealthServicer,
        interceptors: Sequence[Interceptor],
        budget: Budget,
        max_request_bytes: int,
    ) -> None:
        self._bodies = Bodies(budget, max_request_bytes)
        self._side = side = Side(max_request_bytes)

        def endpoints(services: Servicers) -> dict[str, Any]:
            behaviors: list[tuple[MethodDescriptor, Behavior]] = [(_CHECK, _checking(status))]
            for service, methods in zip(services, _METHODS, strict=True):
                for each in methods:
                    own = getattr(service, each.name)
                    behaviors.append((each, chained(interceptors, each.name, own)))
            return {
                _path(method): Endpoint.unary(_described(method), _answering(does, side, budget))
                for method, does in behaviors
            }

        super().__init__(
            service=servicers,
            endpoints=endpoints,
            interceptors=(_Entrance(interceptors),),
            read_max_bytes=max_request_bytes,
            compressions=(Gzip(),),
            codecs=(FormCodec(BINARY, side), FormCodec(JSON, side)),
        )

    async def __call__(
        self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable
    ) -> None:
        """Answers one request."""
        assert scope["type"] == "http"  # the guard passes on nothing else
        client = scope["client"]
        peer = f"{client[0]}:{client[1]}" if client else ""
        with self._bodies.counted(peer, receive, send) as (receive_, send_):
            await super().__call__(scope, receive_, send_)

    def close(self) -> None:
        """Reads and writes no more messages."""
        self._side.close()

    @property
    def path(self) -> str:
        """Where the service is."""
        return f"/{_SERVICES[0].full_name}"


def _described(method: MethodDescriptor) -> MethodInfo[Any, Any]:
    return MethodInfo(
        name=method.name,
        service_name=method.containing_service.full_name,
        input=GetMessageClass(method.input_type),
        output=GetMessageClass(method.output_type),
        # Without side effects, but never by GET: a text belongs into no address.
        idempotency_level=IdempotencyLevel.IDEMPOTENT,
        stream_type=StreamType.UNARY,
    )


def _checking(status: health.aio.HealthServicer) -> Behavior:
    """The health check; no interceptor reads its request."""

    async def check(unread: Unread, context: Any) -> Any:
        try:
            request = await unread.read()
        except ServiceError as error:
            await abort(context, error)
        return await status.Check(request, context)

    return check


class _Entrance:
    """Refuses calls before anything of their message is read, which may be long."""

    def __init__(self, interceptors: Sequence[Interceptor]) -> None:
        self._interceptors = interceptors

    async def on_start(self, ctx: RequestContext[Any, Any]) -> None:
        """See `connectrpc.interceptor.MetadataInterceptor`."""
        if ctx.method.service_name == health.SERVICE_NAME:
            return
        call = HttpContext(ctx)
        if not all(each.admits(call.invocation_metadata()) for each in self._interceptors):
            # The one that does not admit it ends the call, which is logged and counted as any.
            await _ending(chained(self._interceptors, ctx.method.name, _unreachable), None, call)

    async def on_end(
        self, token: None, ctx: RequestContext[Any, Any], error: Exception | None
    ) -> None:
        """See `connectrpc.interceptor.MetadataInterceptor`."""


async def _unreachable(_request: None, _context: Context) -> None:
    raise AssertionError("an interceptor that does not admit a call ends it")


def _answering(behavior: Behavior, side: Side, budget: Budget) -> Any:
    async def answer(request: Unread, context: RequestContext[Any, Any]) -> Written:
        call = HttpContext(context)
        message = await _ending(behavior, request, call)
        # Known by now, if by a token. The health check begins no call.
        caller = calls.origin(call.peer())
        with budget.hold(caller, message.ByteSize()):  # until it is sent
            taken = context.request_headers
            names = ("accept-encoding", "grpc-accept-encoding")
            packed = any("gzip" in (taken.get(name) or "") for name in names)
            return await Written.of(message, request.form, side, packed=packed)

    return answer


async def _ending(behavior: Behavior, request: Unread | None, call: HttpContext) -> Any:
    """What the behavior returns; how it aborts the call is raised as Connect knows it."""
    try:
        return await behavior(request, call)
    except grpc.aio.AbortError:
        raise call.error() from None
    finally:
        call.send_headers()
