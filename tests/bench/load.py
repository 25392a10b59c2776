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

__all__ = ["Call", "arrivals", "calls_at", "calls_in_flight", "request", "stream"]

_PATIENCE = 120.0  # seconds; more than the server allows one article


@dataclass(frozen=True, slots=True)
class Call:
    """A call that was meant to be sent at `intended`, in seconds from the start.

    `latency` is the time from then to its end, so that waiting to be sent counts as well.
    """

    intended: float
    latency: float
    code: str


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
) -> list[Completion]:
    """Keeps calls in flight for some seconds, then lets them end; the words of each."""
    done: list[Completion] = []
    async with _stub(address) as stub:
        start = time.perf_counter()
        following = count()

        async def caller() -> None:
            while time.perf_counter() - start < seconds:
                text = texts[next(following) % len(texts)]
                await stub.AttributeQuotes(request(text), timeout=_PATIENCE)
                done.append(Completion(time.perf_counter() - start, words(text)))

        await asyncio.gather(*(caller() for _ in range(in_flight)))
    return done


async def stream(
    address: str, texts: Sequence[str], *, in_flight: int, seconds: float
) -> list[Completion]:
    """Sends items over one stream for some seconds, then ends it; the words of each."""
    done: list[Completion] = []
    sizes: dict[str, int] = {}
    room = asyncio.Semaphore(in_flight)
    async with _stub(address) as stub:
        call = stub.BulkAttributeQuotes(timeout=_PATIENCE)
        start = time.perf_counter()

        async def send() -> None:
            for number in count():
                await room.acquire()
                if time.perf_counter() - start >= seconds:
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
            done.append(Completion(time.perf_counter() - start, sizes.pop(answer.item_id)))
            room.release()
        await sending
    if sizes:
        raise RuntimeError(f"{len(sizes)} items of the stream were never answered")
    return done
