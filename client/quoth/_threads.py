"""What `quoth._sync` is built on: threads behind the names of `quoth._aio`."""

from __future__ import annotations

import contextvars
import queue
import threading
import time
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

import grpc

from quoth._channel import TLS

__all__ = ["Channel", "Inbox", "Task", "iterate", "sleep"]

T = TypeVar("T")

sleep = time.sleep
iterate = iter


class Channel:
    """A gRPC channel."""

    def __init__(
        self, target: str, tls: TLS | None, arguments: Sequence[tuple[str, str | int]]
    ) -> None:
        self._channel = (
            grpc.secure_channel(target, tls.credentials(), options=arguments)
            if tls
            else grpc.insecure_channel(target, options=arguments)
        )

    def get(self) -> grpc.Channel:
        """The channel."""
        return self._channel

    def close(self) -> None:
        """Closes the channel for good; running calls are canceled."""
        self._channel.close()


class Inbox(Generic[T]):
    """An unbounded queue, safe between threads."""

    def __init__(self) -> None:
        self._queue: queue.SimpleQueue[T] = queue.SimpleQueue()

    def put(self, item: T) -> None:
        """Adds an item; never blocks."""
        self._queue.put(item)

    def get(self, timeout: float | None = None) -> T:
        """Waits for the next item.

        Raises:
            TimeoutError: None came within `timeout` seconds.
        """
        try:
            return self._queue.get(timeout=timeout)
        except queue.Empty:
            raise TimeoutError from None


class Task:
    """Runs `work` alongside the caller, in a copy of the caller's context."""

    def __init__(self, work: Callable[[], None]) -> None:
        run = contextvars.copy_context().run
        name = f"quoth {getattr(work, '__name__', '')}"
        self._thread = threading.Thread(target=run, args=(work,), name=name, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Does not wait: nothing ends a thread whose iterable waits for its next article."""

    def join(self) -> None:
        """Waits for its end, which the caller has brought about."""
        self._thread.join()
