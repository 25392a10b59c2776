from __future__ import annotations

from itertools import pairwise

import pytest

from tests.bench.latency import level
from tests.bench.load import Call, arrivals


def test_arrivals_have_their_rate_and_come_at_random():
    times = arrivals(rate=50, seconds=200, seed=1)
    assert times == sorted(times)
    assert times[0] > 0
    assert times[-1] < 200
    assert len(times) == pytest.approx(50 * 200, rel=0.05)
    gaps = [later - earlier for earlier, later in pairwise(times)]
    mean = sum(gaps) / len(gaps)
    # The deviation of gaps of independent arrivals is their mean.
    assert (sum((gap - mean) ** 2 for gap in gaps) / len(gaps)) ** 0.5 == pytest.approx(
        mean, rel=0.1
    )


def test_arrivals_are_those_of_the_seed():
    assert arrivals(10, 5, seed=1) == arrivals(10, 5, seed=1) != arrivals(10, 5, seed=2)


def test_latencies_are_those_of_answered_calls():
    calls = [Call(0.0, latency / 1000, "OK") for latency in range(1, 101)]
    calls += [Call(0.0, 0.0001, "RESOURCE_EXHAUSTED")] * 50
    found = level(1.0, 10.0, 15.0, calls)
    assert (found.p50, found.p95, found.p99) == (50, 95, 99)
    assert (found.calls, found.answered) == (150, 100)
