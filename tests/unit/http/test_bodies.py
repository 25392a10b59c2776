"""What the requests of all callers together may hold."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from connectrpc.code import Code
from connectrpc.errors import ConnectError

from quoth_server.http.bodies import Bodies
from quoth_server.service import calls
from quoth_server.service.budget import Budget

HERE, THERE = "192.0.2.1:40001", "192.0.2.2:40002"


async def untaken(message: Any) -> None:
    raise AssertionError(message)


def sending(*sizes: int) -> Any:
    parts = iter(sizes)

    async def receive() -> Any:
        size = next(parts, None)
        if size is None:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": b"x" * size, "more_body": True}

    return receive


async def test_what_is_held_counts_until_the_end() -> None:
    budget = Budget(10_000)
    bodies = Bodies(budget, 10_000)
    with (
        bodies.counted(HERE, sending(4000, 1000), untaken) as (first, _),
        bodies.counted(THERE, sending(2000), untaken) as (second, _),
    ):
        await first()
        await second()
        await first()
        assert budget.held == 7000
        assert (await first())["type"] == "http.disconnect"
    assert budget.held == 0


async def test_one_too_many_gets_a_retry_delay() -> None:
    budget = Budget(10_000)
    bodies = Bodies(budget, 8_000)
    with bodies.counted(HERE, sending(7000), untaken) as (first, _):
        await first()
        with bodies.counted(THERE, sending(2000, 7000), untaken) as (second, _):
            await second()
            with pytest.raises(ConnectError, match="holds too much") as caught:
                await second()
        assert caught.value.code is Code.RESOURCE_EXHAUSTED
        assert budget.held == 7000
        with bodies.counted(THERE, sending(2000), untaken) as (third, _):
            await third()


async def test_one_caller_has_not_all_the_room_from_however_many_addresses() -> None:
    budget = Budget(10_000)
    bodies = Bodies(budget, 8_000)

    async def send(caller: str, peer: str, size: int) -> None:
        calls.identify(caller)
        with bodies.counted(peer, sending(size), untaken) as (receive, _):
            await receive()

    with budget.hold("token greedy", 7_000):
        with pytest.raises(ConnectError, match="holds too much"):
            await asyncio.create_task(send("greedy", HERE, 1_000))
        await asyncio.create_task(send("other", HERE, 1_000))
    await asyncio.create_task(send("greedy", THERE, 1_000))


async def test_a_body_too_long_is_refused_without_a_content_length() -> None:
    budget = Budget(100_000)
    bodies = Bodies(budget, 8_000)
    with bodies.counted(HERE, sending(8_000, 1_024, 1), untaken) as (receive, _):
        await receive()
        await receive()
        with pytest.raises(ConnectError, match="more than 9024 bytes"):
            await receive()
    assert budget.held == 0


async def test_an_answer_counts_until_it_is_taken() -> None:
    budget = Budget(10_000)
    begun, taken = asyncio.Event(), asyncio.Event()
    parts: list[tuple[bytes, bool]] = []

    async def send(message: Any) -> None:
        """As a connection does, which waits before what comes behind a long part."""
        if parts:
            await taken.wait()
        parts.append((message["body"], message["more_body"]))
        begun.set()

    async def answer() -> None:
        with Bodies(budget, 8_000).counted(HERE, sending(2_000), send) as (receive, sent):
            await receive()
            await sent({"type": "http.response.body", "body": b"x" * 7_000, "more_body": False})

    answering = asyncio.create_task(answer())
    await begun.wait()
    assert budget.held == 7_000
    taken.set()
    await answering
    assert parts == [(b"x" * 7_000, True), (b"", False)]
    assert budget.held == 0
