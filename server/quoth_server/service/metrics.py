"""What is counted, whoever counts it; `prometheus` is one who does."""

from __future__ import annotations

from typing import Protocol

__all__ = ["Metrics", "NoMetrics"]


class Metrics(Protocol):
    """Receives everything that happens, as numbers and names of the contract: never as text."""

    def call_begun(self, method: str) -> None:
        """A call of the service has come."""

    def call_ended(self, method: str, code: str, seconds: float) -> None:
        """A call that had begun has ended with the name of a gRPC status."""

    def refused(self, reason: str) -> None:
        """A call or an item of a stream got no answer; `reason` is a name of `ErrorReason`."""

    def article_waited(self, seconds: float) -> None:
        """An article was given to a worker after so long."""

    def article_read(self, words: int, seconds: float) -> None:
        """A worker has read an article, with or without success."""

    def statements_found(self, count: int) -> None:
        """An article was answered with this many statements."""

    def workers_warm(self, count: int) -> None:
        """This many workers are there now."""

    def worker_ended(self, cause: str) -> None:
        """A worker has ended and is replaced; see `EndCause`."""


class NoMetrics:
    """Counts nothing."""

    def call_begun(self, method: str) -> None:
        """See `Metrics`."""

    def call_ended(self, method: str, code: str, seconds: float) -> None:
        """See `Metrics`."""

    def refused(self, reason: str) -> None:
        """See `Metrics`."""

    def article_waited(self, seconds: float) -> None:
        """See `Metrics`."""

    def article_read(self, words: int, seconds: float) -> None:
        """See `Metrics`."""

    def statements_found(self, count: int) -> None:
        """See `Metrics`."""

    def workers_warm(self, count: int) -> None:
        """See `Metrics`."""

    def worker_ended(self, cause: str) -> None:
        """See `Metrics`."""
