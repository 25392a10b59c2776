"""Sends cases to a server, or reads them as the command does, and judges what comes back."""

from __future__ import annotations

import asyncio
import dataclasses
import http.client
import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import grpc
from google.protobuf import json_format
from google.protobuf.message import DecodeError

from quoth import v1
from tests.fuzz import files
from tests.fuzz.invariants import problems, without_offsets
from tests.fuzz.mutations import Case, Level

__all__ = ["Failure", "Tally", "attack", "read_case", "write_failure"]

UNARY = "/quoth.v1.AttributionService/AttributeQuotes"
STREAM = "/quoth.v1.AttributionService/BulkAttributeQuotes"
_PATIENCE = 60.0  # seconds; an answer that takes longer counts as none
_WROTE_TOO_LATE = "Internal error from Core"
"""What gRPC's own client says where it was writing when the server ended the stream."""
_ENCODINGS = tuple(number for number in v1.OffsetEncoding.values() if number)


@dataclass(frozen=True, slots=True)
class Failure:
    """A case whose answer was wrong, and how."""

    case: Case
    problems: Sequence[str]


@dataclass(slots=True)
class Tally:
    """What came back, by level and outcome, and every failure."""

    sent: int = 0
    requests: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    statements: int = 0
    slowest: tuple[float, str] = (0.0, "")
    failures: list[Failure] = field(default_factory=list)


class _Attacker:
    def __init__(
        self, channel: grpc.aio.Channel, url: str, on_failure: Callable[[Failure], object]
    ) -> None:
        self._on_failure = on_failure
        self._place = urlsplit(url)
        self._threads = ThreadPoolExecutor(8, thread_name_prefix="http")
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="files")
        # Raw bytes both ways: no client would let most of these out.
        self._unary = channel.unary_unary(UNARY)
        self._stream = channel.stream_stream(STREAM)
        self.tally = Tally()

    async def attack(self, case: Case) -> None:
        start = time.perf_counter()
        try:
            match case.level:
                case Level.STREAM:
                    found = await self._attack_stream(case.payloads)
                case Level.JSON:
                    found = await self._attack_json(*case.payloads)
                case Level.FILE:
                    found = await self._read_file(*case.payloads)
                case _:
                    found = await self._attack_unary(case)
        except grpc.aio.AioRpcError as error:
            found = [f"ended with {error.code().name}: {error.details()}"]
        except OSError as error:
            found = [f"ended with {type(error).__name__}: {error}"]
        took = time.perf_counter() - start
        self.tally.sent += 1
        self.tally.requests += len(case.payloads)
        self.tally.slowest = max(self.tally.slowest, (took, case.name))
        if found:
            failure = Failure(case, found)
            self.tally.failures.append(failure)
            self._on_failure(failure)

    def _count(self, level: Level, outcome: str) -> None:
        self.tally.outcomes[f"{level} {outcome}"] += 1

    async def _attack_unary(self, case: Case) -> list[str]:
        (payload,) = case.payloads
        try:
            request = v1.AttributeQuotesRequest.FromString(payload)
        except DecodeError:
            return await self._undecodable(case.level, payload)
        try:
            response = await self._ask(payload)
        except grpc.aio.AioRpcError as error:
            self._count(case.level, error.code().name)
            return list(_of_error(error))
        self._count(case.level, "OK")
        self.tally.statements += len(response.statements)
        found = problems(request, response)
        if not request.article.body.strip():
            found.append("a blank body was read")
        if case.level is Level.TEXT:
            found += await self._same_in_other_encodings(request, response)
        return found

    async def _ask(self, payload: bytes) -> v1.AttributeQuotesResponse:
        return v1.AttributeQuotesResponse.FromString(await self._unary(payload, timeout=_PATIENCE))

    async def _undecodable(self, level: Level, payload: bytes) -> list[str]:
        try:
            await self._unary(payload, timeout=_PATIENCE)
        except grpc.aio.AioRpcError as error:
            self._count(level, f"undecodable, {error.code().name}")
            return list(_of_error(error))
        return ["was answered, but is not a message"]

    async def _same_in_other_encodings(
        self, request: v1.AttributeQuotesRequest, response: v1.AttributeQuotesResponse
    ) -> list[str]:
        """Asks again in one other encoding: the same must be found, in other offsets."""
        used = response.offset_encoding
        other = _ENCODINGS[(_ENCODINGS.index(used) + 1) % len(_ENCODINGS)]
        request.options.offset_encoding = other
        again = await self._ask(request.SerializeToString())
        self.tally.requests += 1
        found = problems(request, again)
        if without_offsets(again) != without_offsets(response):
            found.append(f"says other things in encoding {other} than in {used}")
        return found

    async def _attack_stream(self, payloads: Sequence[bytes]) -> list[str]:
        try:
            items = [v1.BulkAttributeQuotesRequest.FromString(payload) for payload in payloads]
        except DecodeError:
            items = []
        answers: list[v1.BulkAttributeQuotesResponse] = []
        try:
            async for answer in self._stream(iter(payloads), timeout=_PATIENCE):
                # One by one: those before an error are looked at, too.
                answers.append(v1.BulkAttributeQuotesResponse.FromString(answer))  # noqa: PERF401
        except grpc.aio.AioRpcError as error:
            if items:
                raise
            if error.details() == _WROTE_TOO_LATE:
                return []
            self._count(Level.STREAM, f"undecodable, {error.code().name}")
            return list(_of_error(error))
        if not items:
            return ["was answered to its end, and has no message"]
        self._count(Level.STREAM, "OK")
        return list(_of_items(items, answers))

    async def _attack_json(self, body: bytes) -> list[str]:
        loop = asyncio.get_running_loop()
        status, answer = await loop.run_in_executor(self._threads, self._post, body)
        self._count(Level.JSON, str(status))
        if status != http.HTTPStatus.OK:
            return list(_of_refusal(status, answer))
        request, response = v1.AttributeQuotesRequest(), v1.AttributeQuotesResponse()
        try:
            json_format.Parse(body, request)
            json_format.Parse(answer, response)
        except (json_format.ParseError, UnicodeDecodeError) as error:
            return [f"was answered, and request or answer cannot be read: {error}"]
        self.tally.statements += len(response.statements)
        return problems(request, response)

    def _post(self, body: bytes) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection(
            self._place.hostname or "", self._place.port, timeout=_PATIENCE
        )
        try:
            connection.request("POST", UNARY, body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    async def _read_file(self, suffix: bytes, data: bytes) -> list[str]:
        name = suffix.decode()
        loop = asyncio.get_running_loop()
        ended, found = await loop.run_in_executor(self._reader, files.read, name, data)
        self._count(Level.FILE, f"{name.removesuffix('.gz')}: {ended}")
        return found


def _of_refusal(status: int, answer: bytes) -> Iterator[str]:
    """By HTTP too an error must say that the request is to blame, and why."""
    try:
        told = json.loads(answer)
    except ValueError:
        told = {}
    if status != http.HTTPStatus.BAD_REQUEST or told.get("code") != "invalid_argument":
        yield f"ended with {status}: {answer[:200]!r}"
    elif not told.get("details"):
        yield f"{status} without details: {answer[:200]!r}"


def _of_error(error: grpc.aio.AioRpcError) -> Iterator[str]:
    """An error must say that the request is to blame, and why."""
    if error.code() is not grpc.StatusCode.INVALID_ARGUMENT:
        yield f"ended with {error.code().name}: {error.details()}"
    elif not any(key == "grpc-status-details-bin" for key, _ in error.trailing_metadata() or ()):
        yield f"{error.code().name} without details: {error.details()}"


def _of_items(
    items: Sequence[v1.BulkAttributeQuotesRequest],
    answers: Sequence[v1.BulkAttributeQuotesResponse],
) -> Iterator[str]:
    """Each item must be answered once; where an id stands twice, the first may be read.

    Of an id that is too long the answer has the first 64 characters.
    """
    sent = Counter(item.item_id[:64] for item in items)
    answered = Counter(answer.item_id for answer in answers)
    if sent != answered:
        yield f"sent items {dict(sent)} and answered {dict(answered)}"
    firsts = {item.item_id: item.request for item in reversed(items)}
    for answer in answers:
        if answer.HasField("response"):
            yield from problems(firsts[answer.item_id], answer.response)
        elif answer.error.code != grpc.StatusCode.INVALID_ARGUMENT.value[0]:
            yield f"item {answer.item_id!r}: {answer.error.code} {answer.error.message}"
        elif not answer.error.violations:
            yield f"item {answer.item_id!r} is refused and no field is named"


async def attack(
    address: str,
    url: str,
    cases: Iterable[Case],
    *,
    in_flight: int = 16,
    on_failure: Callable[[Failure], object] = lambda failure: None,
) -> Tally:
    """Sends the cases, some at a time; what came back. Each failure is reported as it happens.

    Args:
        address: of the server, by gRPC.
        url: of the same, by HTTP.
        cases: what is sent.
        in_flight: how many at a time.
        on_failure: called with each failure.
    """
    options = [("grpc.enable_retries", 0), ("grpc.use_local_subchannel_pool", 1)]
    async with grpc.aio.insecure_channel(address, options=options) as channel:
        attacker = _Attacker(channel, url, on_failure)
        rest = iter(cases)

        async def work() -> None:
            for case in rest:
                await attacker.attack(case)

        await asyncio.gather(*(work() for _ in range(in_flight)))
    return attacker.tally


def write_failure(failure: Failure, folder: Path) -> Path:
    """Keeps a failed case, so that it can be sent again; the file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{failure.case.name}.json"
    document = {
        **dataclasses.asdict(failure.case),
        "payloads": [payload.hex() for payload in failure.case.payloads],
        "problems": list(failure.problems),
    }
    path.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    return path


def read_case(path: Path) -> Case:
    """A case that was kept."""
    document = json.loads(path.read_text(encoding="utf-8"))
    payloads = tuple(map(bytes.fromhex, document["payloads"]))
    return Case(document["name"], Level(document["level"]), payloads)
