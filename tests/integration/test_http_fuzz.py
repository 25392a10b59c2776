"""Requests broken in every way: each is answered or cut off, none with a fault, none ends it."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator

import pytest

from tests.integration.server import Server
from tests.integration.web import ATTRIBUTE, attribute, raw

GOOD = json.dumps(
    {
        "article": {
            "body": "“We are full,” she said.",
            "title": "Full",
            "publishTime": "2026-05-14T12:00:00Z",
            "timeZone": "UTC",
        },
        "options": {"kinds": ["STATEMENT_KIND_DIRECT"], "minConfidence": 0.5, "view": 1},
    }
).encode()
VALUES = (
    *(b"null", b"-1", b"1e999", b"[]", b"{}", b'"\\ud800"', b'"\\u0000"', b"true", b"NaN"),
    *(b"[[[[", b"9" * 400, b'{"@type": "x"}', b"\xff\xfe", b'"' + b"x" * 3000 + b'"', b""),
)
TYPES = (
    *(b"application/json", b"application/proto", b"application/grpc-web", b"application/grpc"),
    *(b"application/grpc-web+json", b"application/connect+json", b"text/plain", b"", b"\xff", b";"),
)
HEADERS = (
    *(b"Connect-Timeout-Ms: -5", b"Connect-Timeout-Ms: 1", b"Connect-Protocol-Version: 9"),
    *(b"Content-Encoding: gzip", b"Content-Encoding: br", b"Accept-Encoding: \xff"),
    *(b"Authorization: Bearer", b"X-Request-Id: " + b"y" * 300, b"Upgrade: websocket"),
    *(b"Connection: upgrade", b"Transfer-Encoding: chunked", b"Content-Length: 5", b"Expect: x"),
    *(b"Origin: ://", b"Host: [::1", b"Traceparent: 00-x", b"no colon", b": empty", b"A: b\x00c"),
)


def mutated(source: random.Random, data: bytes) -> bytes:
    """The bytes with some of them changed, gone or put in."""
    data_ = bytearray(data)
    for _ in range(source.randint(1, 4)):
        at = source.randrange(len(data_) + 1)
        match source.randrange(4):
            case 0:
                data_[at : at + 1] = bytes([source.randrange(256)])
            case 1:
                del data_[at : at + source.randint(1, 20)]
            case 2:
                data_[at:at] = source.choice(VALUES)
            case _:
                del data_[at:]
    return bytes(data_)


def request(source: random.Random) -> bytes:
    body = source.choice((GOOD, mutated(source, GOOD), *VALUES))
    if source.random() < 0.3:
        body = bytes([source.randrange(3)]) + len(body).to_bytes(4, "big") + body
    length = len(body) if source.random() < 0.9 else source.choice((0, 1, len(body) + 9, 10**18))
    lines = [
        source.choice((b"POST", b"POST", b"POST", b"GET", b"P\x00ST", b"OPTIONS"))
        + b" "
        + source.choice((ATTRIBUTE.encode(), ATTRIBUTE.encode(), b"/", b"*", b"/%zz", b"http://x/"))
        + source.choice((b" HTTP/1.1", b" HTTP/1.1", b" HTTP/1.0", b" HTTP/9.9")),
        b"Host: localhost",
        b"Content-Type: " + source.choice((TYPES[0], *TYPES)),
        b"Content-Length: " + str(length).encode(),
        *source.sample(HEADERS, source.choice((0, 0, 1, 2))),
    ]
    whole = b"\r\n".join(lines) + b"\r\n\r\n" + body
    return mutated(source, whole) if source.random() < 0.3 else whole


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server("--workers", "1", "--queue-per-worker", "9", "--http", "0") as server:
        yield server


@pytest.mark.parametrize("seed", range(4))
def test_no_request_is_a_fault(server: Server, seed: int) -> None:
    source = random.Random(seed)
    seen = set()
    for _ in range(150):
        sent = request(source)
        answer = raw(server, sent)
        if answer:
            status = answer.split(b" ", 2)[1]
            seen.add(status)
            assert status not in (b"500", b"501", b"502"), (sent, answer)
            assert b"content-security-policy" in answer.lower(), (sent, answer)
            assert b"Traceback" not in answer
    assert {b"200", b"400", b"415"} <= seen
    assert attribute(server, "x").status == 200
    assert "message=fault" not in server.log
    assert "Traceback" not in server.log
