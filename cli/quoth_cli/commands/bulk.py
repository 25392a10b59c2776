"""`quoth bulk`: the statements of a whole archive."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from quoth_cli.attributor import attributor
from quoth_cli.bulk.job import Job, asking, run
from quoth_cli.cluster.engine import on_ray
from quoth_cli.connection import ConnectionOptions
from quoth_cli.cores import cores
from quoth_cli.exits import Exit, Failure
from quoth_cli.outcome import ending

__all__ = ["bulk"]

_AsReady = Annotated[
    bool,
    typer.Option("--as-ready", help="Write rows as they become ready, not in the order of IN."),
]
_Workers = Annotated[
    int | None,
    typer.Option(
        "--workers",
        min=1,
        help="Worker processes on this machine (default: all cores); not with --server.",
    ),
]


class Engine(StrEnum):
    """Where the articles are read."""

    LOCAL = "local"
    RAY = "ray"


_Engine = Annotated[
    Engine,
    typer.Option("--engine", help="Read on this machine or the --server, or on a Ray cluster."),
]
_Address = Annotated[
    str | None,
    typer.Option(
        "--address",
        metavar="auto|local|HOST:PORT",
        help="Ray cluster: this machine's own, one started here for this run, or its address.",
        show_default="auto",
    ),
]


@ending
def bulk(
    *,
    job: Job,
    connection: ConnectionOptions,
    as_ready: _AsReady = False,
    workers: _Workers = None,
    engine: _Engine = Engine.LOCAL,
    address: _Address = None,
) -> Exit:
    """Attribute a whole archive: many articles in, one table out.

    An article needs a text ("body"); it may have an id, a title, a date of publication and more,
    under the usual names or those of the --…-field options. The other options give what an
    article lacks. A row of OUT is a statement or an article; docs/bulk.md lists the fields.

    --format html writes a site: an index with search and speakers, and a page for each
    article; quoth search and quoth stats can read it too.

    Finished articles are kept, however the run ends: --resume continues from there, and every
    article is in OUT once. OUT.failures.jsonl lists what failed and why.

    Example: quoth bulk articles.jsonl.gz -o statements.parquet
    """
    if engine is Engine.RAY:
        if connection.server:
            raise Failure(Exit.USAGE, "--engine ray does not use a server; leave out --server")
        connection.refuse_without_server()
        return run(job, on_ray(job, address or "auto", workers, connection.timeout))
    if address is not None:
        raise Failure(Exit.USAGE, "--address is for a Ray cluster; give --engine ray too")
    if connection.server and workers:
        raise Failure(
            Exit.USAGE,
            f"--workers is for the engine on this machine, but the server {connection.server} "
            "is used; leave out --workers, or --server and QUOTH_SERVER",
        )
    workers = workers or cores()
    return run(
        job,
        asking(
            lambda: attributor(connection, workers),
            job,
            ordered=not as_ready,
            in_flight=max(32, 8 * workers),  # keeps a large server busy
        ),
    )
