"""`quoth mcp`: quoth as tools for assistants."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Annotated

import typer

from quoth_cli.archive_options import IndexFolder, KnownPeople
from quoth_cli.attributor import archive_server
from quoth_cli.connection import ConnectionOptions
from quoth_cli.exits import Exit, Failure
from quoth_cli.outcome import ending, say
from quoth_cli.problems import missing_package

__all__ = ["mcp"]

_Archive = Annotated[
    Path | None,
    typer.Argument(
        metavar="ARCHIVE",
        help="A Parquet file or a site that quoth bulk wrote, or a folder of them. Default: the "
        "archive of --server, if any.",
    ),
]
_Http = Annotated[
    int | None,
    typer.Option(
        "--http",
        min=0,
        max=65535,
        metavar="PORT",
        help="Speak streamable HTTP on this port of 127.0.0.1 instead of stdio; 0 picks a free "
        "one. QUOTH_MCP_TOKEN sets the token; by default one is generated and printed.",
    ),
]


@ending
def mcp(
    context: typer.Context,
    *,
    archive: _Archive = None,
    http: _Http = None,
    index: IndexFolder = None,
    known: KnownPeople = None,
    connection: ConnectionOptions,
) -> Exit:
    """Offer assistants the tools attribute, search, person and verify over MCP.

    An assistant starts this command itself and talks to it over stdio. Search and person need
    an archive; attribute, and verify within a text, do not.

    Example: quoth mcp statements.parquet
    """
    try:
        from quoth_cli.assistant import http as over_http
        from quoth_cli.assistant.tools import server
    except ModuleNotFoundError as error:
        raise missing_package(error, extra="mcp") from error
    if archive is not None:
        connection = connection.for_archive(context)
    with archive_server(connection, archive, index, known) as asked:
        tools = server(asked)
        if http is None:
            tools.run("stdio")
            return Exit.OK
        token = os.environ.get("QUOTH_MCP_TOKEN", "").strip()
        shown = token or secrets.token_urlsafe(32)

        def ready(url: str) -> None:
            say(f"tools at {url}; Ctrl-C stops them")
            if not token:
                say(f"send the header Authorization: Bearer {shown}")

        try:
            over_http.serve(tools, http, shown, ready)
        except OSError as error:
            raise Failure(
                Exit.UNAVAILABLE,
                f"127.0.0.1:{http}: cannot listen here: {error.strerror}; choose another --http",
            ) from error
    return Exit.OK
