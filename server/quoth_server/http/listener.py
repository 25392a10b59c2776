"""A port with a fixed limit of connections, which no caller can use up by idle ones."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable
from typing import Any

__all__ = ["Guest", "Listener"]

_IN_A_TURN = 32
"""Connections taken in one turn of the loop, which else takes all that wait at once."""


class Guest:
    """A connection that is open."""

    def __init__(self, end: Callable[[], None]) -> None:
        self.end = end
        """Ends it."""
        self.since: float | None = time.monotonic()
        """When its turn to send or to take began; None while it is the server's."""

    def waits(self) -> None:
        """The server waits for it, if it has not done so before."""
        if self.since is None:
            self.since = time.monotonic()

    def is_served(self) -> None:
        """It waits for the server."""
        self.since = None


class Listener(socket.socket):
    """Listens in place of another socket, for an event loop.

    Where there are as many connections as may be, the one that the server has waited for longest
    gives way to the next; if the server waits for none, the next is closed.

    Args:
        listening: what listens; it is taken over.
        most: how many may be open.
    """

    def __init__(self, listening: socket.socket, most: int) -> None:
        super().__init__(fileno=listening.detach())
        self._most = most
        self._guests: dict[int, Guest] = {}
        self._is_making_room = False
        self._taken = 0  # in this turn of the loop

    def guest(self, fileno: int) -> Guest:
        """The connection that has this descriptor."""
        # One that has given way before it was made is on its way out, and nobody's guest.
        return self._guests.get(fileno) or Guest(lambda: None)

    def accept(self) -> tuple[socket.socket, Any]:
        """See `socket.socket.accept`.

        Raises:
            BlockingIOError: if there is none, or it must wait for another turn of the loop.
        """
        while True:
            if self._is_making_room or self._taken >= _IN_A_TURN:
                raise BlockingIOError
            taken, address = super().accept()
            if not self._taken:
                asyncio.get_running_loop().call_soon(self._turn_ends)
            self._taken += 1
            if len(self._guests) < self._most or self._make_room():
                connection = _Counted(taken, self._guests)
                self._guests[connection.fileno()] = Guest(connection.cut)
                return connection, address
            taken.close()

    def _make_room(self) -> bool:
        """Ends the connection that has been waited for longest; whether there is one."""
        waited = [
            (guest.since, fileno)
            for fileno, guest in self._guests.items()
            if guest.since is not None
        ]
        if not waited:
            return False
        self._guests.pop(min(waited)[1]).end()
        # It is closed in the next turn of the loop, and until then its descriptor is in use.
        self._is_making_room = True
        asyncio.get_running_loop().call_soon(self._room_is_made)
        return True

    def _room_is_made(self) -> None:
        self._is_making_room = False

    def _turn_ends(self) -> None:
        self._taken = 0


class _Counted(socket.socket):
    """Is among the guests until it is closed."""

    def __init__(self, taken: socket.socket, guests: dict[int, Guest]) -> None:
        super().__init__(fileno=taken.detach())
        self._guests = guests

    def cut(self) -> None:
        """Lets whoever reads it find its end."""
        self.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._guests.pop(self.fileno(), None)
        super().close()
