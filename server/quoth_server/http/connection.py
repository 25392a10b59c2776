"""Connections of HTTP/1.1 that wait for nobody too long."""

from __future__ import annotations

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from quoth_server.http.listener import Guest, Listener

__all__ = ["PATIENCE", "Connection"]

PATIENCE = 30.0
"""Seconds that a request may take to arrive, and an answer to be taken."""


class Connection(H11Protocol):
    """Ends when a request has not arrived in time, be it slow or never sent, or is not taken.

    uvicorn by itself looks at the time between two requests only. The listener that it comes from
    is notified when it is the caller's turn.
    """

    _guest: Guest
    _timer: asyncio.TimerHandle | None = None

    def __init__(self, listener: Listener, **arguments: Any) -> None:
        super().__init__(**arguments)
        self._listener = listener

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """See `asyncio.Protocol`."""
        self._guest = self._listener.guest(transport.get_extra_info("socket").fileno())
        self._guest.end = transport.abort
        super().connection_made(transport)
        self._look()

    def connection_lost(self, exc: Exception | None) -> None:
        """See `asyncio.Protocol`."""
        super().connection_lost(exc)
        self._stop()

    def data_received(self, data: bytes) -> None:
        """See `asyncio.Protocol`."""
        super().data_received(data)
        self._look()

    def on_response_complete(self) -> None:
        """See `H11Protocol`."""
        super().on_response_complete()
        self._look()

    def pause_writing(self) -> None:
        """See `asyncio.Protocol`."""
        super().pause_writing()
        self._look()

    def resume_writing(self) -> None:
        """See `asyncio.Protocol`."""
        super().resume_writing()
        self._look()

    def send_400_response(self, msg: str) -> None:
        """Answers what is not HTTP, with the headers that all answers have."""
        headers = [(b"connection", b"close"), *self.server_state.default_headers]
        for event in (
            h11.Response(status_code=400, headers=headers, reason=b"Bad Request"),
            h11.EndOfMessage(),
        ):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def _look(self) -> None:
        """Lets the time run while it is the caller's turn, to send or to take."""
        if not (self.flow.write_paused or self.conn.their_state in (h11.IDLE, h11.SEND_BODY)):
            self._stop()
            return
        self._guest.waits()
        if self._timer is None and not self.transport.is_closing():
            self._timer = self.loop.call_later(PATIENCE, self.transport.abort)

    def _stop(self) -> None:
        self._guest.is_served()
        if self._timer:
            self._timer.cancel()
            self._timer = None
