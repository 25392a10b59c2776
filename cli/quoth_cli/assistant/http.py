"""The tools over streamable HTTP, on this machine, for those who show the token."""

from __future__ import annotations

import hmac
import socket
from collections.abc import Callable
from typing import Any

import uvicorn
from mcp.server import MCPServer

__all__ = ["guarded", "serve"]


def serve(server: MCPServer, port: int, token: str, ready: Callable[[str], None]) -> None:
    """Answers on 127.0.0.1 until it is interrupted.

    Args:
        server: The tools.
        port: Where to listen; 0 takes a free one.
        token: What every request must show as `Authorization: Bearer TOKEN`.
        ready: Is given the address, once it can be connected to.

    Raises:
        OSError: The port cannot be listened on.
    """
    listening = socket.create_server(("127.0.0.1", port))
    application = guarded(server.streamable_http_app(host="127.0.0.1"), token)
    config = uvicorn.Config(application, log_config=None, access_log=False, server_header=False)
    ready(f"http://127.0.0.1:{listening.getsockname()[1]}/mcp")
    uvicorn.Server(config).run(sockets=[listening])


def guarded(application: Any, token: str) -> Any:
    """The application for those who show the token; others learn what is wanted."""
    wanted = f"Bearer {token}".encode()

    async def guard(scope: Any, receive: Any, send: Any) -> None:
        given = dict(scope.get("headers", ())).get(b"authorization", b"")
        if scope["type"] == "lifespan" or hmac.compare_digest(given, wanted):
            await application(scope, receive, send)
            return
        body = b"send the token that quoth mcp printed, as the header Authorization: Bearer TOKEN\n"
        headers = [(b"content-type", b"text/plain"), (b"www-authenticate", b"Bearer")]
        await send({"type": "http.response.start", "status": 401, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return guard
