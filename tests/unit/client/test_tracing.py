from __future__ import annotations

import subprocess
import sys

import pytest
from opentelemetry import trace

from tests.unit.client.fake import Fake

SPAN = trace.NonRecordingSpan(
    trace.SpanContext(0xABC, 0xDEF, is_remote=False, trace_flags=trace.TraceFlags(1))
)


def test_the_trace_of_the_caller_goes_along(ask, fake: Fake, address: str) -> None:
    with trace.use_span(SPAN):
        ask(address, "attribute", "Text.")
    assert fake.metadata[-1]["traceparent"] == f"00-{0xABC:032x}-{0xDEF:016x}-01"


def test_without_a_trace_nothing_goes_along(ask, fake: Fake, address: str) -> None:
    ask(address, "attribute", "Text.")
    assert "traceparent" not in fake.metadata[-1]


@pytest.mark.slow
def test_a_program_that_does_not_trace_loads_nothing_for_it() -> None:
    code = (
        "import sys; from quoth._channel import CallMetadata; assert CallMetadata('').of() == (); "
        "assert not any(name.startswith('opentelemetry') for name in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
