"""The methods of `ArchiveService`."""

from __future__ import annotations

from typing import Any, NoReturn

import grpc

from quoth import v1
from quoth_server.service import errors
from quoth_server.service.abort import abort
from quoth_server.service.context import Context

__all__ = ["ArchiveServicer"]

Stream = grpc.aio.ServicerContext[Any, Any]


class ArchiveServicer(v1.ArchiveServiceServicer):
    """Answers calls from an archive."""

    async def VerifyQuote(  # type: ignore[override]  # the stubs' context is the threads' too
        self, request: v1.VerifyQuoteRequest, context: Context
    ) -> v1.VerifyQuoteResponse:
        """Looks up whether somebody said some words."""
        await self._refuse(context)

    async def SearchStatements(  # type: ignore[override]
        self, request: v1.SearchStatementsRequest, context: Context
    ) -> v1.SearchStatementsResponse:
        """Finds statements of the archive."""
        await self._refuse(context)

    async def GetPerson(  # type: ignore[override]
        self, request: v1.GetPersonRequest, context: Context
    ) -> v1.GetPersonResponse:
        """Gets one person of the archive."""
        await self._refuse(context)

    async def ListPeople(  # type: ignore[override]
        self, request: v1.ListPeopleRequest, context: Context
    ) -> v1.ListPeopleResponse:
        """Lists the people of the archive."""
        await self._refuse(context)

    async def FollowStatements(  # type: ignore[override]  # a coroutine writes by itself
        self, request: v1.FollowStatementsRequest, context: Stream
    ) -> None:
        """Sends the statements that are added to the archive."""
        await self._refuse(context)

    async def _refuse(self, context: Context) -> NoReturn:
        await abort(context, errors.no_archive())
