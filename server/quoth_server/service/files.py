"""Open files: each connection is one, and some are kept for what else the server does."""

from __future__ import annotations

import contextlib
import sys
from typing import NamedTuple

__all__ = ["Shares", "available", "shares"]

_RESERVE = 64  # what is always open, scrapes of metrics, and some to spare
_EACH_WORKER = 8  # a pipe and a process, and those of the one that takes its place
_MOST_HTTP = 512
_UNKNOWN = 1024
_ENOUGH = 65_536


class Shares(NamedTuple):
    """How many connections each door takes."""

    grpc: int
    http: int


def available() -> int:
    """How many files this process may have open; it first asks for as many as it can get."""
    if sys.platform == "win32":
        return _UNKNOWN
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _ENOUGH if hard == resource.RLIM_INFINITY else min(hard, _ENOUGH)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(ValueError, OSError):  # some systems have a further limit
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return _ENOUGH if soft == resource.RLIM_INFINITY else soft


def shares(files: int, workers: int) -> Shares:
    """How many of the files are for connections: half for gRPC, a quarter for HTTP."""
    free = max(files - _RESERVE - _EACH_WORKER * workers, 16)
    return Shares(grpc=free // 2, http=min(free // 4, _MOST_HTTP))
