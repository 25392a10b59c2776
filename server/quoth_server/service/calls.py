"""What is known of the call at hand, gathered for its log line."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass

__all__ = ["Call", "begin", "current"]


@dataclass(slots=True)
class Call:
    """One call; a stream adds up what its items take."""

    request_id: str = ""
    article_id: str = ""
    items: int = 0
    failed: int = 0
    characters: int = 0
    statements: int = 0
    queue_seconds: float = 0.0
    engine_seconds: float = 0.0

    def fields(self) -> dict[str, object]:
        """What the log line says; times in milliseconds, an empty `article_id` left out."""
        fields: dict[str, object] = {
            "request_id": self.request_id,
            "items": self.items,
            "failed": self.failed,
            "characters": self.characters,
            "statements": self.statements,
            "queue_ms": round(1000 * self.queue_seconds, 1),
            "engine_ms": round(1000 * self.engine_seconds, 1),
        }
        return fields | ({"article_id": self.article_id} if self.article_id else {})


_current: ContextVar[Call] = ContextVar("call")


def begin(request_id: str) -> None:
    """Starts a call in this task and those that it creates."""
    _current.set(Call(request_id))


def current() -> Call:
    """The call that this task works on."""
    return _current.get()
