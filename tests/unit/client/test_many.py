from __future__ import annotations

import asyncio
import contextlib
import contextvars
import gc
import threading
import time

import grpc
import pytest
from grpc._channel import _MultiThreadedRendezvous

import quoth
from quoth.v1 import BulkAttributeQuotesResponse
from tests.unit.client.fake import Fake, answer_item, serving, status

SHUTTING_DOWN = status(grpc.StatusCode.UNAVAILABLE, "the server is stopping", "SHUTTING_DOWN")


def articles(count: int):
    return [quoth.article(f"Text {n}.") for n in range(count)]


def bodies(outcomes) -> list[str]:
    return [outcome.unwrap().engine_version for outcome in outcomes]


def in_pairs_reversed(requests, context):
    """Answers each two items in reverse order."""
    requests = iter(requests)
    for first in requests:
        second = next(requests, None)
        if second is not None:
            yield answer_item(second)
        yield answer_item(first)


@pytest.mark.parametrize("count", [0, 1, 40])
def test_ordered(ask, fake, address, count):
    fake.bulk = in_pairs_reversed
    outcomes = ask(address, "attribute_many", articles(count))
    assert bodies(outcomes) == [f"Text {n}." for n in range(count)]
    assert [outcome.index for outcome in outcomes] == list(range(count))
    assert fake.streams <= 1


def test_as_ready(ask, fake, address):
    fake.bulk = in_pairs_reversed
    outcomes = ask(address, "attribute_many", articles(4), ordered=False)
    assert [outcome.index for outcome in outcomes] == [1, 0, 3, 2]
    assert [outcome.article.body for outcome in outcomes] == bodies(outcomes)


def test_bad_article_fails_alone(ask, address):
    given = [quoth.article("one"), quoth.article("bad"), quoth.article("three")]
    first, second, third = ask(address, "attribute_many", given)
    assert bodies([first, third]) == ["one", "three"]
    assert isinstance(second.error, quoth.InvalidArticle)
    assert second.error.reason == "EMPTY_BODY"
    assert second.error.violations == (
        quoth.Violation("request.article.body", "is bad", "EMPTY_BODY"),
    )
    assert second.error.request_id
    with pytest.raises(quoth.InvalidArticle, match="bad body"):
        second.unwrap()


@pytest.mark.parametrize("ordered", [True, False])
def test_never_more_in_flight_than_asked(ask, fake, address, ordered):
    """The server holds three back; a fourth must not come."""
    too_many = threading.Event()

    def bulk(requests, context):
        requests = iter(requests)
        held = [next(requests) for _ in range(3)]

        def read():
            with contextlib.suppress(grpc.RpcError):  # the client is done and hangs up
                if next(requests, None) is not None:
                    too_many.set()

        reader = threading.Thread(target=read)
        reader.start()
        reader.join(0.3)
        assert not too_many.is_set()
        for item in held:
            yield answer_item(item)
        reader.join()

    fake.bulk = bulk
    outcomes = ask(address, "attribute_many", articles(3), in_flight=3, ordered=ordered)
    assert len(outcomes) == 3
    assert not too_many.is_set()


def test_lost_stream_is_opened_again(ask, fake, address):
    """Each stream answers three items and dies; nothing is lost, nothing comes twice."""

    def bulk(requests, context):
        for n, item in enumerate(requests):
            if n == 3:
                context.abort_with_status(SHUTTING_DOWN)
            yield answer_item(item)

    fake.bulk = bulk
    outcomes = ask(address, "attribute_many", articles(8), in_flight=4)
    assert bodies(outcomes) == [f"Text {n}." for n in range(8)]
    assert fake.streams == 3


def test_stream_that_stays_lost(ask, fake, address):
    def bulk(requests, context):
        first = next(requests)
        list(requests)  # an asyncio client that is cut off while it sends cannot tell why
        if fake.streams == 1:
            yield answer_item(first)
        context.abort_with_status(SHUTTING_DOWN)

    fake.bulk = bulk
    with pytest.raises(quoth.Unavailable) as caught:
        ask(address, "attribute_many", articles(7))
    assert caught.value.reason == "SHUTTING_DOWN"
    assert isinstance(caught.value.__cause__, grpc.RpcError)
    assert fake.streams == 4


def test_stream_ended_early_is_not_taken_for_the_end(ask, fake, address):
    fake.bulk = lambda requests, context: iter([answer_item(next(requests))])
    outcomes = ask(address, "attribute_many", articles(3))
    assert bodies(outcomes) == ["Text 0.", "Text 1.", "Text 2."]
    assert fake.streams == 3


def test_the_end_of_the_stream_loses_nothing_if_all_is_answered(fake, address):
    """The source takes its time to end, and the caller to take what was answered meanwhile."""

    def source():
        yield from articles(2)
        time.sleep(0.3)

    with quoth.Client(address) as client:
        got = []
        for outcome in client.attribute_many(source()):
            got.append(outcome.unwrap().engine_version)
            time.sleep(0.3)
    assert got == ["Text 0.", "Text 1."]
    assert fake.streams == 1


def test_failure_that_will_not_pass_is_not_tried_again(ask, fake, address):
    def bulk(requests, context):
        list(requests)
        context.abort(grpc.StatusCode.PERMISSION_DENIED, "no")
        yield

    fake.bulk = bulk
    with pytest.raises(quoth.QuothError, match="no"):
        ask(address, "attribute_many", articles(3))
    assert fake.streams == 1


def test_answer_to_an_item_not_asked(ask, fake, address):
    fake.bulk = lambda requests, context: iter([BulkAttributeQuotesResponse(item_id="x")])
    with pytest.raises(quoth.QuothError, match="not asked"):
        ask(address, "attribute_many", articles(1))


def test_no_answer_in_time(ask, fake, address):
    def bulk(requests, context):
        yield answer_item(next(requests))
        fake.cancelled.wait(10)

    fake.bulk = bulk
    with pytest.raises(quoth.DeadlineExceeded, match=r"1 s"):
        ask(address, "attribute_many", articles(3), timeout=1)
    assert fake.cancelled.wait(10), "the server hears that nobody waits"


def test_error_of_the_source_reaches_the_caller(ask, address):
    def source():
        yield quoth.article("one")
        raise OSError("disk gone")

    with pytest.raises(OSError, match="disk gone"):
        ask(address, "attribute_many", source())


def test_server_not_there(ask):
    with serving(Fake()) as address:
        pass
    with pytest.raises(quoth.Unavailable):
        ask(address, "attribute_many", articles(1))


def test_first_outcome_comes_before_the_source_ends(fake, address):
    """A slow or endless source: answers are given while more is read."""

    def endless():
        while True:
            yield quoth.article("again")

    with quoth.Client(address) as client:
        outcomes = client.attribute_many(endless())
        assert bodies([next(outcomes) for _ in range(100)]) == ["again"] * 100
        outcomes.close()
    assert fake.cancelled.wait(10)


@pytest.mark.parametrize("ordered", [True, False])
def test_outcome_comes_when_it_is_there(fake, address, ordered):
    """The answer to the first article is what lets the source give the second."""
    answered = threading.Event()

    def source():
        yield quoth.article("first")
        assert answered.wait(20)
        yield quoth.article("second")

    got = []
    with quoth.Client(address) as client:
        for outcome in client.attribute_many(source(), ordered=ordered):
            got.append(outcome.article.body)
            answered.set()
    assert got == ["first", "second"]


@pytest.mark.slow
def test_time_that_the_source_takes_is_not_the_servers(fake, address):
    def source():
        for text in ("one", "two"):
            time.sleep(0.6)
            yield quoth.article(text)

    with quoth.Client(address, timeout=0.5) as client:
        assert bodies(client.attribute_many(source())) == ["one", "two"]


@pytest.mark.slow
def test_time_that_the_caller_takes_is_not_the_servers(fake, address):
    with quoth.Client(address, timeout=0.5) as client:
        got = []
        for outcome in client.attribute_many(articles(3), in_flight=1):
            got.append(outcome.unwrap().engine_version)
            time.sleep(0.6)
    assert got == ["Text 0.", "Text 1.", "Text 2."]


def test_a_stream_that_ends_with_nothing_in_flight_loses_nothing(fake, address):
    answered = threading.Event()

    def bulk(requests, context):
        for item in requests:
            yield answer_item(item)
            context.abort_with_status(SHUTTING_DOWN)

    def source():
        for text in ("one", "two", "three", "four", "five", "six"):
            answered.clear()
            yield quoth.article(text)
            assert answered.wait(20)
            time.sleep(0.05)  # the end arrives

    fake.bulk = bulk
    with quoth.Client(address) as client:
        got = []
        for outcome in client.attribute_many(source()):
            got.append(outcome.unwrap().engine_version)
            answered.set()
    assert got == ["one", "two", "three", "four", "five", "six"]


def test_source_has_what_the_caller_has_set(address):
    variable = contextvars.ContextVar("variable", default="")

    def source():
        yield quoth.article(variable.get())

    variable.set("set")
    with quoth.Client(address) as client:
        assert bodies(client.attribute_many(source())) == ["set"]


def test_source_is_no_longer_read_once_the_caller_has_left(address):
    ended = threading.Event()

    def endless():
        try:
            while True:
                yield quoth.article("again")
        finally:
            ended.set()

    with quoth.Client(address) as client:
        outcomes = client.attribute_many(endless())
        next(outcomes)
        outcomes.close()
    del outcomes
    assert ended.wait(20)


@pytest.mark.parametrize("told", [0, 4 * 1024 * 1024], ids=["limit unknown", "limit known"])
@pytest.mark.parametrize("ordered", [True, False])
def test_article_larger_than_the_server_takes_fails_alone(ask, fake, address, told, ordered):
    fake.max_request_bytes = told
    large = quoth.article("x" * 5_000_000, article_id="a7")
    given = [*articles(3), large, *articles(3), large, *articles(1)]
    outcomes = ask(address, "attribute_many", given, ordered=ordered)
    outcomes.sort(key=lambda outcome: outcome.index)
    assert [outcome.index for outcome in outcomes] == list(range(9))
    for index in (3, 7):
        error = outcomes.pop(index if index == 3 else 6).error
        assert isinstance(error, quoth.InvalidArticle)
        assert error.reason == "BODY_TOO_LONG"
        assert [each.field for each in error.violations] == ["request.article.body"]
        assert "the server accepts 4,194,304" in error.message
        assert error.article_id == "a7"
    assert bodies(outcomes) == [f"Text {n}." for n in (0, 1, 2, 0, 1, 2, 0)]
    if told:
        assert fake.streams == 1  # it is not even sent


def test_an_answer_larger_than_the_client_accepts_is_an_error(ask, fake, address):
    given = [quoth.article("x" * 5000)]
    with pytest.raises(quoth.QuothError, match="larger than max_response_bytes") as caught:
        ask(address, "attribute_many", given, client={"max_response_bytes": 1000})
    assert not isinstance(caught.value, quoth.Overloaded)


def test_error_of_an_outcome_names_the_article(ask, address):
    (outcome,) = ask(address, "attribute_many", [quoth.article("bad", article_id="a7")])
    assert outcome.error.article_id == "a7"
    with pytest.raises(quoth.InvalidArticle, match=r"\(article a7\)$"):
        outcome.unwrap()


def test_answers_that_wait_for_their_turn_are_not_lost_with_the_stream(fake, address):
    """The first article is never answered, the others are."""

    def bulk(requests, context):
        requests = iter(requests)
        next(requests)
        if fake.streams == 1:
            for _ in range(3):
                yield answer_item(next(requests))
        context.abort(grpc.StatusCode.PERMISSION_DENIED, "no")

    async def asynchronously():
        got = []
        async with quoth.AsyncClient(address) as client:
            outcomes = client.attribute_many(articles(4))
            with contextlib.suppress(quoth.QuothError):
                while True:
                    got.append(await anext(outcomes))
        return got

    def blocking():
        got = []
        with quoth.Client(address) as client:
            outcomes = client.attribute_many(articles(4))
            with contextlib.suppress(quoth.QuothError):
                while True:
                    got.append(next(outcomes))
        return got

    fake.bulk = bulk
    for get in (blocking, lambda: asyncio.run(asynchronously())):
        fake.streams = 0
        got = get()
        assert [outcome.index for outcome in got] == [1, 2, 3]
        assert bodies(got) == ["Text 1.", "Text 2.", "Text 3."]


async def test_async_source_that_waits(fake, address):
    """The answer to the first article is what lets the source give the second."""
    answered = asyncio.Event()

    async def source():
        yield quoth.article("first")
        await answered.wait()
        yield quoth.article("second")

    got = []
    async with quoth.AsyncClient(address) as client:
        async for outcome in client.attribute_many(source()):
            got.append(outcome.article.body)
            answered.set()
    assert got == ["first", "second"]


async def test_async_left_early(fake, address):
    async def endless():
        while True:
            yield quoth.article("again")

    async with quoth.AsyncClient(address) as client:
        async with contextlib.aclosing(client.attribute_many(endless())) as outcomes:
            async for _ in outcomes:
                break
        assert await asyncio.to_thread(fake.cancelled.wait, 10)


@pytest.mark.slow
async def test_async_time_that_the_caller_takes_is_not_the_servers(fake, address):
    awaited = threading.Event()

    def bulk(requests, context):
        for count, item in enumerate(requests):
            if count:
                awaited.wait(10)
            yield answer_item(item)

    fake.bulk = bulk
    got = []
    async with quoth.AsyncClient(address, timeout=0.5) as client:
        async for outcome in client.attribute_many(articles(2)):
            got.append(outcome.unwrap().engine_version)
            await asyncio.sleep(0.6)
            awaited.set()
    assert got == ["Text 0.", "Text 1."]


@pytest.mark.parametrize("lost", [False, True])
def test_neither_thread_nor_call_outlives_the_stream(fake, address, lost):
    """At the end of a program the call would wait forever for a lock of the killed thread."""

    def bulk(requests, context):
        for n, item in enumerate(requests):
            if n and fake.streams == 1:
                context.abort_with_status(SHUTTING_DOWN)
            yield answer_item(item)

    if lost:
        fake.bulk = bulk
    gc.collect()
    gc.disable()  # what it would collect must not be there
    try:
        with quoth.Client(address) as client:
            assert len(list(client.attribute_many(articles(3)))) == 3
            assert "quoth _read" not in {each.name for each in threading.enumerate()}
            # gRPC's own threads may hold one a moment longer.
            deadline = time.monotonic() + 20
            while any(type(each) is _MultiThreadedRendezvous for each in gc.get_objects()):
                assert time.monotonic() < deadline, "a cycle of references holds the call"
                time.sleep(0.05)
    finally:
        gc.enable()
