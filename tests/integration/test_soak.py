"""The soak of `make soak`, cut short: too short to find a slow leak, not to lose a call."""

from __future__ import annotations

import pytest

from tests.soak.__main__ import soak
from tests.soak.traffic import Kind, Plan

pytestmark = [pytest.mark.model, pytest.mark.slow]


def test_every_call_is_accounted_for_and_memory_does_not_run_away() -> None:
    plan = Plan(seconds=24, rough=10, impatience=2, callers=3, streams=2)
    ledger, samples, verdict = soak(plan, workers=2, tolerance=0.3, every=0.2)
    assert verdict.problems == ()
    assert ledger.unanswered == 0
    assert len(samples) > 20
    for kind in (Kind.ARTICLE, Kind.BAD_INPUT, Kind.ITEM, Kind.LEFT_STREAM):
        assert ledger.total(kind) > 0, kind
