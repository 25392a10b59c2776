from __future__ import annotations

import asyncio
import contextlib
import threading
import time

import grpc
import pytest

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


def test_the_end_of_the_stream_is_no_loss_where_all_is_answered(fake, address):
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
