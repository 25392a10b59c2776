"""The HTTP server, in the loop of the gRPC server and with its life."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import math
import socket
from collections.abc import Iterator, Sequence
from functools import partial

import uvicorn
from grpc_health.v1 import health

from quoth_server.http.connection import Connection
from quoth_server.http.endpoint import PATHS, ConnectEndpoint, Servicers
from quoth_server.http.guard import SECURITY_HEADERS, Guard
from quoth_server.http.listener import Listener
from quoth_server.http.pages import Pages
from quoth_server.service import logs
from quoth_server.service.budget import Budget
from quoth_server.service.certificates import Certificate
from quoth_server.service.interceptors import Interceptor
from quoth_server.settings import Settings, is_loopback

__all__ = ["Door"]

_KEEP_ALIVE = 60  # seconds that a connection may be idle between requests
_LONGEST_HEAD = 16 * 1024  # bytes of the request line and the headers

_log = logging.getLogger("quoth_server")


class Door:
    """Answers browsers and programs by HTTP from when it is started until it is stopped.

    Without a certificate it speaks plain text. See `ConnectEndpoint` for what is around the calls.

    Raises:
        OSError: if the address cannot be listened on.
    """

    def __init__(
        self,
        settings: Settings,
        certificate: Certificate | None,
        servicers: Servicers,
        status: health.aio.HealthServicer,
        interceptors: Sequence[Interceptor],
        budget: Budget,
        most_connections: int,
    ) -> None:
        assert settings.http is not None
        self._endpoint = ConnectEndpoint(
            servicers, status, interceptors, budget, settings.max_request_bytes
        )
        guard = Guard(
            Pages(status),
            self._endpoint,
            PATHS,
            max_request_bytes=settings.max_request_bytes,
            loopback=is_loopback(settings.http_host),
        )
        context = certificate.context() if certificate else None
        self._socket = Listener(_listen(settings.http_host, settings.http), most_connections)
        host, port = self._socket.getsockname()[:2]
        self.url = f"{'https' if context else 'http'}://{logs.address(host, port)}/"
        """Where the page is."""
        self._config = uvicorn.Config(
            guard,
            http=partial(Connection, self._socket),  # type: ignore[arg-type]  # it is called only
            ws="none",
            lifespan="off",
            interface="asgi3",
            loop="none",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            headers=list(SECURITY_HEADERS),
            timeout_keep_alive=_KEEP_ALIVE,
            h11_max_incomplete_event_size=_LONGEST_HEAD,
            ssl_context_factory=(lambda _, __: context) if context else None,
        )
        self._config.load()
        self._server = _Server(self._config)
        # uvicorn does so itself, but only after the first requests may have come.
        self._server.server_state.default_headers = self._config.encoded_headers
        self._serving: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Takes requests from now on."""
        # Bytes that are not HTTP are routine, and what goes wrong in a call is logged there.
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        self._serving = asyncio.create_task(self._server.serve([self._socket]))
        _log.info("live page", extra={"url": self.url})

    async def stop(self, grace: float) -> None:
        """Takes no more connections, and gives running calls the given seconds to finish."""
        assert self._serving
        self._config.timeout_graceful_shutdown = math.ceil(grace)
        self._server.should_exit = True
        await self._serving
        self._endpoint.close()


class _Server(uvicorn.Server):
    """Leaves the signals to the program."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _listen(host: str, port: int) -> socket.socket:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    family, _, _, _, address = found[0]
    return socket.create_server(address, family=family)
