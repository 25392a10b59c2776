"""Mixed traffic: all that clients do to a server in an hour, and what each of them got."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum

import grpc

from quoth import v1

__all__ = ["Kind", "Ledger", "Plan", "send"]

_PATIENCE = 120.0  # seconds
_BAD = (
    v1.AttributeQuotesRequest(),
    v1.AttributeQuotesRequest(article=v1.Article(body=" \n\u2003")),
    v1.AttributeQuotesRequest(article=v1.Article(body="x" * 200_001)),
    v1.AttributeQuotesRequest(article=v1.Article(body="Text.", time_zone="Nowhere")),
    v1.AttributeQuotesRequest(article=v1.Article(body="Text.", language_code="de")),
    v1.AttributeQuotesRequest(
        article=v1.Article(body="Text."), options=v1.AttributionOptions(min_confidence=2)
    ),
)


class Kind(StrEnum):
    """What a caller does."""

    ARTICLE = "article"
    LONG_ARTICLE = "long article"
    BAD_INPUT = "bad input"
    NO_TIME = "a deadline at once"
    SHORT_DEADLINE = "a short deadline"
    CANCEL = "a cancel"
    ITEM = "item of a stream"
    BAD_ITEM = "bad item of a stream"
    LEFT_STREAM = "a stream left"


_FAIR: dict[Kind, frozenset[str]] = {
    Kind.ARTICLE: frozenset({"OK", "RESOURCE_EXHAUSTED"}),
    Kind.LONG_ARTICLE: frozenset({"OK", "RESOURCE_EXHAUSTED"}),
    Kind.BAD_INPUT: frozenset({"INVALID_ARGUMENT"}),
    Kind.NO_TIME: frozenset({"OK", "DEADLINE_EXCEEDED", "RESOURCE_EXHAUSTED"}),
    Kind.SHORT_DEADLINE: frozenset({"OK", "DEADLINE_EXCEEDED", "RESOURCE_EXHAUSTED"}),
    Kind.CANCEL: frozenset({"OK", "CANCELLED", "RESOURCE_EXHAUSTED"}),
    Kind.ITEM: frozenset({"OK"}),
    Kind.BAD_ITEM: frozenset({"INVALID_ARGUMENT"}),
    Kind.LEFT_STREAM: frozenset({"CANCELLED"}),
}
"""What each may get; anything else is a fault."""


@dataclass(slots=True)
class Ledger:
    """Every call and item by what it was and what it got."""

    outcomes: Counter[tuple[Kind, str]] = field(default_factory=Counter)
    begun: int = 0
    unfair: list[str] = field(default_factory=list)

    def begin(self) -> None:
        """A call or item is sent."""
        self.begun += 1

    def end(self, kind: Kind, outcome: str, detail: str | None = None) -> None:
        """What became of it."""
        self.outcomes[kind, outcome] += 1
        if outcome not in _FAIR[kind]:
            self.unfair.append(f"{kind}: {outcome} {detail or ''}".rstrip())

    @property
    def unanswered(self) -> int:
        """What was sent and came to no end."""
        return self.begun - sum(self.outcomes.values())

    def total(self, *kinds: Kind, outcome: str | None = None) -> int:
        """How many of these kinds ended so, or at all."""
        return sum(
            count
            for (kind, ended), count in self.outcomes.items()
            if kind in kinds and outcome in (None, ended)
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """How long, and how much at once.

    Until `rough` seconds have passed, a caller gives up every `impatience` seconds while a worker
    reads for it, which ends that worker; afterwards none does, so that workers grow old.
    """

    seconds: float
    rough: float
    impatience: float
    callers: int
    streams: int
    seed: int = 0


class _Traffic:
    def __init__(self, address: str, texts: Sequence[str], plan: Plan, ledger: Ledger) -> None:
        self._address = address
        self._texts = texts
        self._long = "\n\n".join(texts[:12])
        self._plan = plan
        self._ledger = ledger
        self._chance = random.Random(plan.seed)
        self._start = time.monotonic()

    @property
    def passed(self) -> float:
        return time.monotonic() - self._start

    async def caller(self) -> None:
        """Calls one after the other, with a new connection now and then."""
        while self.passed < self._plan.seconds:
            async with self._stub() as stub:
                for _ in range(self._chance.randint(1, 200)):
                    if self.passed >= self._plan.seconds:
                        return
                    await self._call(stub)

    async def _call(self, stub: v1.AttributionServiceAsyncStub) -> None:
        kind = self._chance.choices(
            (Kind.ARTICLE, Kind.LONG_ARTICLE, Kind.BAD_INPUT, Kind.NO_TIME), (85, 2, 10, 3)
        )[0]
        request, timeout = self._request(), _PATIENCE
        if kind is Kind.LONG_ARTICLE:
            request.article.body = self._long
        elif kind is Kind.BAD_INPUT:
            request = self._chance.choice(_BAD)
        elif kind is Kind.NO_TIME:
            timeout = 0.0
        await self._unary(kind, stub, request, timeout)
        await asyncio.sleep(self._chance.expovariate(100))

    async def impatient(self) -> None:
        """Gives up on articles that are read, in one of three ways in turn; each way once."""
        ways: list[Callable[[v1.AttributionServiceAsyncStub], Awaitable[None]]] = [
            self._short_deadline,
            self._cancel,
            self._leave_stream,
        ]
        turn = 0
        while self.passed < self._plan.rough or turn < len(ways):
            async with self._stub() as stub:
                await ways[turn % len(ways)](stub)
            turn += 1
            await asyncio.sleep(min(self._plan.impatience, self._plan.seconds - self.passed))

    async def _short_deadline(self, stub: v1.AttributionServiceAsyncStub) -> None:
        await self._unary(Kind.SHORT_DEADLINE, stub, self._request(self._long), 0.5)

    async def _cancel(self, stub: v1.AttributionServiceAsyncStub) -> None:
        self._ledger.begin()
        call = stub.AttributeQuotes(self._request(self._long), timeout=_PATIENCE)
        await asyncio.sleep(0.5)
        call.cancel()
        self._ledger.end(Kind.CANCEL, (await call.code()).name, await call.details())

    async def _leave_stream(self, stub: v1.AttributionServiceAsyncStub) -> None:
        self._ledger.begin()
        call = stub.BulkAttributeQuotes(timeout=_PATIENCE)
        for number in range(8):
            await call.write(_item(number, self._request(self._long)))
        await asyncio.sleep(0.5)
        call.cancel()
        self._ledger.end(Kind.LEFT_STREAM, (await call.code()).name, await call.details())

    async def stream(self) -> None:
        """Streams one after the other."""
        while self.passed < self._plan.seconds:
            async with self._stub() as stub:
                await self._one_stream(stub, self._chance.randint(1, 100))

    async def _one_stream(self, stub: v1.AttributionServiceAsyncStub, length: int) -> None:
        waiting: dict[str, Kind] = {}
        room = asyncio.Semaphore(4)
        call = stub.BulkAttributeQuotes()

        async def write() -> None:
            for number in range(length):
                await room.acquire()
                if self.passed >= self._plan.seconds:
                    break
                bad = self._chance.random() < 0.1
                request = self._chance.choice(_BAD) if bad else self._request()
                waiting[str(number)] = Kind.BAD_ITEM if bad else Kind.ITEM
                self._ledger.begin()
                await call.write(_item(number, request))
            await call.done_writing()

        writing = asyncio.create_task(write())
        try:
            async for answer in call:
                kind = waiting.pop(answer.item_id)  # a second answer is a KeyError
                room.release()
                error = answer.error
                code = _name(error.code) if answer.HasField("error") else "OK"
                self._ledger.end(kind, code, error.message)
        except grpc.aio.AioRpcError as error:
            for kind in waiting.values():
                self._ledger.end(kind, error.code().name, error.details())
            writing.cancel()
            return
        await writing
        self._ledger.unfair += (f"item {each!r} was not answered" for each in waiting)

    async def _unary(
        self,
        kind: Kind,
        stub: v1.AttributionServiceAsyncStub,
        request: v1.AttributeQuotesRequest,
        timeout: float,
    ) -> None:
        self._ledger.begin()
        try:
            await stub.AttributeQuotes(request, timeout=timeout)
        except grpc.aio.AioRpcError as error:
            self._ledger.end(kind, error.code().name, error.details())
        else:
            self._ledger.end(kind, "OK")

    def _request(self, body: str | None = None) -> v1.AttributeQuotesRequest:
        text = self._chance.choice(self._texts) if body is None else body
        return v1.AttributeQuotesRequest(article=v1.Article(body=text))

    @asynccontextmanager
    async def _stub(self) -> AsyncIterator[v1.AttributionServiceAsyncStub]:
        options = [("grpc.enable_retries", 0), ("grpc.use_local_subchannel_pool", 1)]
        async with grpc.aio.insecure_channel(self._address, options=options) as channel:
            yield v1.AttributionServiceStub(channel)


def _item(number: int, request: v1.AttributeQuotesRequest) -> v1.BulkAttributeQuotesRequest:
    return v1.BulkAttributeQuotesRequest(item_id=str(number), request=request)


def _name(number: int) -> str:
    return next(code.name for code in grpc.StatusCode if code.value[0] == number)


async def send(address: str, texts: Sequence[str], plan: Plan) -> Ledger:
    """Sends the traffic of a plan; what came of it."""
    ledger = Ledger()
    traffic = _Traffic(address, texts, plan, ledger)
    async with asyncio.TaskGroup() as group:
        for _ in range(plan.callers):
            group.create_task(traffic.caller())
        for _ in range(plan.streams):
            group.create_task(traffic.stream())
        group.create_task(traffic.impatient())
    return ledger
