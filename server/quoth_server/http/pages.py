"""The files of the live page, read once; nothing else of the disk can be asked for."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from importlib import resources
from typing import TYPE_CHECKING, NamedTuple

from quoth_server.http.guard import Refused, send
from quoth_server.http.web import script, style

if TYPE_CHECKING:
    from uvicorn._types import ASGIReceiveCallable, ASGISendCallable, Scope

__all__ = ["Pages"]

_PLACES = {
    "/": ("quoth_server.http", "static/index.html", "text/html; charset=utf-8"),
    "/app.js": ("quoth_server.http", "static/app.js", "text/javascript; charset=utf-8"),
    "/app.css": ("quoth_server.http", "static/app.css", "text/css; charset=utf-8"),
    "/icon.svg": ("quoth_server.http", "static/icon.svg", "image/svg+xml"),
    "/sample.txt": ("quoth_server", "data/sample.txt", "text/plain; charset=utf-8"),
}


class _File(NamedTuple):
    type: str
    content: bytes


class Pages:
    """An ASGI application that answers with the files."""

    def __init__(self) -> None:
        self._files: Mapping[str, _File] = {
            path: _File(kind, resources.files(package).joinpath(name).read_bytes())
            for path, (package, name, kind) in _PLACES.items()
        } | {
            "/view.js": _File("text/javascript; charset=utf-8", script().encode()),
            "/view.css": _File("text/css; charset=utf-8", style().encode()),
        }

    def find(self, path: str, method: str) -> _File:
        """The file at a path.

        Raises:
            Refused: if there is none, or it is not asked for by GET or HEAD.
        """
        file = self._files.get(path)
        if file is None:
            raise Refused(HTTPStatus.NOT_FOUND, "unimplemented", "there is nothing here")
        if method not in ("GET", "HEAD"):
            raise Refused(
                HTTPStatus.METHOD_NOT_ALLOWED, "unimplemented", "ask for it by GET", allow="GET"
            )
        return file

    async def __call__(
        self, scope: Scope, receive: ASGIReceiveCallable, send_: ASGISendCallable
    ) -> None:
        """Answers one request."""
        assert scope["type"] == "http"
        file = self.find(scope["path"], scope["method"])
        await send(send_, HTTPStatus.OK, (("content-type", file.type),), file.content)
