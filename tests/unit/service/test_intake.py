"""How calls are let in that come by another door than gRPC's."""

from __future__ import annotations

from typing import Any

import grpc
import pytest

from quoth import v1
from quoth_server.service import calls, errors, intake
from quoth_server.service.admission import Admission
from quoth_server.service.budget import Budget
from quoth_server.service.errors import ServiceError
from quoth_server.service.gate import Gate
from quoth_server.service.intake import Intake
from quoth_server.service.metrics import Metrics

MOST = 1_000
MESSAGE = v1.AttributeQuotesRequest(article=v1.Article(body="x" * 100))


class Arrived:
    def __init__(self, message: Any, growth: int = 0) -> None:
        self._message = message
        self.growth = growth
        self.is_read = False

    async def read(self) -> Any:
        self.is_read = True
        if isinstance(self._message, Exception):
            raise self._message
        return self._message


async def held_in_a_call(budget: Budget, request: Arrived) -> int:
    """What is held while it is answered."""
    calls.begin("id", Metrics(), "192.0.2.1:40001")

    async def behavior(message: Any, _: object) -> int:
        assert not isinstance(message, Arrived)
        return budget.held

    taken = Intake(Gate(), budget, Admission(1, 1), MOST).wrap("AttributeQuotes", behavior)
    context: Any = None  # the error is sent by another interceptor
    held: int = await taken(request, context)
    assert not budget.held
    return held


@pytest.mark.parametrize(
    ("message", "growth", "held"),
    [(MESSAGE, 0, 0), (MESSAGE, MOST, MESSAGE.ByteSize())],
)
async def test_what_a_packed_request_becomes_is_held(message: Any, growth: int, held: int) -> None:
    """The bytes that came count elsewhere."""
    assert await held_in_a_call(Budget(10 * MOST), Arrived(message, growth)) == held


async def test_a_packed_request_is_not_read_while_there_is_no_room(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(intake, "_FOR_ROOM", 0.01)
    budget = Budget(10 * MOST)
    request = Arrived(MESSAGE, MOST)
    with budget.hold("others", 9 * MOST + 1), pytest.raises(ServiceError) as refused:
        await held_in_a_call(budget, request)
    assert not request.is_read
    assert refused.value.code is grpc.StatusCode.RESOURCE_EXHAUSTED


async def test_what_is_not_taken_for_a_reason_ends_the_call() -> None:
    with pytest.raises(ServiceError) as refused:
        await held_in_a_call(Budget(10 * MOST), Arrived(errors.unauthenticated()))
    assert refused.value.code is grpc.StatusCode.UNAUTHENTICATED
