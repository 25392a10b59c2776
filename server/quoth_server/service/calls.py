"""What is known of the call at hand, gathered for its log line, its span and the metrics."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, field

from quoth_server.service.metrics import Metrics, NoMetrics

__all__ = ["Call", "begin", "current", "identify", "refused"]


@dataclass(slots=True)
class Call:
    """One call; a stream adds up what its items take."""

    request_id: str = ""
    caller: str = ""
    trace_id: str = ""
    article_id: str = ""
    items: int = 0
    failed: int = 0
    characters: int = 0
    statements: int = 0
    queue_seconds: float = 0.0
    engine_seconds: float = 0.0
    metrics: Metrics = field(default_factory=NoMetrics, repr=False)

    def waited(self, seconds: float) -> None:
        """An article of the call was given to a worker after so long."""
        self.queue_seconds += seconds
        self.metrics.article_waited(seconds)

    def read(self, body: str, seconds: float) -> None:
        """A worker took so long for an article of the call, with or without success."""
        self.engine_seconds += seconds
        self.metrics.article_read(len(body.split()), seconds)

    def answered(self, statements: int) -> None:
        """An article of the call is answered with so many statements."""
        self.statements += statements
        self.metrics.statements_found(statements)

    def fields(self) -> dict[str, object]:
        """What the log line says; times in milliseconds, names that are empty left out."""
        fields: dict[str, object] = {
            "request_id": self.request_id,
            "items": self.items,
            "failed": self.failed,
            "characters": self.characters,
            "statements": self.statements,
            "queue_ms": round(1000 * self.queue_seconds, 1),
            "engine_ms": round(1000 * self.engine_seconds, 1),
        }
        names = {"article_id": self.article_id, "caller": self.caller, "trace_id": self.trace_id}
        return fields | {name: value for name, value in names.items() if value}


_current: ContextVar[Call] = ContextVar("call")
_caller: ContextVar[str] = ContextVar("caller", default="")


def identify(caller: str) -> None:
    """Says who makes the call of this task, or the one that begins next in it."""
    _caller.set(caller)
    if call := _current.get(None):
        call.caller = caller


def begin(request_id: str, metrics: Metrics) -> None:
    """Starts a call in this task and those that it creates."""
    _current.set(Call(request_id, _caller.get(), metrics=metrics))


def current() -> Call:
    """The call that this task works on."""
    return _current.get()


def refused(reason: str) -> None:
    """Counts a refusal, where there is a call: reflection has none."""
    if call := _current.get(None):
        call.metrics.refused(reason)
