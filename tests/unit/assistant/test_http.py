"""The tools over HTTP answer only those who show the token, and no page of another site."""

from __future__ import annotations

import pytest

pytest.importorskip("mcp", reason="needs the package mcp")

from starlette.testclient import TestClient

from quoth_cli.assistant.http import guarded
from quoth_cli.assistant.tools import server
from tests.unit.assistant.test_tools import Asked

TOKEN = "desk-desk-desk-desk"
ASKED = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
    "protocolVersion": "2025-06-18", "capabilities": {},
    "clientInfo": {"name": "test", "version": "1"}}}  # fmt: skip
GOOD = {"authorization": f"Bearer {TOKEN}", "accept": "application/json, text/event-stream"}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (GOOD, 200),
        (GOOD | {"authorization": "Bearer wrong"}, 401),
        (GOOD | {"authorization": ""}, 401),
        (GOOD | {"host": "evil.example"}, 421),
        (GOOD | {"origin": "https://evil.example"}, 403),
    ],
)
def test_only_good_requests_get_through(headers: dict[str, str], status: int) -> None:
    application = guarded(server(Asked()).streamable_http_app(host="127.0.0.1"), TOKEN)
    with TestClient(application, base_url="http://127.0.0.1:8700") as client:
        assert client.post("/mcp", json=ASKED, headers=headers).status_code == status
