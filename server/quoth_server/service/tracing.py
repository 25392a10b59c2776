"""A span of OpenTelemetry for every call. Needs the extra `otel`.

Not opentelemetry-instrumentation-grpc: for grpc.aio it takes every stream for a generator, and puts
messages of errors into spans. Not grpcio-observability: it has no traces for grpc.aio.
"""

from __future__ import annotations

import os
from importlib.metadata import entry_points
from typing import Any

from opentelemetry import propagate, trace
from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter

from quoth_server.service import calls
from quoth_server.service.context import Context
from quoth_server.service.interceptors import Around, Behavior, Outcome
from quoth_server.settings import BadSettings

__all__ = ["Tracing", "provider"]

_NAME = "quoth_server"
_SERVICE = "quoth.v1.AttributionService"
# What the conventions count as the server's own failure, and not as the caller's.
_FAILURES = frozenset(
    ("UNKNOWN", "DEADLINE_EXCEEDED", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS")
)


class Tracing(Around):
    """Makes a span, the child of the caller's, with figures of the call and nothing of its text."""

    def __init__(self, tracers: trace.TracerProvider) -> None:
        self._tracer = tracers.get_tracer(_NAME)

    async def _around(self, method: str, behavior: Behavior, request: Any, context: Context) -> Any:
        given = {key: str(value) for key, value in context.invocation_metadata() or ()}
        with self._tracer.start_as_current_span(
            f"{_SERVICE}/{method}",
            context=propagate.extract(given),
            kind=trace.SpanKind.SERVER,
            attributes={"rpc.system": "grpc", "rpc.service": _SERVICE, "rpc.method": method},
            record_exception=False,  # it would bring the message of the exception along
            set_status_on_exception=False,
        ) as span:
            call = calls.current()
            if span.get_span_context().is_valid:
                call.trace_id = trace.format_trace_id(span.get_span_context().trace_id)
            outcome = Outcome(context)
            try:
                with outcome:
                    return await behavior(request, context)
            finally:
                span.set_attributes(
                    {
                        "rpc.grpc.status_code": outcome.code.value[0],
                        "quoth.request_id": call.request_id,
                        "quoth.items": call.items,
                        "quoth.failed": call.failed,
                        "quoth.characters": call.characters,
                        "quoth.statements": call.statements,
                        "quoth.queue_seconds": call.queue_seconds,
                        "quoth.engine_seconds": call.engine_seconds,
                    }
                )
                if outcome.code.name in _FAILURES:
                    span.set_status(trace.StatusCode.ERROR)


def provider(version: str) -> TracerProvider:
    """What makes spans and sends them, as the `OTEL_*` variables say.

    The SDK reads most of them by itself; `OTEL_TRACES_EXPORTER` (`otlp`, `console`, `none`) and
    `OTEL_EXPORTER_OTLP_PROTOCOL` (`grpc`, `http/protobuf`) are read here.

    Raises:
        BadSettings: if a variable names an exporter that is not installed.
    """
    resource = Resource.create({SERVICE_VERSION: version})
    if str(resource.attributes[SERVICE_NAME]).startswith("unknown_service"):
        resource = resource.merge(Resource({SERVICE_NAME: "quoth-server"}))
    tracers = TracerProvider(resource=resource)
    for name in os.environ.get("OTEL_TRACES_EXPORTER", "otlp").split(","):
        if name.strip() not in ("", "none"):
            tracers.add_span_processor(BatchSpanProcessor(_exporter(name.strip())))
    return tracers


def _exporter(name: str) -> SpanExporter:
    if name == "otlp":
        protocol = (
            os.environ.get("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL")
            or os.environ.get("OTEL_EXPORTER_OTLP_PROTOCOL")
            or "grpc"
        )
        name = f"otlp_proto_{protocol.removesuffix('/protobuf')}"
    found = tuple(entry_points(group="opentelemetry_traces_exporter", name=name))
    if not found:
        raise BadSettings(
            f"no trace exporter named {name!r} is installed; "
            "set OTEL_TRACES_EXPORTER to otlp, console or none"
        )
    exporter: SpanExporter = found[0].load()()
    return exporter
