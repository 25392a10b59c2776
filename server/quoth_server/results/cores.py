"""Reading on several cores: a process each, for a program or a notebook that has many articles."""

from __future__ import annotations

import itertools
import multiprocessing
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ProcessPoolExecutor
from typing import Any, TypeVar

from quoth_server.cores import available

__all__ = ["available", "outcomes"]

_WAITING = 4  # articles for each process: it never waits, and few are held


Outcome = TypeVar("Outcome")


def outcomes(
    read: Callable[[object, str], Outcome],
    articles: Iterable[object],
    time_zone: str,
    workers: int,
) -> Generator[Outcome, None, None]:
    """What `read` gives for each article and the time zone, in the order of the articles.

    Args:
        read: Is pickled into each process once.
        articles: Read no further ahead than the processes need.
        time_zone: The second argument of `read`.
        workers: How many processes read.

    Raises:
        BrokenProcessPool: A process was ended, as by a lack of memory.
    """
    rest = iter(articles)
    # Not forked: threads of the linear algebra and of gRPC do not survive that.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(workers, context, _begin, (read, time_zone))
    waiting: deque[Future[Outcome]] = deque()
    try:
        waiting += [pool.submit(_read, each) for each in itertools.islice(rest, workers * _WAITING)]
        while waiting:
            yield waiting.popleft().result()
            waiting += [pool.submit(_read, each) for each in itertools.islice(rest, 1)]
    finally:
        pool.shutdown(cancel_futures=True)


_given: tuple[Callable[[object, str], Any], str] | None = None  # to this process, at its start


def _begin(read: Callable[[object, str], Any], time_zone: str) -> None:
    global _given  # noqa: PLW0603 - a pool gives its processes what they need in this way only
    _given = read, time_zone


def _read(article: object) -> Any:
    assert _given
    read, time_zone = _given
    return read(article, time_zone)
