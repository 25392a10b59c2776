"""Traces as collectors of OpenTelemetry get them, by each of its protocols."""

from __future__ import annotations

import contextlib
import gzip
import http.server
import queue
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
import pytest
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2

from quoth import v1
from tests.integration.server import Server, article

Collected = queue.SimpleQueue[trace_service_pb2.ExportTraceServiceRequest]


@contextlib.contextmanager
def collector(protocol: str, collected: Collected) -> Iterator[str]:
    """A collector of traces on this machine, and its address."""
    message = trace_service_pb2.ExportTraceServiceRequest

    class Door(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers["Content-Encoding"] == "gzip":
                content = gzip.decompress(content)
            if self.path == "/v1/traces":
                collected.put(message.FromString(content))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            return

    def export(
        request: trace_service_pb2.ExportTraceServiceRequest, context: grpc.ServicerContext
    ) -> trace_service_pb2.ExportTraceServiceResponse:
        collected.put(request)
        return trace_service_pb2.ExportTraceServiceResponse()

    if protocol == "grpc":
        service = "opentelemetry.proto.collector.trace.v1.TraceService"
        method = grpc.unary_unary_rpc_method_handler(
            export,
            message.FromString,
            trace_service_pb2.ExportTraceServiceResponse.SerializeToString,
        )
        server = grpc.server(ThreadPoolExecutor(1))
        server.add_generic_rpc_handlers(
            (grpc.method_handlers_generic_handler(service, {"Export": method}),)
        )
        port = server.add_insecure_port("127.0.0.1:0")
        server.start()
        yield f"http://127.0.0.1:{port}"
        server.stop(None).wait()
    else:
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Door) as door:
            threading.Thread(target=door.serve_forever).start()
            yield f"http://127.0.0.1:{door.server_port}"
            door.shutdown()


@pytest.mark.parametrize("protocol", ["grpc", "http/protobuf"])
def test_a_collector_gets_the_spans_also_those_of_the_end(protocol: str) -> None:
    collected: Collected = queue.SimpleQueue()
    with collector(protocol, collected) as address:
        variables = {
            "OTEL_EXPORTER_OTLP_ENDPOINT": address,
            "OTEL_EXPORTER_OTLP_PROTOCOL": protocol,
            "OTEL_BSP_SCHEDULE_DELAY": "600000",
        }
        with Server("--tracing", "--workers", "1", variables=variables) as server:
            with server.channel() as channel:
                v1.AttributionServiceStub(channel).AttributeQuotes(article("x"))
            server.process.terminate()
            assert server.exit_code() == 0
        (spans_of_resource,) = collected.get(timeout=20).resource_spans
        (span,) = spans_of_resource.scope_spans[0].spans
        assert span.name == "quoth.v1.AttributionService/AttributeQuotes"


def test_a_collector_that_is_not_there_does_not_hold_the_end_up() -> None:
    variables = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1",
        "OTEL_EXPORTER_OTLP_TIMEOUT": "1",
    }
    with Server("--tracing", variables=variables) as server:
        with server.channel() as channel:
            v1.AttributionServiceStub(channel).AttributeQuotes(article("x"))
        server.process.terminate()
        assert server.exit_code() == 0
