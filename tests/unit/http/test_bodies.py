"""What the requests of all callers together may hold."""

from __future__ import annotations

from typing import Any

import pytest
from connectrpc.code import Code
from connectrpc.errors import ConnectError

from quoth_server.http.bodies import Bodies


def sending(*sizes: int) -> Any:
    parts = iter(sizes)

    async def receive() -> Any:
        size = next(parts, None)
        if size is None:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": b"x" * size, "more_body": True}

    return receive


async def test_what_is_held_counts_until_the_end() -> None:
    bodies = Bodies(10_000, 10_000)
    with bodies.counted(sending(4000, 1000)) as first, bodies.counted(sending(2000)) as second:
        await first()
        await second()
        await first()
        assert bodies.held == 7000
        assert (await first())["type"] == "http.disconnect"
    assert bodies.held == 0


async def test_one_too_many_is_told_to_come_back() -> None:
    bodies = Bodies(10_000, 8_000)
    with bodies.counted(sending(7000)) as first:
        await first()
        with bodies.counted(sending(2000, 7000)) as second:
            await second()
            with pytest.raises(ConnectError, match="10000 bytes together") as caught:
                await second()
        assert caught.value.code is Code.RESOURCE_EXHAUSTED
        assert bodies.held == 7000
        with bodies.counted(sending(2000)) as third:
            await third()


async def test_one_that_is_too_long_is_refused_wherever_its_length_is_not_told_before() -> None:
    bodies = Bodies(100_000, 8_000)
    with bodies.counted(sending(8_000, 1_024, 1)) as receive:
        await receive()
        await receive()
        with pytest.raises(ConnectError, match="more than 9024 bytes"):
            await receive()
    assert bodies.held == 0
