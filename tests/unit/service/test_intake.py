"""How calls are let in that come by another door than gRPC's."""

from __future__ import annotations

from typing import Any, NoReturn

import grpc
import pytest

from quoth import v1
from quoth_server.service import calls, errors, intake
from quoth_server.service.admission import Admission
from quoth_server.service.budget import Budget
from quoth_server.service.context import Metadata
from quoth_server.service.decoding import Malformed, Unread
from quoth_server.service.gate import Gate
from quoth_server.service.intake import Intake
from quoth_server.service.metrics import Metrics

MOST = 1_000
MESSAGE = v1.AttributeQuotesRequest(article=v1.Article(body="x" * 100))


class Arrived(Unread):
    def __init__(self, message: Any, growth: int = 0) -> None:
        self._message = message
        self._growth = growth
        self.is_read = False

    @property
    def growth(self) -> int:
        return self._growth

    async def read(self) -> Any:
        self.is_read = True
        if isinstance(self._message, Exception):
            raise self._message
        return self._message


class Call:
    """A context that keeps how the call was ended."""

    ended: grpc.StatusCode | None = None

    def invocation_metadata(self) -> Metadata | None:
        return None

    def peer(self) -> str:
        return ""

    def time_remaining(self) -> float | None:
        return None

    def set_trailing_metadata(self, trailing_metadata: tuple[tuple[str, str], ...], /) -> None: ...

    def trailing_metadata(self) -> Metadata | None:
        return None

    def code(self) -> grpc.StatusCode:
        return self.ended or grpc.StatusCode.OK

    async def abort(
        self,
        code: grpc.StatusCode,
        details: str = "",
        trailing_metadata: tuple[tuple[str, str | bytes], ...] = (),
    ) -> NoReturn:
        self.ended = code
        raise grpc.aio.AbortError


async def held_in_a_call(budget: Budget, request: Unread, call: Call) -> int:
    """What is held while it is answered."""
    calls.begin("id", Metrics(), "192.0.2.1:40001")

    async def behavior(message: Any, _: object) -> int:
        assert not isinstance(message, Unread)
        return budget.held

    taken = Intake(Gate(), budget, Admission(1, 1), MOST).wrap("AttributeQuotes", behavior)
    held: int = await taken(request, call)
    assert not budget.held
    return held


@pytest.mark.parametrize(
    ("message", "growth", "held"),
    [(MESSAGE, 0, 0), (MESSAGE, MOST, MESSAGE.ByteSize()), (Malformed("message"), MOST, 0)],
)
async def test_what_a_packed_request_becomes_is_held(message: Any, growth: int, held: int) -> None:
    """The bytes that came count elsewhere."""
    assert await held_in_a_call(Budget(10 * MOST), Arrived(message, growth), Call()) == held


async def test_a_packed_request_is_not_read_while_there_is_no_room(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(intake, "_FOR_ROOM", 0.01)
    budget = Budget(10 * MOST)
    request, call = Arrived(MESSAGE, MOST), Call()
    with budget.hold("others", 9 * MOST + 1), pytest.raises(grpc.aio.AbortError):
        await held_in_a_call(budget, request, call)
    assert not request.is_read
    assert call.ended is grpc.StatusCode.RESOURCE_EXHAUSTED


async def test_what_is_not_taken_for_a_reason_ends_the_call() -> None:
    call = Call()
    with pytest.raises(grpc.aio.AbortError):
        await held_in_a_call(Budget(10 * MOST), Arrived(errors.unauthenticated()), call)
    assert call.ended is grpc.StatusCode.UNAUTHENTICATED
