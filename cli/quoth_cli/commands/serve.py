"""`quoth serve`: a page to explore an archive in the browser."""

from __future__ import annotations

import secrets
import sys
from typing import Annotated

import typer

from quoth_cli.archive_options import ArchiveOrServer, IndexFolder, KnownPeople
from quoth_cli.attributor import archive_server, serve_page
from quoth_cli.connection import ConnectionOptions
from quoth_cli.exits import Exit, Failure
from quoth_cli.outcome import ending, say

__all__ = ["serve"]

_Port = Annotated[
    int, typer.Option("--port", min=0, max=65535, help="Port on 127.0.0.1; 0 picks a free one.")
]


@ending
def serve(
    context: typer.Context,
    *,
    archive: ArchiveOrServer = None,
    port: _Port = 0,
    index: IndexFolder = None,
    known: KnownPeople = None,
    connection: ConnectionOptions,
) -> Exit:
    """Explore an archive in the browser: search, people, speakers, verify, and every article.

    It prints the address of the page, which only this machine can reach and which contains a token
    generated at each start. Ctrl-C stops it. The first time, an index of ARCHIVE is built, which
    takes a while.

    Example: quoth serve statements.parquet
    """
    if archive is not None:
        connection = connection.for_archive(context)
    elif not connection.server:
        raise Failure(Exit.USAGE, "no archive is given; give ARCHIVE, or --server HOST:PORT")
    token = secrets.token_urlsafe(32)

    def ready(url: str) -> None:
        sys.stdout.write(f"{url}archive#token={token}\n")
        sys.stdout.flush()
        say("open this address in a browser; Ctrl-C stops the page")

    with archive_server(connection, archive, index, known) as asked:
        if not asked.server_info().capabilities.archive:
            raise Failure(
                Exit.USAGE,
                f"server {connection.server}: has no archive; start it with --archive PATH",
            )
        serve_page(connection, asked, token, port, ready)
    return Exit.OK
