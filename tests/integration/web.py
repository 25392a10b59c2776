"""Requests to the HTTP door, as plain as they go over the wire."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from tests.integration.server import Server

__all__ = ["ATTRIBUTE", "INFO", "JSON", "Reply", "ask", "attribute", "raw"]

SERVICE = "/quoth.v1.AttributionService"
ATTRIBUTE = f"{SERVICE}/AttributeQuotes"
INFO = f"{SERVICE}/GetServerInfo"
JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    def detail(self, name: str) -> dict[str, Any]:
        """A detail of an error as Connect writes it for people."""
        found = [each["debug"] for each in self.json["details"] if each["type"].endswith(name)]
        assert len(found) == 1
        return found[0]


def ask(
    server: Server,
    method: str,
    path: str,
    body: bytes | str | None = None,
    headers: Mapping[str, str] | None = None,
    context: ssl.SSLContext | None = None,
) -> Reply:
    """One request over its own connection; the path and the headers go as they are given."""
    place = urlsplit(server.url)
    connection = (
        http.client.HTTPSConnection(place.hostname, place.port, timeout=30, context=context)
        if place.scheme == "https"
        else http.client.HTTPConnection(place.hostname, place.port, timeout=30)
    )
    try:
        connection.request(
            method, path, body.encode() if isinstance(body, str) else body, dict(headers or {})
        )
        answer = connection.getresponse()
        return Reply(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
    finally:
        connection.close()


def attribute(server: Server, body: str, headers: Mapping[str, str] | None = None) -> Reply:
    request = json.dumps({"article": {"body": body}})
    return ask(server, "POST", ATTRIBUTE, request, {**JSON, **(headers or {})})


def raw(server: Server, sent: bytes, seconds: float = 10.0) -> bytes:
    """What comes back for some bytes until the server ends the connection or says no more."""
    place = urlsplit(server.url)
    received = b""
    with socket.create_connection((place.hostname, place.port), timeout=seconds) as connection:
        connection.settimeout(seconds)
        try:
            connection.sendall(sent)
            connection.shutdown(socket.SHUT_WR)
            while part := connection.recv(65536):
                received += part
        except OSError:
            pass
    return received
