"""The service with the engine that it ships with."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from google.protobuf import json_format

import quoth_server
from quoth import v1
from quoth_server.service.admission import SPARE
from tests.integration.server import Server, article, descendants
from tests.integration.web import ATTRIBUTE, JSON, ask

pytestmark = pytest.mark.model

BODY = """LONDON (May 25, 2019) — “We will not sell the café 🎉,” Anna Díaz, the mayor of Leeds,
told reporters on Friday. “Not now,” she added.

Tom Reed, a spokesman for the council, said in a statement that the sale had been “a mistake”.
"""
SAMPLE = Path(quoth_server.__file__).with_name("data").joinpath("sample.txt").read_text("utf-8")
WORKERS = 2
CODECS = {
    v1.OffsetEncoding.OFFSET_ENCODING_UTF8: ("utf-8", 1),
    v1.OffsetEncoding.OFFSET_ENCODING_UTF16: ("utf-16-le", 2),
    v1.OffsetEncoding.OFFSET_ENCODING_UTF32: ("utf-32-le", 4),
}


@pytest.fixture(scope="module")
def real() -> Iterator[Server]:
    flags = ("--workers", str(WORKERS), "--http", "0")
    with Server(*flags, engine="quoth_server.engine.pipeline:load") as server:
        yield server


@pytest.fixture(scope="module")
def real_stub(real: Server) -> Iterator[v1.AttributionServiceStub]:
    with real.channel() as channel:
        yield v1.AttributionServiceStub(channel)


def test_by_http_it_answers_as_by_grpc(real: Server, real_stub: v1.AttributionServiceStub) -> None:
    request = article(SAMPLE)
    expected = real_stub.AttributeQuotes(request)
    assert len(expected.statements) > 10
    reply = ask(real, "POST", ATTRIBUTE, json_format.MessageToJson(request), JSON)
    assert json_format.Parse(reply.body, v1.AttributeQuotesResponse()) == expected


@pytest.mark.parametrize("encoding", CODECS)
def test_spans_slice_the_body_in_every_unit(
    real_stub: v1.AttributionServiceStub, encoding: v1.OffsetEncoding.ValueType
) -> None:
    request = article(BODY)
    request.options.offset_encoding = encoding
    answer = real_stub.AttributeQuotes(request)
    codec, size = CODECS[encoding]
    encoded = BODY.encode(codec)
    spans = [
        span
        for statement in answer.statements
        for span in (*statement.content_spans, *statement.quoted_spans, statement.speaker.span)
        if span.text
    ]
    assert len(spans) >= 6
    for span in spans:
        cut = encoded[span.start_offset * size : span.end_offset * size]
        assert cut.decode(codec) == span.text


def test_a_stream_says_the_same_as_calls(real_stub: v1.AttributionServiceStub) -> None:
    bodies = [BODY, BODY * 3, BODY.replace("Anna", "Ines")]
    requests = (
        v1.BulkAttributeQuotesRequest(item_id=str(number), request=article(body))
        for number, body in enumerate(bodies)
    )
    answers = {each.item_id: each.response for each in real_stub.BulkAttributeQuotes(requests)}
    for number, body in enumerate(bodies):
        assert answers[str(number)] == real_stub.AttributeQuotes(article(body))


def test_the_parts_of_the_engine_are_reported(real_stub: v1.AttributionServiceStub) -> None:
    info = real_stub.GetServerInfo(v1.GetServerInfoRequest())
    assert info.engine_version
    assert any("en_core_web_sm" in part.version for part in info.components)
    names = [part.name for part in info.components]
    assert names == sorted(names)


@pytest.fixture(scope="module")
def behind(real: Server) -> dict[int, int]:
    """The processes behind the server, and the parent of each."""
    if not Path("/proc/self/smaps_rollup").exists():
        pytest.skip("there is no /proc here")
    front = real.process.pid
    end = time.monotonic() + 50
    while True:
        found = {each: psutil.Process(each).ppid() for each in descendants(front)}
        # The server is ready with its first worker, and others may be on their way.
        if sum(parent != front for parent in found.values()) >= WORKERS + SPARE:
            return found
        assert time.monotonic() < end, found
        time.sleep(0.05)


def test_no_process_behind_the_server_has_grpc_in_it(real: Server, behind: dict[int, int]) -> None:
    assert "grpc" in Path(f"/proc/{real.process.pid}/maps").read_text()
    assert len(behind) > WORKERS + SPARE  # the fork server too
    for pid in behind:
        assert "grpc" not in Path(f"/proc/{pid}/maps").read_text()


def test_the_models_are_shared_between_workers(real: Server, behind: dict[int, int]) -> None:
    workers = [pid for pid, parent in behind.items() if parent != real.process.pid]
    assert len(workers) == WORKERS + SPARE
    for pid in workers:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        own = sum(int(line.split()[1]) for line in lines if line.startswith("Private_"))
        assert own < 150 * 1024


def test_the_packages_sample_is_read(real_stub: v1.AttributionServiceStub) -> None:
    sample = Path(quoth_server.__file__).parent / "data" / "sample.txt"
    answer = real_stub.AttributeQuotes(article(sample.read_text(encoding="utf-8")))
    assert len(answer.statements) >= 10
    assert all(statement.content_spans for statement in answer.statements)
