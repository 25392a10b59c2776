"""The caller's trace goes along with a call."""

from __future__ import annotations

import sys

__all__ = ["trace_context"]


def trace_context() -> dict[str, str]:
    """The headers that make the server's span a child of the current one; none without one.

    A program that traces has loaded OpenTelemetry; for any other it is not loaded, nor needed.
    """
    headers: dict[str, str] = {}
    if "opentelemetry.trace" in sys.modules:
        from opentelemetry.propagate import inject

        inject(headers)
    return headers
