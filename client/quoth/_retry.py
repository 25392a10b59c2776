"""When a call is retried, and when it is given up."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Iterable
from typing import cast

import grpc

from quoth._errors import Overloaded, QuothError, Unavailable

__all__ = ["Deadline", "pause_before_reconnect"]

_FIRST_PAUSE_S = 0.1
_LONGEST_PAUSE_S = 2.0
_MAX_LOSSES = 4
_PUSHBACK = "grpc-retry-pushback-ms"


class Deadline:
    """The time that one call has, its retries included.

    A call waits for a place in a full server until then. gRPC itself tries five times at most,
    whatever its policy says, which is too few where many share one server: each call would have to
    be lucky once in five times.

    Args:
        timeout: Seconds from now.
    """

    def __init__(self, timeout: float) -> None:
        self._end = time.monotonic() + timeout
        self._failures = 0

    @property
    def left(self) -> float:
        """Seconds that are left."""
        return max(0.0, self._end - time.monotonic())

    def pause(self, error: QuothError, cause: grpc.RpcError) -> float | None:
        """Seconds to wait before the call is retried, or None if it should not be."""
        if not isinstance(error, Overloaded):
            return None
        self._failures += 1
        pause = _pushback(cause)
        if pause is None:
            pause = _pause(error, self._failures)
        return pause if 0 <= pause < self.left else None


def pause_before_reconnect(error: QuothError, losses: int) -> float | None:
    """Seconds to wait before a stream is opened again, or None if it should not be.

    Args:
        error: How the stream ended.
        losses: How often it has ended this way since the last answer, including this time.
    """
    # A server's own INTERNAL has a reason. Without one it is the transport's word for a stream
    # that broke, and what grpc.aio makes of any end that comes while it sends.
    broken = error.code is grpc.StatusCode.INTERNAL and not error.reason
    if losses >= _MAX_LOSSES or not (broken or isinstance(error, Unavailable | Overloaded)):
        return None
    return _pause(error, losses)


def _pause(error: QuothError, failures: int) -> float:
    """The pause the server requests, otherwise ever longer pauses that differ between callers."""
    if error.retry_delay is not None:
        return error.retry_delay
    longest: float = min(_LONGEST_PAUSE_S, _FIRST_PAUSE_S * 2 ** min(failures - 1, 10))
    return longest * random.uniform(0.8, 1.2)


def _pushback(cause: grpc.RpcError) -> float | None:
    """Seconds, in gRPC's own way of requesting a pause; negative forbids a retry."""
    trailers = cause.trailing_metadata() or ()
    for key, value in cast(Iterable[tuple[str, str | bytes]], trailers):
        if key == _PUSHBACK:
            return int(value) / 1000 if re.fullmatch(r"\d{1,9}", str(value)) else -1.0
    return None
