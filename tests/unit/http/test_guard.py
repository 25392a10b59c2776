"""Which requests get through, without a server."""

from __future__ import annotations

from typing import Any

import pytest

from quoth_server.http.guard import Guard

CALL = "/quoth.v1.AttributionService/AttributeQuotes"
TYPE = ("content-type", "application/json")
HOST = ("host", "127.0.0.1:8080")


async def reached(
    *headers: tuple[str, str], method: str = "POST", path: str = CALL, loopback: bool = True
) -> int | str:
    """Who answered: `page`, `call`, or the status of the refusal."""
    answered: list[int | str] = []

    async def page(scope: Any, receive: Any, send: Any) -> None:
        answered.append("page")

    async def call(scope: Any, receive: Any, send: Any) -> None:
        answered.append("call")

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            answered.append(message["status"])

    async def receive() -> Any:
        raise AssertionError("nothing is read before the answer")

    guard = Guard(page, call, frozenset((CALL,)), max_request_bytes=100, loopback=loopback)
    scope: Any = {
        "type": "http",
        "method": method,
        "path": path,
        "headers": [(name.encode(), value.encode()) for name, value in headers],
    }
    await guard(scope, receive, send)
    (who,) = answered
    return who


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "127.0.0.1:8080", "127.9.9.9:1", "localhost", "LOCALHOST:99"),
        *("localhost:65535", "[::1]", "[::1]:8080", "[0:0:0:0:0:0:0:1]:1"),
    ],
)
async def test_names_of_this_machine(host: str) -> None:
    assert await reached(("host", host), TYPE) == "call"


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8080",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "localhost@evil.example",
        "10.0.0.1",
        "0.0.0.0:8080",
        "",
        "evil.example/localhost",
        # What parsers of addresses disagree about.
        *("127.0.0.1#", "localhost#", "localhost#.evil.example", "localhost#@evil.example"),
        *("localhost?.evil.example", "localhost/.evil.example", "localhost\\.evil.example"),
        *("user@localhost", "localhost:80@evil.example", "evil.example@localhost", "@localhost"),
        *("localhost:", "localhost:evil", "localhost:65536", "localhost:-1", "localhost:80:80"),
        *("localhost: 80", "localhost:８０", "localhost:080000", ":80"),
        *("localhost.", "127.0.0.1.", ".localhost", "localhost..evil.example", "localhost,a.b"),
        *("localhost%00.evil.example", "%6cocalhost", "local\thost", "localhost evil.example"),
        *("[::1", "::1", "::1]", "[::1].evil.example", "[::1]evil:80", "[localhost]", "[]"),
        *("[127.0.0.1]", "[::1%25eth0]", "[::1]:", "[[::1]]", "[::ffff:10.0.0.1]"),
        *("127.1", "0x7f.0.0.1", "2130706433", "0127.0.0.1", "ſlocalhost"),
    ],
)
async def test_names_of_others(host: str) -> None:
    refused = 421 if host.isascii() else 400
    assert await reached(("host", host), TYPE) == refused
    assert await reached(("host", host), method="GET", path="/") == refused


async def test_a_request_for_nobody_in_particular() -> None:
    assert await reached(TYPE) == 421


async def test_any_name_leads_to_a_server_that_others_can_reach() -> None:
    assert await reached(("host", "quoth.example"), TYPE, loopback=False) == "call"


@pytest.mark.parametrize(
    ("headers", "who"),
    [
        ([], "call"),
        ([("origin", "http://127.0.0.1:8080")], "call"),
        ([("origin", "http://127.0.0.1:9999")], 403),
        ([("origin", "https://evil.example")], 403),
        ([("origin", "null")], 403),
        ([("sec-fetch-site", "same-origin")], "call"),
        ([("sec-fetch-site", "none")], "call"),
        ([("sec-fetch-site", "cross-site")], 403),
        ([("sec-fetch-site", "same-site")], 403),
        # A proxy in between may have another name; the browser knows.
        ([("sec-fetch-site", "same-origin"), ("origin", "https://quoth.example")], "call"),
        ([("sec-fetch-site", "cross-site"), ("origin", "http://127.0.0.1:8080")], 403),
    ],
)
async def test_pages_of_other_sites_make_no_calls(
    headers: list[tuple[str, str]], who: int | str
) -> None:
    assert await reached(HOST, TYPE, *headers) == who


@pytest.mark.parametrize(
    ("content_type", "who"),
    [
        ("application/json", "call"),
        ("application/json; charset=utf-8", "call"),
        ("application/proto", "call"),
        ("application/grpc-web+proto", "call"),
        ("text/plain", 415),
        ("application/x-www-form-urlencoded", 415),
        ("multipart/form-data; boundary=x", 415),
        ("application/grpc", 415),
        ("application/connect+json", 415),
        ("", 415),
    ],
)
async def test_types_that_a_form_can_send_are_not_taken(content_type: str, who: int | str) -> None:
    assert await reached(HOST, ("content-type", content_type)) == who


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"])
async def test_calls_are_made_by_post_only(method: str) -> None:
    assert await reached(HOST, TYPE, method=method) == 405


async def test_declared_lengths() -> None:
    assert await reached(HOST, TYPE, ("content-length", "100")) == "call"
    assert await reached(HOST, TYPE, ("content-length", "99999")) == 429
    assert await reached(HOST, TYPE, ("content-length", "9" * 5000)) == 429


async def test_headers_are_ascii() -> None:
    assert await reached(HOST, TYPE, ("x-request-id", "ü")) == 400
