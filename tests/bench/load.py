"""Load on a server: calls at given times, as many calls as it takes, and one stream."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count

import grpc

from quoth import v1
from tests.bench.figures import Completion
from tests.bench.texts import words

__all__ = ["Call", "Work", "arrivals", "calls_at", "calls_in_flight", "request", "stream"]

_PATIENCE = 120.0  # seconds; more than the server allows one article


@dataclass(frozen=True, slots=True)
class Call:
    """A call that was meant to be sent at `intended`, in seconds from the start.

    `latency` is the time from then to its end, so that waiting to be sent counts as well.
    """

    intended: float
    latency: float
    code: str


class Work:
    """What was done while work was given out for some seconds, and until enough was done."""

    def __init__(self, seconds: float, least: int) -> None:
        self.done: list[Completion] = []
        self.until = seconds
        self._least = least
        self._start = time.perf_counter()

    def goes_on(self) -> bool:
        """Whether more is to be given out."""
        now = time.perf_counter() - self._start
        if now >= self.until and len(self.done) < self._least:
            self.until = now  # on a slow machine it takes longer
            return True
        return now < self.until

    def complete(self, amount: int) -> None:
        """Notes that this many words were read."""
        self.done.append(Completion(time.perf_counter() - self._start, amount))


def request(text: str) -> v1.AttributeQuotesRequest:
    """The request for a text, with everything on."""
    return v1.AttributeQuotesRequest(article=v1.Article(body=text))


def arrivals(rate: float, seconds: float, seed: int) -> list[float]:
    """The times of random arrivals, independent of each other, `rate` a second on average."""
    chance = random.Random(seed)
    times: list[float] = []
    at = chance.expovariate(rate)
    while at < seconds:
        times.append(at)
        at += chance.expovariate(rate)
    return times


@asynccontextmanager
async def _stub(address: str) -> AsyncIterator[v1.AttributionServiceAsyncStub]:
    """A connected stub that tries nothing twice."""
    options = [("grpc.enable_retries", 0), ("grpc.use_local_subchannel_pool", 1)]
    async with grpc.aio.insecure_channel(address, options=options) as channel:
        stub = v1.AttributionServiceStub(channel)
        await stub.GetServerInfo(v1.GetServerInfoRequest(), timeout=_PATIENCE)
        yield stub


async def calls_at(address: str, texts: Sequence[str], times: Sequence[float]) -> list[Call]:
    """Sends a call at each of the times, however long those before it take; all outcomes."""
    async with _stub(address) as stub:
        start = time.perf_counter()

        async def call(intended: float, text: str) -> Call:
            await asyncio.sleep(intended - (time.perf_counter() - start))
            code = grpc.StatusCode.OK
            try:
                await stub.AttributeQuotes(request(text), timeout=_PATIENCE)
            except grpc.aio.AioRpcError as error:
                code = error.code()
            return Call(intended, time.perf_counter() - start - intended, code.name)

        return await asyncio.gather(
            *(call(at, texts[index % len(texts)]) for index, at in enumerate(times))
        )


async def calls_in_flight(
    address: str, texts: Sequence[str], *, in_flight: int, seconds: float
) -> Work:
    """Keeps calls in flight for some seconds, then lets them end."""
    async with _stub(address) as stub:
        work = Work(seconds, least=2 * in_flight)
        following = count()

        async def caller() -> None:
            while work.goes_on():
                text = texts[next(following) % len(texts)]
                await stub.AttributeQuotes(request(text), timeout=_PATIENCE)
                work.complete(words(text))

        await asyncio.gather(*(caller() for _ in range(in_flight)))
    return work


async def stream(address: str, texts: Sequence[str], *, in_flight: int, seconds: float) -> Work:
    """Sends items over one stream for some seconds, then ends it."""
    sizes: dict[str, int] = {}
    room = asyncio.Semaphore(in_flight)
    async with _stub(address) as stub:
        call = stub.BulkAttributeQuotes(timeout=_PATIENCE)
        work = Work(seconds, least=2 * in_flight)

        async def send() -> None:
            for number in count():
                await room.acquire()
                if not work.goes_on():
                    break
                text = texts[number % len(texts)]
                sizes[str(number)] = words(text)
                await call.write(
                    v1.BulkAttributeQuotesRequest(item_id=str(number), request=request(text))
                )
            await call.done_writing()

        sending = asyncio.create_task(send())
        async for answer in call:
            if not answer.HasField("response"):
                raise RuntimeError(f"an item failed: {answer.error.message}")
            work.complete(sizes.pop(answer.item_id))
            room.release()
        await sending
    if sizes:
        raise RuntimeError(f"{len(sizes)} items of the stream were never answered")
    return work
