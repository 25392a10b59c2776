"""The HTTP server for metrics: few connections, and none for long."""

from __future__ import annotations

import contextlib
import logging
import socket
import socketserver
import sys
import threading
from typing import TYPE_CHECKING, Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from quoth_server.service import logs

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

__all__ = ["ScrapeServer"]

_log = logging.getLogger(__name__)
_MOST = 16  # connections; each has a thread
_PATIENCE = 5.0  # seconds without a byte


class ScrapeServer(socketserver.ThreadingMixIn, WSGIServer):
    """Answers one request on each connection.

    Where as many are open as may be, the oldest gives way to the next: a scrape takes
    milliseconds, so it is one that says nothing. Port 0 takes a free one.

    Raises:
        OSError: if the address cannot be listened on.
    """

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, host: str, port: int, application: WSGIApplication) -> None:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        self.address_family, _, _, _, address = found[0]
        self._free = threading.Semaphore(_MOST)
        self._open: dict[socket.socket, None] = {}  # in the order they came
        self._lock = threading.Lock()
        super().__init__(address[:2], _Handler)  # type: ignore[arg-type]
        self.set_app(application)
        self._thread = threading.Thread(target=self.serve_forever, name="metrics", daemon=True)

    def server_bind(self) -> None:
        """Binds without asking a name server for its own name, as that of the library does."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address[:2]  # type: ignore[assignment]
        self.setup_environ()

    def start(self) -> None:
        """Answers from now on, in threads."""
        self._thread.start()

    def stop(self) -> None:
        """Answers no more."""
        self.shutdown()
        self.server_close()
        self._thread.join()

    def get_request(self) -> tuple[socket.socket, Any]:
        """See `socketserver.TCPServer`."""
        connection, address = super().get_request()
        if not self._free.acquire(blocking=False):
            self._end_oldest()
            self._free.acquire()  # its thread ends at once
        with self._lock:
            self._open[connection] = None
        return connection, address

    def shutdown_request(self, request: Any) -> None:
        """See `socketserver.BaseServer`."""
        with self._lock:
            known = request in self._open
            self._open.pop(request, None)
        super().shutdown_request(request)
        if known:
            self._free.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Logs a fault; that a caller leaves or says nothing is none."""
        error = sys.exception()
        if isinstance(error, Exception) and not isinstance(error, OSError):
            _log.error("fault", extra={"at": logs.places(error)})

    def _end_oldest(self) -> None:
        with self._lock:
            oldest = next(iter(self._open), None)
            if oldest:
                with contextlib.suppress(OSError):  # it has just ended
                    oldest.shutdown(socket.SHUT_RDWR)


class _Handler(WSGIRequestHandler):
    timeout = _PATIENCE

    def log_message(self, *_: Any) -> None:
        """Writes nothing: the log is the service's."""
