"""When a call is tried again, and when it is given up."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Iterable
from typing import cast

import grpc

from quoth._errors import Overloaded, QuothError

__all__ = ["Patience", "backoff"]

_FIRST_PAUSE_S = 0.1
_LONGEST_PAUSE_S = 2.0
_PUSHBACK = "grpc-retry-pushback-ms"


def backoff(failures: int) -> float:
    """Seconds to wait after so many failures in a row, where the server has not said how many."""
    longest: float = min(_LONGEST_PAUSE_S, _FIRST_PAUSE_S * 2 ** min(failures - 1, 10))
    return longest * random.uniform(0.8, 1.2)


class Patience:
    """Waits for a place in a server that is full, as long as the call may take.

    gRPC tries at most five times whatever its policy says, which is too few where many share one
    server: each call would have to be lucky once in five times.

    Args:
        timeout: Seconds that the call may take, its retries included.
    """

    def __init__(self, timeout: float) -> None:
        self._end = time.monotonic() + timeout
        self._failures = 0

    @property
    def left(self) -> float:
        """Seconds that are left."""
        return max(0.0, self._end - time.monotonic())

    def pause(self, error: QuothError, cause: grpc.RpcError) -> float | None:
        """Seconds to wait before the call is tried again, or None if it should not be."""
        if not isinstance(error, Overloaded):
            return None
        self._failures += 1
        pause = _pushback(cause)
        if pause is None:
            pause = error.retry_delay
        if pause is None:
            pause = backoff(self._failures)
        return pause if 0 <= pause < self.left else None


def _pushback(cause: grpc.RpcError) -> float | None:
    """Seconds, as servers tell gRPC itself; negative if the call is not to be sent again."""
    trailers = cause.trailing_metadata() or ()
    for key, value in cast(Iterable[tuple[str, str | bytes]], trailers):
        if key == _PUSHBACK:
            return int(value) / 1000 if re.fullmatch(r"\d{1,9}", str(value)) else -1.0
    return None
