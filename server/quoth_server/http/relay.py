"""The pages on this machine, for a server that may be elsewhere: calls are handed on to it."""

from __future__ import annotations

import asyncio
import signal
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import grpc
from grpc_health.v1 import health, health_pb2

from quoth import AsyncClient, QuothError
from quoth_server.http.door import Door
from quoth_server.service import assembly, turns
from quoth_server.service.admission import Admission
from quoth_server.service.budget import Budget
from quoth_server.service.context import Context
from quoth_server.service.errors import ServiceError, Violation
from quoth_server.service.gate import Gate
from quoth_server.service.intake import Intake
from quoth_server.service.metrics import Metrics
from quoth_server.settings import Settings

__all__ = ["relay"]

_CALLS = 32  # at once; one person looks at the page
_CONNECTIONS = 64
_GRACE = 2.0  # seconds that calls may take to finish at a stop
_SECONDS = 120.0  # that a call may take, where the page does not say


def relay(
    connect: Callable[[], AsyncClient], token: str, port: int, ready: Callable[[str], None]
) -> None:
    """Answers on 127.0.0.1 until the program is stopped by SIGINT or SIGTERM.

    Args:
        connect: Connects to the server, with what that asks for.
        token: What calls of the page must show, which is not the server's.
        port: Where to listen; 0 takes a free one.
        ready: Is given the address, such as `http://127.0.0.1:40000/`, once it answers.

    Raises:
        OSError: The port cannot be listened on.
    """
    with asyncio.Runner(loop_factory=turns.loop) as runner:
        runner.run(_relay(connect, token, port, ready))


async def _relay(
    connect: Callable[[], AsyncClient], token: str, port: int, ready: Callable[[str], None]
) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    with ExitStack() as closing:
        folder = closing.enter_context(tempfile.TemporaryDirectory(prefix="quoth-"))
        tokens = Path(folder) / "tokens"
        tokens.touch(0o600)
        tokens.write_text(f"page:{token}\n")
        # Of this page alone: the settings of a server do not concern it.
        settings = Settings.model_construct(http=port, token_file=tokens)
        gate, budget = Gate(), Budget(settings.max_held_bytes)
        intake = Intake(gate, budget, Admission(_CALLS, _CALLS), settings.max_request_bytes)
        chain = assembly.interceptors(
            settings, Metrics(), assembly.tokens(settings), intake, closing
        )
        async with connect() as client:
            status = health.aio.HealthServicer()
            await status.set("", health_pb2.HealthCheckResponse.SERVING)
            servicer = _HandingOn(client)
            door = Door(settings, None, (servicer, servicer), status, chain, budget, _CONNECTIONS)
            door.start()
            ready(door.url)
            await stop.wait()
            await gate.close()
            await door.stop(_GRACE)


class _HandingOn:
    """Has the methods of both services."""

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    async def _hand_on(self, request: Any, context: Context) -> Any:
        seconds = context.time_remaining()
        try:
            return await self._client.ask(request, timeout=_SECONDS if seconds is None else seconds)
        except QuothError as error:
            raise _service_error(error) from error

    AttributeQuotes = GetServerInfo = VerifyQuote = SearchStatements = _hand_on
    GetPerson = ListPeople = ListRepeats = CountStatements = GetArchivedArticle = _hand_on


def _service_error(error: QuothError) -> ServiceError:
    """The same error. A token refused by the server is not the page's own token."""
    unknown = error.code is grpc.StatusCode.UNAUTHENTICATED
    return ServiceError(
        grpc.StatusCode.FAILED_PRECONDITION if unknown else error.code,
        error.reason,
        f"the server behind this page: {error}" if unknown or not error.reason else error.message,
        metadata=error.metadata,
        violations=[Violation(v.field, v.description, v.reason) for v in error.violations],
        retry_after=error.retry_delay,
        resend=False,
    )
