"""A port with room for a few connections."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from quoth_server.http.listener import Listener


class Echo(asyncio.Protocol):
    """Answers what it is sent, and is busy for good where that is `work`."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.guest = self._listener.guest(transport.get_extra_info("socket").fileno())
        self.guest.end = transport.abort

    def data_received(self, data: bytes) -> None:
        if data == b"work":
            self.guest.is_served()
        self.transport.write(data)


Dial = Callable[[], Awaitable["Caller"]]


@asynccontextmanager
async def listening(most: int) -> AsyncIterator[Dial]:
    """Connects to a port with so much room."""
    callers = []

    async def dial() -> Caller:
        callers.append(Caller(*await asyncio.open_connection(*address)))
        return callers[-1]

    listener = Listener(socket.create_server(("127.0.0.1", 0)), most)
    address = listener.getsockname()
    server = await asyncio.get_running_loop().create_server(lambda: Echo(listener), sock=listener)
    async with server:
        yield dial
        for caller in callers:
            await caller.leaves()
        async with asyncio.timeout(20):
            while listener._guests:  # noqa: ASYNC110
                await asyncio.sleep(0.01)


class Caller:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def says(self, data: bytes) -> bytes:
        """What is answered; nothing if the connection has been ended."""
        try:
            self._writer.write(data)
            async with asyncio.timeout(20):
                return await self._reader.read(100)
        except ConnectionError:
            return b""

    async def leaves(self) -> None:
        self._writer.close()
        with contextlib.suppress(ConnectionError):
            await self._writer.wait_closed()


async def test_the_one_that_says_nothing_gives_way() -> None:
    async with listening(3) as dial:
        callers = [await dial() for _ in range(3)]
        assert await callers[0].says(b"work") == b"work"
        callers += [await dial() for _ in range(2)]
        assert await callers[3].says(b"x") == b"x"
        assert await callers[4].says(b"x") == b"x"
        assert await callers[0].says(b"x") == b"x"  # it was not idle
        assert [await caller.says(b"x") for caller in callers[1:3]] == [b"", b""]


async def test_a_crowd_that_says_nothing_keeps_nobody_out() -> None:
    async with listening(5) as dial:
        idle = [await dial() for _ in range(100)]
        for _ in range(5):
            caller = await dial()
            assert await caller.says(b"x") == b"x"
        assert await idle[0].says(b"x") == b""


async def test_where_all_are_answered_the_next_is_turned_away() -> None:
    async with listening(2) as dial:
        busy = [await dial() for _ in range(2)]
        assert [await caller.says(b"work") for caller in busy] == [b"work"] * 2
        for _ in range(3):
            assert await (await dial()).says(b"x") == b""
        assert [await caller.says(b"x") for caller in busy] == [b"x"] * 2
        await busy[0].leaves()
        async with asyncio.timeout(20):
            while await (caller := await dial()).says(b"x") != b"x":  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        assert await caller.says(b"y") == b"y"


async def test_those_who_come_at_once_are_taken_in_turns() -> None:
    listener = Listener(socket.create_server(("127.0.0.1", 0), backlog=100), 100)
    listener.setblocking(False)
    with contextlib.ExitStack() as closing:
        closing.enter_context(listener)
        for _ in range(40):
            closing.enter_context(socket.create_connection(listener.getsockname()))
        taken = []
        for count in (32, 40):
            with contextlib.suppress(BlockingIOError):
                while True:
                    taken.append(closing.enter_context(listener.accept()[0]))
            assert len(taken) == count
            await asyncio.sleep(0)
