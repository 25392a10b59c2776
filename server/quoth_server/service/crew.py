"""Several worker processes for a program that is no server, each given the next article."""

from __future__ import annotations

import pickle
import time
from collections import deque
from multiprocessing import connection

from quoth_server.engine.types import Article
from quoth_server.service.solo import SoloWorker
from quoth_server.service.worker import (
    Done,
    EngineSpec,
    Failed,
    Loaded,
    NotLoaded,
    ReadingTimeout,
    WorkerLost,
)

__all__ = ["Answer", "Crew", "CrewNotLoaded", "Finished"]

Answer = Done | Failed | ReadingTimeout | WorkerLost
"""What became of an article."""

Finished = deque[tuple[int, Answer]]
"""Where the answers of one caller go, each with the key of its article."""

_TRIES = 2  # of reading an article whose process dies
_FAILURES_IN_A_ROW = 5  # of starting a process, where one could be started before

# The next article is sent while one is being read if both are short: it waits in the pipe, which
# has room for it, and a process need not wait until the program has time for it.
_SHORT = 8 * 1024


class CrewNotLoaded(Exception):
    """No process can load the engine; the message says why."""


class _Task:
    """An article under way."""

    def __init__(self, key: int, article: bytes, limit: float, finished: Finished) -> None:
        self.key = key
        self.article = article
        self.limit = limit
        self.finished = finished
        self.tries = 0

    @property
    def short(self) -> bool:
        return len(self.article) < _SHORT


class _Member:
    """A process and the articles that it has and has not answered."""

    def __init__(self, worker: SoloWorker) -> None:
        self.worker = worker
        self.loaded = False
        self.tasks: deque[_Task] = deque()
        self.since = 0.0  # when it began with the first of them

    @property
    def end_of_time(self) -> float:
        return self.since + self.tasks[0].limit if self.tasks else float("inf")

    def takes(self, task: _Task) -> bool:
        """Whether it may have an article beside those that it has."""
        return self.loaded and (
            not self.tasks or (len(self.tasks) == 1 and task.short and self.tasks[0].short)
        )


class Crew:
    """Up to `count` processes, started as they are needed. Used by one thread.

    An article whose process dies is read by another one, once; no other article fails of it.

    Args:
        spec: the engine they load.
        limit: seconds that one article may take.
        count: how many processes.
    """

    def __init__(self, spec: EngineSpec, limit: float, count: int) -> None:
        self._spec = spec
        self._limit = limit
        self._count = count
        self._members: list[_Member] = []
        self._backlog: deque[_Task] = deque()
        self._failures = 0
        self.engine: Loaded | None = None

    @property
    def has_room(self) -> bool:
        """Whether another article would not only wait: each process has one, and one to come."""
        under_way = len(self._backlog) + sum(len(member.tasks) for member in self._members)
        return under_way < 2 * self._count

    def submit(self, key: int, article: Article, timeout: float | None, finished: Finished) -> None:
        """Hands over an article; its answer will be put into `finished` with its key.

        Raises:
            CrewNotLoaded: if the engine cannot be loaded.
        """
        limit = self._limit if timeout is None else min(timeout, self._limit)
        self._backlog.append(_Task(key, pickle.dumps(article), limit, finished))
        self._hand_out()

    def wait(self) -> None:
        """Waits until something happens: an answer, a process that is ready or lost.

        Raises:
            CrewNotLoaded: if the engine cannot be loaded.
        """
        end = min((member.end_of_time for member in self._members), default=float("inf"))
        seconds = None if end == float("inf") else max(0.0, end - time.monotonic())
        ready = connection.wait([member.worker.fileno() for member in self._members], seconds)
        for member in list(self._members):
            if member.worker.fileno() in ready:
                self._take(member)
            elif member.end_of_time <= time.monotonic():
                self._expire(member)
        self._hand_out()

    def load(self) -> Loaded:
        """Waits until a process has loaded the engine.

        Raises:
            CrewNotLoaded: if it cannot be loaded.
        """
        if not self._members:
            self._start()
        while self.engine is None:
            self.wait()
        return self.engine

    def drop(self, finished: Finished) -> None:
        """Gives up the articles of a caller; processes that read them are ended."""
        for member in list(self._members):
            if any(task.finished is finished for task in member.tasks):
                self._lose(member)
        self._backlog = deque(task for task in self._backlog if task.finished is not finished)
        self._hand_out()

    def close(self) -> None:
        """Ends the processes."""
        for member in self._members:
            member.worker.end()
        self._members.clear()
        self._backlog.clear()

    def _start(self) -> None:
        self._members.append(_Member(SoloWorker(self._spec, self._limit)))

    def _hand_out(self) -> None:
        """Gives articles to idle processes, then ahead to busy ones; starts what is missing."""
        for busy in (False, True):
            for member in list(self._members):
                if self._backlog and bool(member.tasks) is busy and member.takes(self._backlog[0]):
                    self._post(member, self._backlog.popleft())
        loading = sum(not member.loaded for member in self._members)
        for _ in range(min(len(self._backlog) - loading, self._count - len(self._members))):
            self._start()

    def _post(self, member: _Member, task: _Task) -> None:
        if not member.tasks:
            member.since = time.monotonic()
        member.tasks.append(task)
        try:
            member.worker.post(task.article)
        except WorkerLost:
            self._lose(member)

    def _take(self, member: _Member) -> None:
        try:
            message = member.worker.take()
        except WorkerLost as error:
            self._blame(member, error)
            return
        match message:
            case Loaded():
                self.engine = message
                self._failures = 0
                member.loaded = True
            case NotLoaded():
                self._lose(member)
                self._give_up_or_go_on(message.message)
            case Done() | Failed():
                task = member.tasks.popleft()
                task.finished.append((task.key, message))
                member.since = time.monotonic()

    def _blame(self, member: _Member, error: WorkerLost) -> None:
        """A process died: of the article that it read, if it read one."""
        if not member.loaded:
            self._lose(member)
            self._give_up_or_go_on(str(error))
        elif member.tasks:
            task = member.tasks[0]
            task.tries += 1
            if task.tries == _TRIES:
                member.tasks.popleft()
                task.finished.append((task.key, error))
            self._lose(member)
        else:
            self._lose(member)

    def _expire(self, member: _Member) -> None:
        task = member.tasks.popleft()
        task.finished.append((task.key, ReadingTimeout(f"{task.limit:g} s")))
        self._lose(member)

    def _lose(self, member: _Member) -> None:
        """Ends a process; its articles are read by others."""
        member.worker.end()
        self._members.remove(member)
        self._backlog.extendleft(reversed(member.tasks))

    def _give_up_or_go_on(self, cause: str) -> None:
        self._failures += 1
        others = any(member.loaded for member in self._members)
        if self.engine is None or (self._failures >= _FAILURES_IN_A_ROW and not others):
            self.close()
            raise CrewNotLoaded(cause)
