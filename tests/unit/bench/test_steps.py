from __future__ import annotations

import time
from types import SimpleNamespace

import pytest

from tests.bench import steps


def test_functions_are_timed_and_put_back():
    def slow(seconds: float) -> str:
        end = time.process_time() + seconds
        while time.process_time() < end:
            pass
        return "done"

    where = SimpleNamespace(slow=slow)
    with steps.clocked({"step": (where, "slow")}) as clock:
        assert where.slow(0.01) == "done"
        assert where.slow(seconds=0.02) == "done"
    assert clock.seconds["step"] >= 0.03
    assert where.slow is slow


def test_a_step_that_is_gone_is_named():
    where = SimpleNamespace()
    with pytest.raises(AttributeError, match="gone"), steps.clocked({"step": (where, "gone")}):
        pass


def test_every_step_of_the_engine_is_where_it_is_looked_for():
    with steps.clocked(steps.STEPS | steps.PARTS) as clock:
        assert set(clock.seconds) == set(steps.STEPS) | set(steps.PARTS)
