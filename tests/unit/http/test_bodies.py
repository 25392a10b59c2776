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
        bodies.counted(HERE, sending(4000, 1000)) as first,
        bodies.counted(THERE, sending(2000)) as second,
    ):
        await first()
        await second()
        await first()
        assert budget.held == 7000
        assert (await first())["type"] == "http.disconnect"
    assert budget.held == 0


async def test_one_too_many_is_told_to_come_back() -> None:
    budget = Budget(10_000)
    bodies = Bodies(budget, 8_000)
    with bodies.counted(HERE, sending(7000)) as first:
        await first()
        with bodies.counted(THERE, sending(2000, 7000)) as second:
            await second()
            with pytest.raises(ConnectError, match="holds too much") as caught:
                await second()
        assert caught.value.code is Code.RESOURCE_EXHAUSTED
        assert budget.held == 7000
        with bodies.counted(THERE, sending(2000)) as third:
            await third()


async def test_one_caller_has_not_all_the_room_from_however_many_addresses() -> None:
    budget = Budget(10_000)
    bodies = Bodies(budget, 8_000)

    async def send(caller: str, peer: str, size: int) -> None:
        calls.identify(caller)
        with bodies.counted(peer, sending(size)) as receive:
            await receive()

    with budget.hold("token greedy", 7_000):
        with pytest.raises(ConnectError, match="holds too much"):
            await asyncio.create_task(send("greedy", HERE, 1_000))
        await asyncio.create_task(send("other", HERE, 1_000))
    await asyncio.create_task(send("greedy", THERE, 1_000))


async def test_one_that_is_too_long_is_refused_wherever_its_length_is_not_told_before() -> None:
    budget = Budget(100_000)
    with Bodies(budget, 8_000).counted(HERE, sending(8_000, 1_024, 1)) as receive:
        await receive()
        await receive()
        with pytest.raises(ConnectError, match="more than 9024 bytes"):
            await receive()
    assert budget.held == 0
