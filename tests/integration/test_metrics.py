"""What Prometheus scrapes and OpenTelemetry receives."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import grpc
import pytest

from quoth import v1
from tests.integration.server import Server, article
from tests.integration.test_privacy import VARIABLES, scrape, spans, value

READ = 'quoth_calls_total{code="OK",method="AttributeQuotes"}'


def has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as one:
            one.bind(("::1", 0))
    except OSError:
        return False
    return True


@pytest.fixture(scope="module")
def measured() -> Iterator[Server]:
    flags = ("--workers", "1", "--queue-per-worker", "1", "--metrics-port", "0", "--tracing")
    with Server(*flags, variables=VARIABLES) as server:
        yield server


@pytest.fixture
def stub(measured: Server) -> Iterator[v1.AttributionServiceStub]:
    with measured.channel() as channel:
        yield v1.AttributionServiceStub(channel)


@pytest.fixture
def change(measured: Server) -> Callable[[str], float]:
    """How much a line has grown since the test began."""
    before = scrape(measured)
    return lambda line: value(scrape(measured), line) - value(before, line)


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_call_is_counted(stub: v1.AttributionServiceStub, change: Callable[[str], float]) -> None:
    stub.AttributeQuotes(article("sleep 0.1\nfive words are in here"))
    until(lambda: change(READ) == 1)
    assert change("quoth_words_total") == 7
    assert change("quoth_statements_total") == 1
    assert 0.1 <= change("quoth_engine_seconds_sum") < 5
    assert change("quoth_engine_seconds_count") == 1
    assert change("quoth_queue_seconds_count") == 1
    assert change('quoth_call_seconds_count{method="AttributeQuotes"}') == 1
    assert change('quoth_calls_in_flight{method="AttributeQuotes"}') == 0


def test_what_runs_and_what_waits_and_what_is_refused(
    measured: Server,
    stub: v1.AttributionServiceStub,
    change: Callable[[str], float],
    tmp_path: Path,
) -> None:
    until_told = article(f"until {tmp_path / 'go'}")
    with measured.taking(2):
        calls = [stub.AttributeQuotes.future(until_told) for _ in range(2)]
    begin = time.monotonic()
    with pytest.raises(grpc.RpcError) as caught:
        stub.AttributeQuotes(article("x"))
    assert caught.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    until(lambda: change('quoth_calls_in_flight{method="AttributeQuotes"}') == 2)
    waited = time.monotonic() - begin
    (tmp_path / "go").touch()
    for call in calls:
        call.result()
    until(lambda: change(READ) == 2)
    assert change('quoth_refusals_total{reason="OVERLOADED"}') == 1
    assert change('quoth_calls_total{code="RESOURCE_EXHAUSTED",method="AttributeQuotes"}') == 1
    assert waited < change("quoth_queue_seconds_sum") < waited + 5  # of the second
    assert change('quoth_calls_in_flight{method="AttributeQuotes"}') == 0


def test_items_of_a_stream_are_counted_as_they_are_read(
    stub: v1.AttributionServiceStub, change: Callable[[str], float]
) -> None:
    def items() -> Iterator[v1.BulkAttributeQuotesRequest]:
        yield v1.BulkAttributeQuotesRequest(item_id="1", request=article("one two"))
        yield v1.BulkAttributeQuotesRequest(item_id="2", request=article(""))
        until(lambda: change("quoth_words_total") == 2)
        until(lambda: change('quoth_refusals_total{reason="EMPTY_BODY"}') == 1)
        assert change('quoth_calls_in_flight{method="BulkAttributeQuotes"}') == 1

    assert len(list(stub.BulkAttributeQuotes(items()))) == 2
    until(lambda: change('quoth_calls_total{code="OK",method="BulkAttributeQuotes"}') == 1)


def test_a_worker_that_dies_is_counted(
    measured: Server, stub: v1.AttributionServiceStub, change: Callable[[str], float]
) -> None:
    assert value(scrape(measured), "quoth_workers") == 1
    with pytest.raises(grpc.RpcError):
        stub.AttributeQuotes(article("die"))
    until(lambda: change('quoth_worker_restarts_total{cause="died"}') == 2)  # it is tried twice
    assert change('quoth_worker_restarts_total{cause="caller_gone"}') == 0
    until(lambda: value(scrape(measured), "quoth_workers") == 1)


def test_a_worker_ended_for_an_impatient_caller_does_not_count_as_dead(
    measured: Server, stub: v1.AttributionServiceStub, change: Callable[[str], float]
) -> None:
    with pytest.raises(grpc.RpcError):
        stub.AttributeQuotes(article("spin 600"), timeout=0.5)
    until(lambda: change('quoth_worker_restarts_total{cause="caller_gone"}') == 1)
    assert change('quoth_worker_restarts_total{cause="died"}') == 0
    until(lambda: change("quoth_engine_seconds_sum") > 0)


def test_a_call_is_a_span_below_that_of_its_caller(
    measured: Server, stub: v1.AttributionServiceStub
) -> None:
    trace, parent = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
    metadata = [("traceparent", f"00-{trace}-{parent}-01"), ("x-request-id", "traced")]
    stub.AttributeQuotes(article("sleep 0.05\nx", article_id="a"), metadata=metadata)

    def found() -> list[dict[str, object]]:
        return [s for s in spans(measured) if s["attributes"]["quoth.request_id"] == "traced"]  # type: ignore[index]

    until(lambda: len(found()) == 1)
    (span,) = found()
    assert span["name"] == "quoth.v1.AttributionService/AttributeQuotes"
    assert span["kind"] == "SpanKind.SERVER"
    assert (span["context"]["trace_id"], span["parent_id"]) == (f"0x{trace}", f"0x{parent}")  # type: ignore[index]
    assert span["status"] == {"status_code": "UNSET"}
    attributes = span["attributes"]
    assert isinstance(attributes, dict)
    seconds = attributes.pop("quoth.engine_seconds"), attributes.pop("quoth.queue_seconds")
    assert 0.05 <= seconds[0] < 5
    assert attributes == {
        "rpc.system": "grpc",
        "rpc.service": "quoth.v1.AttributionService",
        "rpc.method": "AttributeQuotes",
        "rpc.grpc.status_code": 0,
        "quoth.request_id": "traced",
        "quoth.items": 1,
        "quoth.failed": 0,
        "quoth.characters": 12,
        "quoth.statements": 1,
    }
    assert span["resource"]["attributes"]["service.name"] == "quoth-server"  # type: ignore[index]
    measured.until_log(f"message=call .*request_id=traced .*trace_id={trace}")


def test_the_servers_failures_are_errors_of_spans_and_the_callers_are_not(
    measured: Server, stub: v1.AttributionServiceStub
) -> None:
    for body in ("crash", ""):
        with pytest.raises(grpc.RpcError):
            stub.AttributeQuotes(article(body), metadata=[("x-request-id", f"span-{body}")])

    def status(name: str) -> object:
        return next(
            (s["status"] for s in spans(measured) if s["attributes"]["quoth.request_id"] == name),  # type: ignore[index]
            None,
        )

    until(lambda: bool(status("span-crash") and status("span-")))
    assert status("span-crash") == {"status_code": "ERROR"}
    assert status("span-") == {"status_code": "UNSET"}


def test_metrics_are_for_this_machine_by_default(measured: Server) -> None:
    address = measured.until_log(r"message=metrics address=(\S+)")[1]
    assert address.startswith("127.0.0.1:")


@pytest.mark.skipif(not has_ipv6(), reason="needs IPv6")
def test_the_reported_address_of_the_metrics_answers() -> None:
    with Server("--workers", "1", "--metrics-port", "0", "--metrics-host", "::1") as server:
        assert "quoth_workers 1.0\n" in scrape(server)


def test_without_a_port_there_are_none() -> None:
    with Server() as server:
        server.until_log("message=listening")
        assert "message=metrics" not in server.log


def test_a_port_for_metrics_that_is_taken_is_reported() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with Server("--metrics-port", str(port), wait=False) as server:
            assert server.exit_code() == 3
            assert f"cannot listen on 127.0.0.1:{port} for metrics" in server.log


@pytest.mark.parametrize(
    ("flags", "package", "extra"),
    [
        (("--metrics-port", "0"), "prometheus_client", "metrics"),
        (("--tracing",), "opentelemetry", "otel"),
    ],
)
def test_a_missing_package_is_reported(flags: tuple[str, ...], package: str, extra: str) -> None:
    prelude = f"import sys; sys.modules[{package!r}] = None"
    with Server(*flags, prelude=prelude, wait=False) as server:
        assert server.exit_code() == 2
        assert f"pip install 'quoth-server[{extra}]'" in server.log
        assert re.search(rf"quoth-server: {flags[0]} needs a package \(.*{package}", server.log)
        assert server.log.count("\n") == 1


def test_an_unknown_exporter_of_traces_is_reported() -> None:
    with Server("--tracing", variables={"OTEL_TRACES_EXPORTER": "pigeon"}, wait=False) as server:
        assert server.exit_code() == 2
        assert "no trace exporter named 'pigeon'" in server.log
