from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from quoth import AsyncClient, Client
from tests.unit.client.fake import Fake, serving


@pytest.fixture
def fake() -> Fake:
    return Fake()


@pytest.fixture
def address(fake: Fake) -> Iterator[str]:
    with serving(fake) as address:
        yield address


def _ask_blocking(address: str, method: str, *args: Any, **kwargs: Any) -> Any:
    settings = kwargs.pop("client", {})
    with Client(address, **settings) as client:
        result = getattr(client, method)(*args, **kwargs)
        return list(result) if method == "attribute_many" else result


def _ask_asyncio(address: str, method: str, *args: Any, **kwargs: Any) -> Any:
    settings = kwargs.pop("client", {})

    async def run() -> Any:
        async with AsyncClient(address, **settings) as client:
            result = getattr(client, method)(*args, **kwargs)
            if method == "attribute_many":
                return [outcome async for outcome in result]
            return await result

    return asyncio.run(run())


@pytest.fixture(params=[_ask_blocking, _ask_asyncio], ids=["blocking", "asyncio"])
def ask(request: pytest.FixtureRequest) -> Callable[..., Any]:
    """Calls a method on a fresh client: `ask(address, method, ...)`; each test runs on both."""
    return request.param
