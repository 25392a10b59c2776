"""What is asked for by GET: the files of the pages, the schema, and whether calls are taken.

The files are read once; nothing else of the disk can be asked for.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from importlib import resources
from typing import TYPE_CHECKING, Any, NamedTuple

from grpc_health.v1 import health, health_pb2

from quoth_server.http.guard import Refused, send
from quoth_server.http.web import script, style

if TYPE_CHECKING:
    from uvicorn._types import ASGIReceiveCallable, ASGISendCallable, Scope

__all__ = ["Pages"]

_PLACES = {
    "/": ("quoth_server.http", "static/index.html", "text/html; charset=utf-8"),
    "/app.js": ("quoth_server.http", "static/app.js", "text/javascript; charset=utf-8"),
    "/app.css": ("quoth_server.http", "static/app.css", "text/css; charset=utf-8"),
    "/service.js": ("quoth_server.http", "static/service.js", "text/javascript; charset=utf-8"),
    "/archive": ("quoth_server.http", "static/archive.html", "text/html; charset=utf-8"),
    "/archive.js": ("quoth_server.http", "static/archive.js", "text/javascript; charset=utf-8"),
    "/archive-parts.js": (
        "quoth_server.http",
        "static/archive-parts.js",
        "text/javascript; charset=utf-8",
    ),
    "/archive.css": ("quoth_server.http", "static/archive.css", "text/css; charset=utf-8"),
    "/icon.svg": ("quoth_server.http", "static/icon.svg", "image/svg+xml"),
    "/openapi.json": ("quoth_server.http", "static/openapi.json", "application/json"),
    "/sample.txt": ("quoth_server", "data/sample.txt", "text/plain; charset=utf-8"),
}

_HEALTH = "/healthz"


class _File(NamedTuple):
    type: str
    content: bytes


class Pages:
    """An ASGI application that answers with the files.

    Args:
        status: whether the server takes calls; `/healthz` says so, by 200 or 503.
    """

    def __init__(self, status: health.aio.HealthServicer) -> None:
        self._status = status
        self._files: Mapping[str, _File] = {
            path: _File(kind, resources.files(package).joinpath(name).read_bytes())
            for path, (package, name, kind) in _PLACES.items()
        } | {
            "/view.js": _File("text/javascript; charset=utf-8", script().encode()),
            "/view.css": _File("text/css; charset=utf-8", style().encode()),
        }

    async def __call__(
        self, scope: Scope, receive: ASGIReceiveCallable, send_: ASGISendCallable
    ) -> None:
        """Answers one request."""
        assert scope["type"] == "http"
        status, file = HTTPStatus.OK, self._files.get(scope["path"])
        if scope["path"] == _HEALTH:
            status, file = await self._health()
        if file is None:
            raise Refused(
                HTTPStatus.NOT_FOUND,
                "unimplemented",
                "there is nothing here; /openapi.json lists the methods, / is a page to try them",
            )
        if scope["method"] not in ("GET", "HEAD"):
            raise Refused(
                HTTPStatus.METHOD_NOT_ALLOWED, "unimplemented", "request it with GET", allow="GET"
            )
        await send(send_, status, (("content-type", file.type),), file.content)

    async def _health(self) -> tuple[HTTPStatus, _File]:
        # The whole server is always known to it, so that it needs no call to end.
        asked: Any = None
        answer = await self._status.Check(health_pb2.HealthCheckRequest(), asked)
        name = health_pb2.HealthCheckResponse.ServingStatus.Name(answer.status)
        serving = answer.status == health_pb2.HealthCheckResponse.SERVING
        status = HTTPStatus.OK if serving else HTTPStatus.SERVICE_UNAVAILABLE
        return status, _File("application/json", json.dumps({"status": name}).encode())
