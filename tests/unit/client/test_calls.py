from __future__ import annotations

import asyncio
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import grpc
import pytest

import quoth
from quoth.v1 import CalendarDate, KnownSpeaker, OffsetEncoding, StatementKind
from tests.unit.client.fake import Fake, answer, failing_first, serving, status

OVERLOADED = status(
    grpc.StatusCode.RESOURCE_EXHAUSTED,
    "the server is full",
    "OVERLOADED",
    {"maxInFlight": "2"},
    retry_delay=0.25,
)


def test_attribute_sends_what_it_was_given(ask, fake, address):
    response = ask(
        address,
        "attribute",
        "It rained, she said.",
        title="Rain",
        published="2019-05-25",
        time_zone="America/New_York",
        language="en",
        kinds=[StatementKind.STATEMENT_KIND_DIRECT],
        min_confidence=0.0,
        rejected=True,
        nonresponses=True,
        sentences=True,
        known_speakers=[KnownSpeaker(known_speaker_id="Q1", display_name="Ana Ruiz")],
        offset_encoding=OffsetEncoding.OFFSET_ENCODING_UTF16,
    )
    assert response.engine_version == "It rained, she said."
    (request,) = fake.requests
    assert request.article.title == "Rain"
    assert request.article.publish_date == CalendarDate(year=2019, month=5, day=25)
    assert request.article.time_zone == "America/New_York"
    assert request.article.language_code == "en"
    assert list(request.options.kinds) == [StatementKind.STATEMENT_KIND_DIRECT]
    assert request.options.HasField("min_confidence")
    assert request.options.include_rejected_quotations
    assert request.options.include_nonresponses
    assert request.options.include_sentences
    assert [each.display_name for each in request.options.known_speakers] == ["Ana Ruiz"]
    assert request.options.offset_encoding == OffsetEncoding.OFFSET_ENCODING_UTF16


def test_attribute_leaves_the_rest_to_the_server(ask, fake, address):
    ask(address, "attribute", "Text.")
    (request,) = fake.requests
    assert request.article.WhichOneof("publication") is None
    assert not request.options.HasField("min_confidence")
    assert not request.options.include_rejected_quotations
    assert not request.options.include_nonresponses
    assert request.options.offset_encoding == OffsetEncoding.OFFSET_ENCODING_UTF32


def test_every_call_has_a_request_id_and_a_deadline(ask, fake, address):
    remaining = []

    def attribute(request, context):
        remaining.append(context.time_remaining())
        return quoth.v1.AttributeQuotesResponse()

    fake.attribute = attribute
    ask(address, "attribute", "Text.")
    ask(address, "attribute", "Text.", timeout=5)
    ask(address, "attribute", "Text.", client={"timeout": 300})
    assert 20 < remaining[0] < 31
    assert 0 < remaining[1] < 6
    assert 200 < remaining[2] < 301
    ids = [metadata["x-request-id"] for metadata in fake.metadata]
    assert len(set(ids)) == 3


def test_server_info(ask, address):
    assert ask(address, "server_info").server_version == "1.2.3"


@pytest.mark.parametrize(
    ("service", "expected"),
    [
        ((), quoth.HealthStatus.SERVING),
        (("",), quoth.HealthStatus.SERVING),
        (("drained",), quoth.HealthStatus.NOT_SERVING),
    ],
)
def test_health(ask, address, service, expected):
    assert ask(address, "health", *service) is expected


def test_health_of_an_unknown_service_is_an_error(ask, address):
    with pytest.raises(quoth.QuothError) as caught:
        ask(address, "health", "nobody")
    assert caught.value.code is grpc.StatusCode.NOT_FOUND


def test_every_bad_field_is_named(ask, fake, address):
    violations = (
        ("article.body", "is empty; give a text", "EMPTY_BODY"),
        ("article.time_zone", "'Mars' is not a zone", "INVALID_TIME_ZONE"),
    )
    fake.attribute = failing_first(
        1,
        status(
            grpc.StatusCode.INVALID_ARGUMENT, "2 bad fields", "EMPTY_BODY", {"n": "2"}, violations
        ),
    )
    with pytest.raises(quoth.InvalidArticle, match="2 bad fields") as caught:
        ask(address, "attribute", "")
    error = caught.value
    assert error.reason == "EMPTY_BODY"
    assert error.metadata == {"n": "2"}
    assert error.violations == tuple(quoth.Violation(*v) for v in violations)
    assert error.code is grpc.StatusCode.INVALID_ARGUMENT
    assert isinstance(error.__cause__, grpc.RpcError)
    assert error.request_id == fake.metadata[0]["x-request-id"]
    assert len(fake.requests) == 1, "a bad request is not tried again"


@pytest.mark.parametrize(
    ("code", "reason", "expected"),
    [
        (grpc.StatusCode.INVALID_ARGUMENT, "UNSUPPORTED_LANGUAGE", quoth.UnsupportedLanguage),
        (grpc.StatusCode.DEADLINE_EXCEEDED, "DEADLINE_EXCEEDED", quoth.DeadlineExceeded),
        (grpc.StatusCode.INTERNAL, "INTERNAL", quoth.QuothError),
    ],
)
def test_class_of_error(ask, fake, address, code, reason, expected):
    fake.attribute = failing_first(1, status(code, "no", reason))
    with pytest.raises(quoth.QuothError) as caught:
        ask(address, "attribute", "Text.")
    assert type(caught.value) is expected
    assert caught.value.reason == reason


def test_error_without_details(ask, fake, address):
    fake.attribute = lambda request, context: context.abort(grpc.StatusCode.INTERNAL, "broken")
    with pytest.raises(quoth.QuothError, match="broken") as caught:
        ask(address, "attribute", "Text.")
    assert caught.value.reason == ""
    assert caught.value.violations == ()


def test_no_answer_in_time(ask, fake, address):
    fake.attribute = lambda request, context: time.sleep(1)
    with pytest.raises(quoth.DeadlineExceeded):
        ask(address, "attribute", "Text.", timeout=0.1)


def test_full_server_is_asked_again(ask, fake, address):
    fake.attribute = failing_first(2, OVERLOADED)
    assert ask(address, "attribute", "Text.").engine_version == "Text."
    assert len(fake.requests) == 3


@pytest.mark.slow
def test_server_that_stays_full(ask, fake, address):
    fake.attribute = failing_first(99, OVERLOADED)
    with pytest.raises(quoth.Overloaded) as caught:
        ask(address, "attribute", "Text.", timeout=2)
    assert caught.value.retry_delay == 0.25
    assert caught.value.metadata == {"maxInFlight": "2"}
    assert 2 <= len(fake.requests) <= 8  # one each 0.25 s, for as long as the call may take


def test_server_says_when_to_come_back(ask, fake, address):
    times = []

    def attribute(request, context):
        times.append(time.monotonic())
        if len(times) == 1:
            pushback = ("grpc-retry-pushback-ms", "400")
            context.abort_with_status(
                OVERLOADED._replace(trailing_metadata=(*OVERLOADED.trailing_metadata, pushback))
            )
        return quoth.v1.AttributeQuotesResponse()

    fake.attribute = attribute
    ask(address, "attribute", "Text.")
    assert times[1] - times[0] > 0.35  # the client's own first pause is at most 0.1 s


@pytest.mark.slow
def test_server_that_says_nothing_of_when_is_asked_ever_more_rarely(ask, fake, address):
    full = status(grpc.StatusCode.RESOURCE_EXHAUSTED, "the proxy is full")
    fake.attribute = failing_first(6, full)
    assert ask(address, "attribute", "Text.").engine_version == "Text."
    assert len(fake.requests) == 7  # gRPC itself tries five times at most


def test_full_server_that_asks_not_to_be_asked_again(ask, fake, address):
    pushback = ("grpc-retry-pushback-ms", "-1")
    full = OVERLOADED._replace(trailing_metadata=(*OVERLOADED.trailing_metadata, pushback))
    fake.attribute = failing_first(99, full)
    with pytest.raises(quoth.Overloaded):
        ask(address, "attribute", "Text.")
    assert len(fake.requests) == 1


class TwoAtATime:
    """As a server with two workers and nobody waiting; each article takes a moment."""

    def __init__(self):
        self._free = threading.Semaphore(2)
        self.refused = 0

    def __call__(self, request, context):
        if not self._free.acquire(blocking=False):
            self.refused += 1
            context.abort_with_status(OVERLOADED)
        time.sleep(0.05)
        self._free.release()
        return answer(request)


@pytest.mark.slow
def test_callers_who_share_a_client_wait_their_turn(fake, address):
    fake.attribute = server = TwoAtATime()
    texts = [f"Text {n}." for n in range(48)]
    with quoth.Client(address, timeout=120) as client, ThreadPoolExecutor(16) as threads:
        answers = list(threads.map(client.attribute, texts))
    assert [each.engine_version for each in answers] == texts
    assert server.refused > 16


@pytest.mark.slow
async def test_tasks_that_share_a_client_wait_their_turn(fake, address):
    fake.attribute = server = TwoAtATime()
    texts = [f"Text {n}." for n in range(48)]
    async with quoth.AsyncClient(address, timeout=120) as client:
        answers = await asyncio.gather(*map(client.attribute, texts))
    assert [each.engine_version for each in answers] == texts
    assert server.refused > 16


def test_server_asks_not_to_be_asked_again(ask, fake, address):
    lost = status(grpc.StatusCode.UNAVAILABLE, "the worker died", "WORKER_LOST")
    pushback = ("grpc-retry-pushback-ms", "-1")
    lost = lost._replace(trailing_metadata=(*lost.trailing_metadata, pushback))
    fake.attribute = failing_first(99, lost)
    with pytest.raises(quoth.Unavailable) as caught:
        ask(address, "attribute", "Text.")
    assert caught.value.reason == "WORKER_LOST"
    assert len(fake.requests) == 1


def test_server_not_there(ask):
    with serving(Fake()) as address:
        pass
    with pytest.raises(quoth.Unavailable) as caught:
        ask(address, "attribute", "Text.")
    assert caught.value.code is grpc.StatusCode.UNAVAILABLE
    assert caught.value.reason == ""


@pytest.mark.slow
def test_unreachable_server_is_tried_again_within_seconds():
    """gRPC itself would wait more than eight seconds before its seventh attempt to connect."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(8)
        with quoth.Client(f"127.0.0.1:{listener.getsockname()[1]}") as client:
            with ThreadPoolExecutor(1) as threads:
                asked = threads.submit(client.health, timeout=1)
                for _ in range(8):
                    listener.accept()[0].close()
            assert isinstance(asked.exception(), quoth.QuothError)


def test_answer_over_the_limit(ask, address):
    with pytest.raises(quoth.QuothError, match="larger than max_response_bytes") as caught:
        ask(
            address,
            "attribute",
            "x" * 5000,
            article_id="a7",
            client={"max_response_bytes": 1000},
        )
    assert not isinstance(caught.value, quoth.Overloaded)  # trying again does not help
    assert caught.value.article_id == "a7"


# What gRPC accepts by default, and so the fake too.
MOST = 4 * 1024 * 1024


@pytest.mark.parametrize("told", [0, MOST], ids=["limit unknown", "limit known"])
def test_article_larger_than_the_server_takes(ask, fake, address, told):
    fake.max_request_bytes = told
    with pytest.raises(quoth.InvalidArticle) as caught:
        ask(address, "attribute", "x" * 5_000_000, article_id="a7")
    error = caught.value
    assert error.reason == "BODY_TOO_LONG"
    assert error.code is grpc.StatusCode.INVALID_ARGUMENT
    assert error.message.startswith("article.body: has 5,000,000 bytes")
    assert "the server accepts 4,194,304; send the text in parts" in error.message
    assert [each.field for each in error.violations] == ["article.body"]
    assert error.metadata["bodyBytes"] == "5000000"
    assert error.metadata["maxRequestBytes"] == str(MOST)
    assert error.article_id == "a7"
    assert isinstance(error.__cause__, grpc.RpcError) is not told  # it was sent to find out
    assert not fake.requests


def test_article_as_large_as_the_server_takes(ask, fake, address):
    fake.max_request_bytes = MOST
    ask(address, "attribute", "x" * (MOST - 100))
    assert len(fake.metadata) == 1  # nothing is asked before


# ---- the article's name ---------------------------------------------------------------------


def test_error_names_the_article(ask, fake, address):
    bad = status(grpc.StatusCode.INVALID_ARGUMENT, "it is bad", "EMPTY_BODY")
    fake.attribute = failing_first(1, bad)
    with pytest.raises(quoth.InvalidArticle, match=r"^it is bad \(article a7\)$") as caught:
        ask(address, "attribute", "Text.", article_id="a7")
    assert caught.value.article_id == fake.requests[0].article.article_id == "a7"
    assert caught.value.message == "it is bad"


def test_error_of_what_is_not_even_sent_names_it_too(ask, fake, address):
    for wrong in ({"published": "Tuesday"}, {"title": "\ud800"}):
        with pytest.raises(quoth.InvalidArticle, match=r"\(article a7\)$"):
            ask(address, "attribute", "Text.", article_id="a7", **wrong)
    assert not fake.requests


# ---- where a client of asyncio is made ------------------------------------------------------


def test_async_client_can_be_made_before_the_loop(address):
    client = quoth.AsyncClient(address)

    async def run():
        async with client:
            return await client.attribute("Text."), await client.health()

    response, health = asyncio.run(run())
    assert response.engine_version == "Text."
    assert health is quoth.HealthStatus.SERVING


def test_async_client_in_a_second_loop(address):
    """The first one is gone, and with it the connection."""
    client = quoth.AsyncClient(address)
    for _ in range(2):
        assert asyncio.run(client.attribute("Text.")).engine_version == "Text."


def test_async_client_in_two_loops_at_once(address):
    client = quoth.AsyncClient(address)

    async def run():
        await client.attribute("Text.")
        with pytest.raises(RuntimeError, match="make one for each loop"):
            await asyncio.to_thread(asyncio.run, client.attribute("Text."))
        await client.close()

    asyncio.run(run())


async def test_async_client_that_is_closed(address):
    unused, used = quoth.AsyncClient(address), quoth.AsyncClient(address)
    await used.attribute("Text.")
    for client in (unused, used):
        await client.close()
        await client.close()
        with pytest.raises(RuntimeError, match="is closed"):
            await client.attribute("Text.")


def test_async_client_that_would_send_plain_text_is_not_even_made():
    with pytest.raises(ValueError, match="plaintext"):
        quoth.AsyncClient("quoth.example:50051")
