"""What is known of the call at hand, gathered for its log line, its span and the metrics."""

from __future__ import annotations

import ipaddress
from contextvars import ContextVar
from dataclasses import dataclass, field

from quoth_server.service.metrics import Metrics, NoMetrics

__all__ = ["Call", "begin", "current", "host", "identify", "origin", "refused"]


@dataclass(slots=True)
class Call:
    """One call; a stream adds up what its items take."""

    request_id: str = ""
    caller: str = ""
    peer: str = field(default="", repr=False)
    trace_id: str = ""
    article_id: str = ""
    items: int = 0
    failed: int = 0
    characters: int = 0
    statements: int = 0
    queue_seconds: float = 0.0
    engine_seconds: float = 0.0
    metrics: Metrics = field(default_factory=NoMetrics, repr=False)

    @property
    def origin(self) -> str:
        """Whom its share of the server is counted for: the name of the token, else the address."""
        return f"token {self.caller}" if self.caller else self.peer

    def waited(self, seconds: float) -> None:
        """An article of the call was given to a worker after so long."""
        self.queue_seconds += seconds
        self.metrics.article_waited(seconds)

    def read(self, body: str, seconds: float) -> None:
        """A worker took so long for an article of the call, with or without success."""
        self.engine_seconds += seconds
        self.metrics.article_read(len(body.split()), seconds)

    def answered(self, statements: int) -> None:
        """An article of the call is answered with this many statements."""
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


def begin(request_id: str, metrics: Metrics, peer: str = "") -> None:
    """Starts a call in this task and those that it creates; `peer` is the address it comes from."""
    _current.set(Call(request_id, _caller.get(), host(peer), metrics=metrics))


def current() -> Call:
    """The call that this task works on."""
    return _current.get()


def origin(peer: str) -> str:
    """The `Call.origin` of a call of this task that has not begun yet."""
    return Call(caller=_caller.get(), peer=host(peer)).origin


def refused(reason: str) -> None:
    """Counts a refusal, where there is a call: reflection has none."""
    if call := _current.get(None):
        call.metrics.refused(reason)


def host(peer: str) -> str:
    """The address without its port; of IPv6 the network, as whoever has one address has all."""
    host = peer.rpartition(":")[0].removeprefix("ipv4:").removeprefix("ipv6:")
    host = host.replace("%5B", "").replace("%5D", "").strip("[]").partition("%")[0]
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return host
