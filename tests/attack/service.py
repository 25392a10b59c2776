"""Attacks by requests: what they cost the server, and those who ask beside them."""

from __future__ import annotations

import asyncio
import gzip
import itertools
import json
import random
import socket
import threading
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from pathlib import Path
from urllib.parse import urlsplit

import grpc

from quoth import v1
from tests.attack.finding import Finding, checked
from tests.attack.front import GREEDY, REAL, Front, bearer, front, other_caller
from tests.integration.server import article
from tests.integration.web import ATTRIBUTE, JSON, ask

__all__ = ["ATTACKS", "hard_texts"]

_MOST_MEMORY = 400.0  # MiB of the front process
_LONGEST_WAIT = 1.0  # seconds that another caller waits
_TOO_MANY = 4_000_000
_ALONE = [("grpc.use_local_subchannel_pool", 1), ("grpc.enable_retries", 0)]


def bad_values(target: Front) -> Finding:
    """R1: a list of four million values that no field has."""
    bad = article("x", article_id="r1")
    bad.options.kinds.extend([99] * _TOO_MANY)
    listed = b"99," * (_TOO_MANY // 3 - 100) + b"99"
    as_json = b'{"article":{"body":"x"},"options":{"kinds":[' + listed + b"]}}"
    with target.server.channel() as channel:
        stub = v1.AttributionServiceStub(channel)
        start = time.monotonic()
        code, message = _refusal(stub, bad)
        seconds = time.monotonic() - start
        del bad.options.kinds[90:]
        short, _ = _refusal(stub, bad)
    start = time.monotonic()
    reply = ask(target.server, "POST", ATTRIBUTE, as_json, JSON | bearer())
    by_http = time.monotonic() - start
    memory = target.most_memory()
    return Finding(
        f"refused in a few words, at most {_MOST_MEMORY:.0f} MiB",
        f"{code} of {len(message)} characters in {seconds:.2f} s, {short} for 90 values; JSON "
        f"{reply.status} of {len(reply.body)} bytes in {by_http:.2f} s; {memory:.0f} MiB",
        {code, short} == {"INVALID_ARGUMENT"}
        and reply.status == 400
        and len(reply.body) < 10_000
        and memory <= _MOST_MEMORY,
    )


def _refusal(stub: v1.AttributionServiceStub, bad: v1.AttributeQuotesRequest) -> tuple[str, str]:
    call = stub.AttributeQuotes.future(bad, metadata=GREEDY, timeout=60)
    return call.code().name, call.details()


def packed_without_token(target: Front) -> Finding:
    """R2: a few bytes that unpack to millions of elements, without a token and with one."""
    packed = gzip.compress(b"[" + b"{}," * 1_300_000 + b"{}]", mtime=0)
    headers = JSON | {"Content-Encoding": "gzip"}

    def send(more: dict[str, str]) -> tuple[float, int]:
        start = time.monotonic()
        status = ask(target.server, "POST", ATTRIBUTE, packed, headers | more).status
        return time.monotonic() - start, status

    with ThreadPoolExecutor(16) as threads:
        outside = list(threads.map(send, [{}] * 32))
        inside = list(threads.map(send, [bearer()] * 16))
    statuses = {status for _, status in outside}, {status for _, status in inside}
    return Finding(
        "401 before the body is read; few words with a token",
        f"{len(packed):,} bytes, 16 at once: {_words(statuses[0])} within {max(outside)[0]:.2f} s; "
        f"with a token {_words(statuses[1])} within {max(inside)[0]:.2f} s",
        statuses == ({401}, {400}),
    )


def hard_texts() -> Iterator[str]:
    """R5: texts that took a worker up to a minute each."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    chance = random.Random(5)
    names = [
        f"{''.join(chance.choices(letters, k=6)).title()} "
        f"{''.join(chance.choices(letters, k=8)).title()}"
        for _ in range(800)
    ]
    bodies = (
        "s' " * 3_000,
        "Ann and " * 1_250 + "Bob said it rained.",
        "The mayor of " + "mayor of " * 1_000 + "the town said it rained.",
        ", ".join(names) + " said it rained.",
        "“" * 5_000 + "it rained,” he said.",
    )
    for number in itertools.count():
        yield f"{bodies[number % len(bodies)]} {number}"


def long_texts(folder: Path, seconds: float = 15.0) -> Finding:
    """R5: one caller's hard texts on all workers of the real engine, and another's sentence."""
    texts = hard_texts()
    codes: Counter[str] = Counter()
    lock = threading.Lock()
    with (
        front(folder, "real", REAL, "--workers", "2", "--queue-per-worker", "8") as target,
        target.server.channel() as channel,
        other_caller(target.server.address) as waits,
        ThreadPoolExecutor(8) as threads,
    ):
        stub = v1.AttributionServiceStub(channel)
        end = time.monotonic() + seconds

        def flood(_: int) -> None:
            while time.monotonic() < end:
                with lock:
                    hard = article(next(texts))
                left = max(0.1, end - time.monotonic())
                code = stub.AttributeQuotes.future(hard, metadata=GREEDY, timeout=left).code()
                codes[code.name] += 1

        list(threads.map(flood, range(8)))
    return Finding(
        f"another caller waits at most {_LONGEST_WAIT:g} s",
        f"{waits.longest:.2f} s at most ({waits.alone:.2f} s when alone), "
        f"{len(waits.seconds)} calls {_words(waits.codes)}; "
        f"the texts: {_words(codes)}",
        waits.longest <= _LONGEST_WAIT and waits.codes == {"OK"},
    )


def many_streams(target: Front, streams: int = 400, seconds: float = 8.0) -> Finding:
    """R6: one caller's streams, and another's calls."""
    answered = 0

    async def items() -> AsyncIterator[v1.BulkAttributeQuotesRequest]:
        end = time.monotonic() + seconds
        for number in itertools.count():
            if time.monotonic() >= end:
                return
            yield v1.BulkAttributeQuotesRequest(item_id=str(number), request=article("sleep 0.05"))

    async def stream(channel: grpc.aio.Channel) -> None:
        nonlocal answered
        stub = v1.AttributionServiceStub(channel)
        async for _ in stub.BulkAttributeQuotes(items(), metadata=GREEDY):
            answered += 1

    async def flood() -> None:
        async with AsyncExitStack() as closing:
            channels = [
                await closing.enter_async_context(
                    grpc.aio.insecure_channel(target.server.address, options=_ALONE)
                )
                for _ in range(10)
            ]
            flooding = [
                asyncio.create_task(stream(channels[number % len(channels)]))
                for number in range(streams)
            ]
            await asyncio.sleep(seconds)
            for each in flooding:
                each.cancel()
            await asyncio.gather(*flooding, return_exceptions=True)

    with other_caller(target.server.address) as waits:
        asyncio.run(flood())
    return Finding(
        "fair by caller, calls before streams",
        f"{waits.longest:.2f} s at most ({waits.alone:.2f} s when alone) beside {streams} streams "
        f"({answered} items answered), "
        f"{len(waits.seconds)} calls {_words(waits.codes)}",
        waits.longest <= _LONGEST_WAIT and waits.codes == {"OK"} and answered > 0,
    )


def long_ids(target: Front) -> Finding:
    """R7: 100 items with ids of 4 MB each, none of which is taken."""

    def items() -> Iterator[v1.BulkAttributeQuotesRequest]:
        for number in range(100):
            yield v1.BulkAttributeQuotesRequest(
                item_id=f"{number} " + "😀" * 1_000_000, request=article("x")
            )

    with target.server.channel() as channel:
        stub = v1.AttributionServiceStub(channel)
        answers = [
            answer.ByteSize() for answer in stub.BulkAttributeQuotes(items(), metadata=GREEDY)
        ]
    memory = target.most_memory()
    return Finding(
        f"what is sent back is short, at most {_MOST_MEMORY:.0f} MiB",
        f"{len(answers)} answers of at most {max(answers)} bytes, {memory:.0f} MiB",
        len(answers) == 100 and max(answers) < 2_000 and memory <= _MOST_MEMORY,
    )


def held_bytes(target: Front, connections: int = 250) -> Finding:
    """R16: a thousand connections that wait, take no answer or have no token.

    A quarter of each kind: calls by gRPC without a token, streams of large items, calls by HTTP
    whose answers nobody takes, and uploads by HTTP without a token.
    """
    codes: Counter[str] = Counter()
    large = "x" * 190_000
    as_json = json.dumps({"article": {"body": large}}).encode()
    padding = b"\xf2\x3f" + b"\xe0\xa5\xe3\x01" + b"x" * 3_724_000  # a field nobody knows
    waiting = v1.AttributeQuotesRequest.FromString(
        article("sleep 0.2").SerializeToString() + padding
    )

    async def by_grpc(number: int) -> None:
        async with grpc.aio.insecure_channel(target.server.address, options=_ALONE) as channel:
            stub = v1.AttributionServiceStub(channel)
            try:
                if number % 2:
                    await stub.AttributeQuotes(waiting, timeout=30)
                    codes["OK"] += 1
                    return
                items = (
                    v1.BulkAttributeQuotesRequest(item_id=str(each), request=waiting)
                    for each in range(2)
                )
                async for answer in stub.BulkAttributeQuotes(items, metadata=GREEDY, timeout=30):
                    codes["item" if answer.HasField("response") else "item refused"] += 1
            except grpc.aio.AioRpcError as error:
                codes[error.code().name] += 1

    async def by_http(number: int) -> None:
        place = urlsplit(target.server.url)
        token = f"Authorization: {GREEDY[0][1]}\r\n" if number % 2 else ""
        head = (
            f"POST {ATTRIBUTE} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            f"{token}Content-Length: {len(as_json)}\r\n\r\n"
        )
        reader = writer = None
        try:
            own = socket.socket()
            own.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            own.setblocking(False)
            await asyncio.get_running_loop().sock_connect(own, (place.hostname, place.port))
            reader, writer = await asyncio.open_connection(sock=own, limit=4096)
            writer.write(head.encode() + as_json)
            async with asyncio.timeout(20):
                await writer.drain()
                status = (await reader.read(12)).decode()
            codes[f"HTTP {status[9:] or 'ended'}"] += 1
            await asyncio.sleep(10 if token else 0)  # and takes no more of the answer
        except (OSError, TimeoutError):
            codes["HTTP ended"] += 1
        finally:
            if writer:
                writer.close()

    async def flood() -> None:
        await asyncio.gather(
            *(by_grpc(number) for number in range(2 * connections)),
            *(by_http(number) for number in range(2 * connections)),
        )

    asyncio.run(flood())
    memory = target.most_memory()
    return Finding(
        f"one budget over all that is held, at most {_MOST_MEMORY:.0f} MiB",
        f"{memory:.0f} MiB by {4 * connections:,} connections: {_words(codes)}",
        memory <= _MOST_MEMORY and codes["UNAUTHENTICATED"] == connections,
    )


def unknown_names(target: Front) -> Finding:
    """D1: names by HTTP that the contract does not have."""

    def told(options: str) -> bytes:
        body = f'{{"article": {{"body": "x"}}, "options": {options}}}'
        reply = ask(target.server, "POST", ATTRIBUTE, body, JSON | bearer())
        return reply.body if reply.status == 400 else b""

    return checked(
        "INVALID_ARGUMENT naming the field",
        {
            "a field": b"options.offset_encodng" in told('{"offset_encodng": 1}'),
            "a value": b"options.offset_encoding" in told('{"offsetEncoding": "UTF8"}'),
        },
    )


def _words(counted: Counter[str] | set[str] | set[int]) -> str:
    if isinstance(counted, Counter):
        return ", ".join(f"{count} {name}" for name, count in sorted(counted.items()))
    return ", ".join(map(str, sorted(counted)))


ATTACKS: dict[str, Callable[[Front], Finding]] = {
    "R1": bad_values,
    "R2": packed_without_token,
    "R6": many_streams,
    "R7": long_ids,
    "R16": held_bytes,
    "D1": unknown_names,
}
