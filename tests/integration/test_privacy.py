"""No text of an article is in a log, an error, a metric or a trace, whatever happens to it."""

from __future__ import annotations

import contextlib
import json
import re
import urllib.request
from collections.abc import Iterator

import grpc
import pytest

from quoth import v1
from tests.integration.server import Server

CANARY = "Kanarienvogel"
VARIABLES = {"OTEL_TRACES_EXPORTER": "console", "OTEL_BSP_SCHEDULE_DELAY": "100"}


@pytest.fixture(scope="module")
def watched() -> Iterator[Server]:
    """A server that tells as much as it can."""
    with Server(
        *("--workers", "1", "--queue-per-worker", "1", "--max-deadline", "1"),
        *("--metrics-port", "0", "--tracing", "--log-level", "debug"),
        variables=VARIABLES,
    ) as server:
        yield server


def scrape(server: Server) -> str:
    address = server.until_log(r"message=metrics address=(\S+)")[1]
    with urllib.request.urlopen(f"http://{address}/metrics", timeout=10) as response:
        text: str = response.read().decode()
    return text


def value(metrics: str, line: str) -> float:
    found = re.search(rf"^{re.escape(line)} (\S+)$", metrics, re.M)
    return float(found[1]) if found else 0.0


def spans(server: Server) -> list[dict[str, object]]:
    """The finished spans that it has printed, after its line of being ready."""
    decoder, text, found = json.JSONDecoder(), server.output, []
    position = text.find("{")
    while position >= 0:
        with contextlib.suppress(json.JSONDecodeError):  # the last one is being written
            span, position = decoder.raw_decode(text, position)
            found.append(span)
            position = text.find("{", position)
            continue
        break
    return found


def request(commands: str, **fields: str) -> v1.AttributeQuotesRequest:
    """An article with the canary in every field that holds text of it."""
    body = f"{commands}\n{CANARY} sang."
    return v1.AttributeQuotesRequest(
        article=v1.Article(**({"body": body, "title": CANARY} | fields))
    )


def heard(error: grpc.RpcError) -> str:
    """All that a client can see of an error."""
    return f"{error.code()} {error.details()} {error.debug_error_string()} " + " ".join(
        f"{key}={entry!r}" for key, entry in error.trailing_metadata() or ()
    )


@pytest.mark.parametrize(
    ("code", "given"),
    [
        ("OK", request("")),
        ("INVALID_ARGUMENT", request("", language_code="de")),
        ("INVALID_ARGUMENT", request("", time_zone="Mars")),
        ("INVALID_ARGUMENT", request(CANARY * 20_000)),  # too long
        ("INVALID_ARGUMENT", request("refuse fr")),
        ("INTERNAL", request("crash")),
        ("DEADLINE_EXCEEDED", request("sleep 30")),
    ],
    ids=["answered", "language", "zone", "too long", "not English", "fault", "too slow"],
)
def test_a_call(watched: Server, code: str, given: v1.AttributeQuotesRequest) -> None:
    with watched.channel() as channel:
        stub = v1.AttributionServiceStub(channel)
        if code == "OK":
            assert CANARY in str(stub.AttributeQuotes(given, wait_for_ready=True))
        else:
            with pytest.raises(grpc.RpcError) as caught:
                stub.AttributeQuotes(given)
            assert caught.value.code().name == code
            assert CANARY not in heard(caught.value)


def test_a_call_whose_worker_dies(watched: Server) -> None:
    with watched.channel() as channel, pytest.raises(grpc.RpcError) as caught:
        v1.AttributionServiceStub(channel).AttributeQuotes(request("die"))
    assert caught.value.code() is grpc.StatusCode.UNAVAILABLE
    assert CANARY not in heard(caught.value)


def test_a_call_that_is_given_up(watched: Server) -> None:
    with watched.channel() as channel:
        stub = v1.AttributionServiceStub(channel)
        with watched.taking(1):
            call = stub.AttributeQuotes.future(request("sleep 0.5"))
        call.cancel()
        with pytest.raises(grpc.RpcError) as late:
            stub.AttributeQuotes(request("sleep 0.9"), timeout=0.2)
    assert CANARY not in heard(late.value)


def test_calls_that_are_too_many(watched: Server) -> None:
    with watched.channel() as channel:
        stub = v1.AttributionServiceStub(channel)
        calls = [stub.AttributeQuotes.future(request("sleep 0.4")) for _ in range(8)]
        errors = [call.exception() for call in calls]
    refused = [error for error in errors if error]
    assert refused
    assert not any(CANARY in heard(error) for error in refused)


def test_a_stream(watched: Server) -> None:
    commands = ("", "crash", "refuse fr", "die", "sleep 30", "")
    items = [
        v1.BulkAttributeQuotesRequest(item_id=str(number), request=request(command))
        for number, command in enumerate(commands)
    ]
    with watched.channel() as channel:
        answers = list(v1.AttributionServiceStub(channel).BulkAttributeQuotes(iter(items)))
    errors = [answer.error for answer in answers if answer.HasField("error")]
    assert len(errors) == 4
    assert CANARY not in str(errors)


def test_no_request_at_all(watched: Server) -> None:
    """Bytes that are none end as an error of gRPC itself."""
    with watched.channel() as channel, pytest.raises(grpc.RpcError) as caught:
        channel.unary_unary("/quoth.v1.AttributionService/AttributeQuotes")(
            b"\xff" + CANARY.encode()
        )
    assert CANARY not in heard(caught.value)


def test_nothing_of_it_is_anywhere(watched: Server) -> None:
    """Runs last, on what all the others have left."""
    metrics = scrape(watched)
    log = watched.log
    # Each outcome has been: the looks below are at something.
    for code in ("OK", "INVALID_ARGUMENT", "INTERNAL", "DEADLINE_EXCEEDED", "UNAVAILABLE"):
        assert value(metrics, f'quoth_calls_total{{code="{code}",method="AttributeQuotes"}}') >= 1
    names = {
        span["attributes"]["rpc.grpc.status_code"]  # type: ignore[index]
        for span in spans(watched)
    }
    assert {0, 3, 4, 8, 13, 14} <= names
    for text in (metrics, log, watched.output):
        assert CANARY not in text
        assert CANARY.lower() not in text.lower()
    assert "message=fault" in log
