"""What runs inside a worker process: one engine, one article at a time.

Neither this module nor what it imports may import grpc: its threads do not survive a fork.
"""

from __future__ import annotations

import contextlib
import errno
import gc
import importlib
import os
import signal
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Protocol

from quoth_server.engine.config import EngineConfig
from quoth_server.engine.errors import EngineError
from quoth_server.engine.types import Article, Reading
from quoth_server.service import installation, logs

__all__ = [
    "FACTORY",
    "Done",
    "Engine",
    "EngineNotLoaded",
    "EngineSpec",
    "Failed",
    "Loaded",
    "Message",
    "ReadingTimeout",
    "WorkerLost",
    "load",
    "read",
    "work",
]

# One article keeps one core busy; libraries that add their own threads make N workers fight.
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS")

FACTORY = "quoth_server.engine.pipeline:load"
"""What loads the engine, unless a setting says otherwise."""

_PACKAGE = "quoth-server"
_ORPHANED = 5.0  # seconds over the limit after which nobody seems to be left to end a process


class Engine(Protocol):
    """What the factory of `EngineSpec` returns."""

    @property
    def version(self) -> str:
        """The version of rules and models together."""

    @property
    def components(self) -> Mapping[str, str]:
        """The name and version of each part that `version` stands for."""

    def attribute(self, article: Article) -> Reading:
        """Reads one article.

        Raises:
            EngineError: if it cannot be read.
        """


@dataclass(frozen=True, slots=True)
class EngineSpec:
    """Which engine to load: `factory` is "MODULE:FUNCTION", called with `config`."""

    factory: str
    config: EngineConfig


@dataclass(frozen=True, slots=True)
class Loaded:
    """A worker is warm."""

    version: str
    components: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Done:
    """An article was read, in `seconds`."""

    reading: Reading
    seconds: float


@dataclass(frozen=True, slots=True)
class Failed:
    """An article was not read: `error` is the engine's, or None for a fault in it.

    `trace` says where the fault is. It has no message of an exception and no line of an article,
    so that it can be logged.
    """

    error: EngineError | None
    trace: str
    seconds: float


class EngineNotLoaded(Exception):
    """No worker can load the engine; the message says why."""


class WorkerLost(Exception):
    """The processes that read the article died, or there are none any more."""


class ReadingTimeout(Exception):
    """The article took all the time that it may; its process was ended."""


Message = Loaded | EngineNotLoaded | Done | Failed

_preloaded: dict[EngineSpec, Engine] = {}


def load(spec: EngineSpec) -> Engine:
    """The engine of `spec`, loaded once in a process.

    Raises:
        EngineError: if a file of the engine or of the pipeline is missing or damaged.
        ImportError: if there is no such module.
        AttributeError: if there is no such function in it.
    """
    if spec not in _preloaded:
        for name in _THREADS:
            os.environ.setdefault(name, "1")
        for package in (_PACKAGE, spec.config.pipeline):
            installation.check(package)
        module, _, name = spec.factory.partition(":")
        _preloaded[spec] = getattr(importlib.import_module(module), name)(spec.config)
        # What is loaded stays: collections need not visit it, and pages shared with the process
        # this one was forked from stay shared.
        gc.collect()
        gc.freeze()
    return _preloaded[spec]


def work(connection: Connection, spec: EngineSpec, limit: float) -> None:
    """Loads the engine, then answers each article that comes until the other end is closed.

    Args:
        connection: where articles come and answers go.
        spec: the engine.
        limit: seconds that one article may take. The other end ends this process then; the process
            ends itself a little later, should nobody be left to do it.
    """
    # The front process decides when a worker ends, also when a terminal or a service manager
    # signals the whole group.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    # Where memory runs out, Linux takes a worker, which is replaced, and not the front process.
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("500")
    try:
        engine = load(spec)
        hello = Loaded(engine.version, dict(engine.components))
    except Exception as error:  # noqa: BLE001 - the worker barrier
        connection.send(EngineNotLoaded(f"{type(error).__name__}: {error}"))
        return
    try:
        connection.send(hello)
        while True:
            article = connection.recv()
            # The kernel ends the process, which no code that never returns can put off.
            signal.setitimer(signal.ITIMER_REAL, limit + _ORPHANED)
            answer = read(engine, article)
            signal.setitimer(signal.ITIMER_REAL, 0)
            connection.send(answer)
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return
    except MemoryError:
        sys.exit(errno.ENOMEM)


def read(engine: Engine, article: Article) -> Done | Failed:
    """Reads one article; a fault is caught here, so that it stays the article's own.

    Raises:
        MemoryError: the process is not fit for another article.
    """
    start = time.perf_counter()
    try:
        reading = engine.attribute(article)
    except MemoryError:
        raise
    except EngineError as error:
        return Failed(error, logs.places(error, 1), time.perf_counter() - start)
    except Exception as error:  # noqa: BLE001 - the worker barrier
        return Failed(None, logs.places(error, 1), time.perf_counter() - start)
    return Done(reading, time.perf_counter() - start)
