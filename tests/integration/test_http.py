"""Calls by Connect and gRPC-Web: the same answers, errors and limits as by gRPC."""

from __future__ import annotations

import base64
import gzip
import http.client
import json
import struct
import threading
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from google.protobuf import json_format
from google.rpc import error_details_pb2

from quoth import v1
from tests.integration.server import Server, article
from tests.integration.web import ATTRIBUTE, INFO, JSON, ask, attribute

BODY = "“Wir – no, we – won 🎉,” she said. e\u0301"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    flags = ("--workers", "2", "--queue-per-worker", "1", "--max-deadline", "20", "--http", "0")
    with Server(*flags) as server:
        yield server


def by_grpc(server: Server, request: v1.AttributeQuotesRequest) -> v1.AttributeQuotesResponse:
    with server.channel() as channel:
        return v1.AttributionServiceStub(channel).AttributeQuotes(request)


def test_json_as_curl_sends_it(server: Server) -> None:
    reply = attribute(server, BODY)
    assert reply.status == 200
    assert reply.headers["content-type"] == "application/json"
    assert reply.json["statements"][0]["contentSpans"][0] == {"endOffset": len(BODY), "text": BODY}
    assert reply.json["offsetEncoding"] == "OFFSET_ENCODING_UTF32"


def test_it_is_what_grpc_answers(server: Server) -> None:
    request = article(BODY, title="T", time_zone="America/New_York")
    request.article.publish_time.FromJsonString("2026-05-15T01:30:00Z")
    request.options.offset_encoding = v1.OffsetEncoding.OFFSET_ENCODING_UTF16
    as_json = ask(server, "POST", ATTRIBUTE, json_format.MessageToJson(request), JSON)
    as_bytes = ask(
        server,
        "POST",
        ATTRIBUTE,
        request.SerializeToString(),
        {"Content-Type": "application/proto"},
    )
    expected = by_grpc(server, request)
    assert expected.anchor_date.date.day == 14
    assert json_format.Parse(as_json.body, v1.AttributeQuotesResponse()) == expected
    assert v1.AttributeQuotesResponse.FromString(as_bytes.body) == expected


def test_names_of_the_contract_are_taken_as_well(server: Server) -> None:
    body = json.dumps({"article": {"body": "x", "time_zone": "Mars"}})
    assert ask(server, "POST", ATTRIBUTE, body, JSON).detail("ErrorInfo")["reason"] == (
        "INVALID_TIME_ZONE"
    )


def test_what_is_packed_is_unpacked(server: Server) -> None:
    packed = gzip.compress(json.dumps({"article": {"body": BODY}}).encode())
    headers = {**JSON, "Content-Encoding": "gzip", "Accept-Encoding": "gzip"}
    reply = ask(server, "POST", ATTRIBUTE, packed, headers)
    assert reply.headers["content-encoding"] == "gzip"
    assert BODY in gzip.decompress(reply.body).decode()


def test_what_unpacks_to_too_much_is_refused(server: Server) -> None:
    bomb = gzip.compress(b" " * 50_000_000)
    reply = ask(server, "POST", ATTRIBUTE, bomb, {**JSON, "Content-Encoding": "gzip"})
    assert (reply.status, reply.json["code"]) == (429, "resource_exhausted")


def test_grpc_web(server: Server) -> None:
    def framed(message: bytes) -> bytes:
        return struct.pack(">BI", 0, len(message)) + message

    headers = {"Content-Type": "application/grpc-web+proto", "X-Grpc-Web": "1"}
    request = article(BODY)
    reply = ask(server, "POST", ATTRIBUTE, framed(request.SerializeToString()), headers)
    assert reply.status == 200
    (length,) = struct.unpack(">I", reply.body[1:5])
    answer = v1.AttributeQuotesResponse.FromString(reply.body[5 : 5 + length])
    assert answer == by_grpc(server, request)
    assert b"grpc-status: 0" in reply.body[5 + length :].lower().replace(b"status:0", b"status: 0")
    refused = ask(server, "POST", ATTRIBUTE, framed(b""), headers)
    assert (
        b"MISSING" in refused.body
        or "grpc-status-details-bin" in refused.headers
        or (b"grpc-status-details-bin" in refused.body.lower())
    )


def test_the_server_says_what_it_is(server: Server) -> None:
    reply = ask(server, "POST", INFO, "{}", JSON)
    assert reply.json["engineVersion"] == "fake-1"
    assert reply.json["limits"]["maxBodyCharacters"] == 200_000


def test_what_the_contract_does_not_know_is_named(server: Server) -> None:
    request = {"article": {"body": "x"}, "options": {"offsetEncoding": "UTF8", "kind": 1}}
    reply = ask(server, "POST", ATTRIBUTE, json.dumps(request), JSON)
    assert (reply.status, reply.json["code"]) == (400, "invalid_argument")
    violations = reply.detail("BadRequest")["fieldViolations"]
    assert [(each["field"], each["reason"]) for each in violations] == [
        ("options.offset_encoding", "INVALID_ENUM_VALUE"),
        ("options.kind", "MALFORMED_REQUEST"),
    ]
    assert "OFFSET_ENCODING_UTF8" in reply.json["message"]


@pytest.mark.parametrize("content_type", ["application/json", "application/grpc-web+json"])
def test_json_of_a_million_elements_is_refused_in_a_few_words(
    server: Server, content_type: str
) -> None:
    body = b'{"options":{"kinds":[' + b"9," * 1_000_000 + b"9]}}"
    if "web" in content_type:
        body = struct.pack(">BI", 0, len(body)) + body
    reply = ask(server, "POST", ATTRIBUTE, body, {"Content-Type": content_type})
    assert len(reply.body) + len(str(reply.headers)) < 4000
    if "web" not in content_type:
        assert (reply.status, reply.json["code"]) == (400, "invalid_argument")
        assert reply.detail("ErrorInfo")["metadata"] == {"maxElements": "1000"}


# ---- errors -------------------------------------------------------------------------------------


def test_every_bad_field_is_named_at_once(server: Server) -> None:
    request = {
        "article": {"body": " ", "timeZone": "Mars", "languageCode": "de", "title": "x" * 2001},
        "options": {"view": 77, "minConfidence": 2},
    }
    reply = ask(server, "POST", ATTRIBUTE, json.dumps(request), JSON)
    assert (reply.status, reply.json["code"]) == (400, "invalid_argument")
    violations = reply.detail("BadRequest")["fieldViolations"]
    assert [(each["field"], each["reason"]) for each in violations] == [
        ("article.body", "EMPTY_BODY"),
        ("article.title", "FIELD_TOO_LONG"),
        ("article.time_zone", "INVALID_TIME_ZONE"),
        ("article.language_code", "UNSUPPORTED_LANGUAGE"),
        ("options.view", "INVALID_ENUM_VALUE"),
        ("options.min_confidence", "INVALID_CONFIDENCE"),
    ]
    assert reply.detail("ErrorInfo")["domain"] == "quoth.v1"


def test_details_are_those_of_grpc(server: Server) -> None:
    """As bytes too, for programs with the types."""
    detail = attribute(server, "refuse fr").json["details"][0]
    assert detail["type"] == "google.rpc.ErrorInfo"
    info = error_details_pb2.ErrorInfo.FromString(base64.b64decode(detail["value"] + "=="))
    assert info.reason == "UNSUPPORTED_LANGUAGE"
    assert info.metadata["languageCode"] == "fr"


@pytest.mark.parametrize(
    ("request_", "field"),
    [
        ({"article": {"body": "x", "publishTime": "Tuesday"}}, "article.publish_time"),
        ({"article": {"body": 7}}, "article.body"),
        ({"article": {"body": "\ud800"}}, "article.body"),
        ({"options": {"view": {}}}, "options.view"),
        ({"article": 7}, "article"),
        ({"options": {"minConfidence": "much"}}, "options.min_confidence"),
    ],
)
def test_json_of_the_wrong_type_names_its_field(
    server: Server, request_: object, field: str
) -> None:
    reply = ask(server, "POST", ATTRIBUTE, json.dumps(request_), JSON)
    assert reply.status == 400
    assert reply.detail("ErrorInfo")["reason"] == "MALFORMED_REQUEST"
    assert [each["field"] for each in reply.detail("BadRequest")["fieldViolations"]] == [field]
    assert "Tuesday" not in reply.body.decode()


@pytest.mark.parametrize("body", [b"{", b"\xff", b"7", b"[" * 100_000, b'{"a": 1, "a": 2}'])
def test_what_is_not_json_is_refused(server: Server, body: bytes) -> None:
    reply = ask(server, "POST", ATTRIBUTE, body, JSON)
    assert (reply.status, reply.json["code"]) == (400, "invalid_argument")
    assert reply.detail("ErrorInfo")["reason"] == "MALFORMED_REQUEST"


def test_bytes_that_are_not_a_message_are_refused_and_logged(server: Server) -> None:
    headers = {"Content-Type": "application/proto", "X-Request-Id": "no-message"}
    reply = ask(server, "POST", ATTRIBUTE, b"\xff\xff", headers)
    assert reply.detail("ErrorInfo")["reason"] == "MALFORMED_REQUEST"
    server.until_log(r"message=call .*code=INVALID_ARGUMENT request_id=no-message")


def test_a_body_over_the_limit_is_refused_with_the_figures(server: Server) -> None:
    reply = attribute(server, "x" * 200_001)
    assert reply.status == 400
    assert reply.detail("ErrorInfo")["metadata"] == {
        "bodyCharacters": "200001",
        "maxBodyCharacters": "200000",
    }


def test_a_request_over_the_limit_of_bytes_is_refused(server: Server) -> None:
    reply = attribute(server, "x" * 4_500_000)
    assert (reply.status, reply.json["code"]) == (429, "resource_exhausted")


def test_a_body_without_a_content_length_too(server: Server) -> None:
    def parts() -> Iterator[bytes]:
        yield b'{"article": {"body": "'
        for _ in range(5_000):
            yield b"x" * 1024

    reply = ask(server, "POST", ATTRIBUTE, parts(), JSON)  # type: ignore[arg-type]
    assert (reply.status, reply.json["code"]) == (429, "resource_exhausted")


def test_a_fault_is_internal_and_says_nothing_of_the_text(server: Server) -> None:
    reply = attribute(server, "crash with Geheimnis inside", {"X-Request-Id": "http-fault"})
    assert (reply.status, reply.json["code"]) == (500, "internal")
    assert reply.detail("ErrorInfo")["reason"] == "INTERNAL"
    assert "Geheimnis" not in reply.body.decode()
    server.until_log(r"message=fault request_id=http-fault")
    assert "Geheimnis" not in server.log


def test_the_request_id_comes_back_and_is_logged(server: Server) -> None:
    reply = attribute(server, "Verschwiegen", {"X-Request-Id": "id-http"})
    assert reply.headers["x-request-id"] == "id-http"
    line = server.until_log(r"^.*message=call .*request_id=id-http.*$")[0]
    assert "method=AttributeQuotes code=OK" in line
    assert "characters=12 statements=1" in line
    assert "Verschwiegen" not in server.log


# ---- limits -------------------------------------------------------------------------------------


def test_a_full_server_says_when_to_come_back(server: Server, tmp_path: Path) -> None:
    done = tmp_path / "done"
    with ThreadPoolExecutor(4) as threads:
        with server.taking(4):
            taken = [threads.submit(attribute, server, f"until {done}") for _ in range(4)]
        refused = [attribute(server, "x") for _ in range(4)]
        done.touch()
        assert [each.result().status for each in taken] == [200] * 4
    for reply in refused:
        assert (reply.status, reply.json["code"]) == (429, "resource_exhausted")
        assert reply.detail("ErrorInfo")["reason"] == "OVERLOADED"
        assert float(reply.detail("RetryInfo")["retryDelay"].removesuffix("s")) > 0
        assert int(reply.headers["retry-after"]) >= 1


def test_both_doors_share_one_line(server: Server, tmp_path: Path) -> None:
    done = tmp_path / "done"
    with server.channel() as channel:
        stub = v1.AttributionServiceStub(channel)
        with server.taking(4):
            calls = [stub.AttributeQuotes.future(article(f"until {done}")) for _ in range(4)]
        assert attribute(server, "x").status == 429
        done.touch()
        assert all(call.result() for call in calls)


def test_the_callers_deadline_ends_the_call_and_its_worker(server: Server) -> None:
    reply = attribute(server, "sleep 15", {"Connect-Timeout-Ms": "300", "X-Request-Id": "late"})
    assert (reply.status, reply.json["code"]) == (504, "deadline_exceeded")
    server.until_log(r"message=call .*code=DEADLINE_EXCEEDED request_id=late")
    assert attribute(server, "x").status == 200


@pytest.mark.parametrize("timeout", ["-1", "soon", "99999999999"])
def test_an_odd_deadline_is_refused(server: Server, timeout: str) -> None:
    assert attribute(server, "x", {"Connect-Timeout-Ms": timeout}).status == 400


def test_the_servers_deadline() -> None:
    with Server("--workers", "1", "--max-deadline", "0.5", "--http", "0") as server:
        reply = attribute(server, "sleep 15")
        assert (reply.status, reply.json["code"]) == (504, "deadline_exceeded")
        assert reply.detail("ErrorInfo")["metadata"] == {"deadlineSeconds": "0.5"}


def test_a_caller_who_leaves_frees_the_worker(server: Server) -> None:
    place = urlsplit(server.url)
    with server.taking(1):
        connection = http.client.HTTPConnection(place.hostname or "", place.port)
        body = json.dumps({"article": {"body": "sleep 15"}})
        connection.request("POST", ATTRIBUTE, body, {**JSON, "X-Request-Id": "gone"})
    connection.close()
    server.until_log(r"message=call .*code=CANCELLED request_id=gone")


def test_a_text_that_ends_its_workers_is_kept_out_at_both_doors() -> None:
    with Server("--workers", "1", "--http", "0") as server:
        assert attribute(server, "die").detail("ErrorInfo")["reason"] == "WORKER_LOST"
        end = time.monotonic() + 30
        while (reply := attribute(server, "die")).status != 400:
            assert time.monotonic() < end, reply
            time.sleep(0.1)
        assert reply.json["code"] == "failed_precondition"
        assert reply.detail("ErrorInfo")["reason"] == "QUARANTINED"


def test_calls_are_counted_like_those_of_grpc() -> None:
    with Server("--workers", "1", "--http", "0", "--metrics-port", "0") as server:
        attribute(server, "one two")
        attribute(server, "")
        address = server.until_log(r"message=metrics address=(\S+)")[1]
        with urllib.request.urlopen(f"http://{address}/metrics", timeout=10) as response:
            metrics = response.read().decode()
    assert 'quoth_calls_total{code="OK",method="AttributeQuotes"} 1.0' in metrics
    assert 'quoth_calls_total{code="INVALID_ARGUMENT",method="AttributeQuotes"} 1.0' in metrics
    assert 'quoth_refusals_total{reason="EMPTY_BODY"} 1.0' in metrics
    assert "quoth_words_total 2.0" in metrics


def test_many_at_once(server: Server) -> None:
    """Connections of browsers, kept open, side by side."""
    answered = []

    def caller() -> None:
        answered.extend(attribute(server, "x").status for _ in range(10))

    threads = [threading.Thread(target=caller) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answered) == 40
    assert set(answered) <= {200, 429}
