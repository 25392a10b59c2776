"""The methods of the service for Connect and gRPC-Web.

Described by hand and not by code of `protoc-gen-connectrpc`, which would be messages of another
runtime of Protobuf: these are of Google's, as everywhere else here. The stream of many articles is
left to gRPC: browsers cannot send one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import grpc
from connectrpc.method import IdempotencyLevel, MethodInfo, StreamType
from connectrpc.request import RequestContext
from connectrpc.server import ConnectASGIApplication, Endpoint

from quoth import v1
from quoth.v1 import attribution_service_pb2
from quoth_server.http.codecs import BinaryCodec, JsonCodec
from quoth_server.http.context import HttpContext
from quoth_server.service.interceptors import Behavior, Interceptor, chained
from quoth_server.service.servicer import AttributionServicer

__all__ = ["PATHS", "ConnectEndpoint"]

_SERVICE: str = attribution_service_pb2.DESCRIPTOR.services_by_name["AttributionService"].full_name
_MESSAGES: Mapping[str, tuple[type[Any], type[Any]]] = {
    "AttributeQuotes": (v1.AttributeQuotesRequest, v1.AttributeQuotesResponse),
    "GetServerInfo": (v1.GetServerInfoRequest, v1.GetServerInfoResponse),
}

PATHS = frozenset(f"/{_SERVICE}/{method}" for method in _MESSAGES)
"""Where the methods are."""


class ConnectEndpoint(ConnectASGIApplication[AttributionServicer]):
    """An ASGI application that answers with what the servicer answers.

    Args:
        servicer: answers the calls.
        interceptors: what happens around each call, outermost first.
        max_request_bytes: of one message, unpacked.
    """

    def __init__(
        self,
        servicer: AttributionServicer,
        interceptors: Sequence[Interceptor],
        max_request_bytes: int,
    ) -> None:
        def endpoints(service: AttributionServicer) -> dict[str, Any]:
            return {
                f"/{_SERVICE}/{method}": Endpoint.unary(
                    _described(method),
                    _answering(chained(interceptors, method, getattr(service, method))),
                )
                for method in _MESSAGES
            }

        super().__init__(
            service=servicer,
            endpoints=endpoints,
            read_max_bytes=max_request_bytes,
            codecs=(BinaryCodec(), JsonCodec()),
        )

    @property
    def path(self) -> str:
        """Where the service is."""
        return f"/{_SERVICE}"


def _described(method: str) -> MethodInfo[Any, Any]:
    request, response = _MESSAGES[method]
    return MethodInfo(
        name=method,
        service_name=_SERVICE,
        input=request,
        output=response,
        # Without side effects, but never by GET: a text belongs into no address.
        idempotency_level=IdempotencyLevel.IDEMPOTENT,
        stream_type=StreamType.UNARY,
    )


def _answering(behavior: Behavior) -> Any:
    async def answer(request: Any, context: RequestContext[Any, Any]) -> Any:
        call = HttpContext(context)
        try:
            return await behavior(request, call)
        except grpc.aio.AbortError:
            raise call.error() from None
        finally:
            call.send_headers()

    return answer
