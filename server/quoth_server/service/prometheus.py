"""Metrics for Prometheus, at their own HTTP port. Needs the extra `metrics`."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    make_wsgi_app,
)

from quoth_server.service import logs
from quoth_server.service.metrics import Metrics
from quoth_server.service.process import EndCause
from quoth_server.service.scrapes import ScrapeServer

__all__ = ["Prometheus"]

_log = logging.getLogger(__name__)
# Seconds: from a short article in an idle server to the longest deadline.
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0)


class Prometheus(Metrics):
    """Counts in its own registry, which also has the process's memory and CPU time."""

    def __init__(self, version: str) -> None:
        self.registry = registry = CollectorRegistry()
        counter, gauge = partial(Counter, registry=registry), partial(Gauge, registry=registry)
        histogram = partial(Histogram, registry=registry, buckets=_BUCKETS)
        ProcessCollector(registry=registry)
        info = gauge("quoth_server_info", "Always 1; the label is the version.", ["version"])
        info.labels(version).set(1)
        self._calls = counter("quoth_calls", "Calls that ended.", ["method", "code"])
        self._in_flight = gauge("quoth_calls_in_flight", "Calls in progress.", ["method"])
        self._call_seconds = histogram(
            "quoth_call_seconds", "Call duration in seconds.", ["method"]
        )
        self._refusals = counter("quoth_refusals", "Refused calls and stream items.", ["reason"])
        self._queue_seconds = histogram(
            "quoth_queue_seconds", "Seconds an article waited for a worker."
        )
        self._engine_seconds = histogram(
            "quoth_engine_seconds", "Seconds a worker took for an article."
        )
        self._words = counter("quoth_words", "Words read.")
        self._statements = counter("quoth_statements", "Statements returned.")
        self._warm = gauge("quoth_workers", "Workers ready to read.")
        self._restarts = counter(
            "quoth_worker_restarts",
            "Workers that ended and are replaced; only those that died are faults.",
            ["cause"],
        )
        for cause in EndCause:
            self._restarts.labels(cause)  # so that each is there from the beginning

    def serve(self, host: str, port: int) -> Callable[[], None]:
        """Answers scrapes in threads until what it returns is called.

        Raises:
            OSError: if the address cannot be listened on.
        """
        server = ScrapeServer(host, port, make_wsgi_app(self.registry))
        _log.info("metrics", extra={"address": logs.address(host, server.server_port)})
        server.start()
        return server.stop

    def call_begun(self, method: str) -> None:
        """See `Metrics`."""
        self._in_flight.labels(method).inc()

    def call_ended(self, method: str, code: str, seconds: float) -> None:
        """See `Metrics`."""
        self._in_flight.labels(method).dec()
        self._calls.labels(method, code).inc()
        self._call_seconds.labels(method).observe(seconds)

    def refused(self, reason: str) -> None:
        """See `Metrics`."""
        self._refusals.labels(reason).inc()

    def article_waited(self, seconds: float) -> None:
        """See `Metrics`."""
        self._queue_seconds.observe(seconds)

    def article_read(self, words: int, seconds: float) -> None:
        """See `Metrics`."""
        self._engine_seconds.observe(seconds)
        self._words.inc(words)

    def statements_found(self, count: int) -> None:
        """See `Metrics`."""
        self._statements.inc(count)

    def workers_warm(self, count: int) -> None:
        """See `Metrics`."""
        self._warm.set(count)

    def worker_ended(self, cause: str) -> None:
        """See `Metrics`."""
        self._restarts.labels(cause).inc()
