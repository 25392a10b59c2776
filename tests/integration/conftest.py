from __future__ import annotations

from collections.abc import Iterator

import grpc
import pytest

from quoth import v1
from tests.integration.server import Server


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """Two workers and a short queue; every test leaves it idle."""
    with Server("--workers", "2", "--queue-per-worker", "1", "--max-deadline", "20") as server:
        yield server


@pytest.fixture
def channel(server: Server) -> Iterator[grpc.Channel]:
    with server.channel() as channel:
        yield channel


@pytest.fixture
def stub(channel: grpc.Channel) -> v1.AttributionServiceStub:
    return v1.AttributionServiceStub(channel)
