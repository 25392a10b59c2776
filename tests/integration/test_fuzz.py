"""Some hundred of the broken requests of `make fuzz`."""

from __future__ import annotations

import asyncio

import pytest

from tests.fuzz.attack import attack
from tests.fuzz.mutations import Level, case
from tests.integration.server import Server

pytestmark = [pytest.mark.model, pytest.mark.slow]


def test_no_request_breaks_the_server_and_no_answer_is_unsound() -> None:
    cases = [case(0, number) for number in range(400)]
    flags = ("--workers", "2", "--queue-per-worker", "100", "--http", "0")
    with Server(*flags, engine="quoth_server.engine.pipeline:load") as server:
        tally = asyncio.run(attack(server.address, server.url, cases))
        log = server.log
    assert [(failure.case.name, failure.problems) for failure in tally.failures] == []
    assert tally.sent == len(cases)
    assert tally.statements > 30
    assert {name.partition(" ")[0] for name in tally.outcomes} == set(Level)
    assert "message=fault" not in log
    assert "a worker died" not in log
    assert server.process.returncode == 0
