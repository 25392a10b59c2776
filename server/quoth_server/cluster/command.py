"""`quoth-server bulk`: the statements of a whole archive, on this machine or a cluster."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated

import typer

from quoth._cores import cores
from quoth.archive.readers import Defaults
from quoth.cli import options
from quoth.cli.attributor import embedded
from quoth.cli.encoded import Encoded, Encoder
from quoth.cli.exits import Exit, Failure
from quoth.cli.feed import Feed
from quoth.cli.inputs import STDIN
from quoth.cli.job import Job, asking, run
from quoth.cli.outcome import ending
from quoth_server import settings

__all__ = ["main"]

# Those that say how a server is reached; an actor needs none of them, and no token travels.
_SERVER_ONLY = frozenset({"QUOTH_SERVER", "QUOTH_TOKEN", "QUOTH_TOKEN_FILE", "QUOTH_INSECURE"})


class Engine(StrEnum):
    """Where the articles are read."""

    LOCAL = "local"
    RAY = "ray"


_Out = Annotated[str, typer.Argument(metavar="OUT", help="File to write.", show_default=False)]
_Engine = Annotated[
    Engine, typer.Option("--engine", help="Read in processes of this machine, or on Ray.")
]
_Address = Annotated[
    str,
    typer.Option(
        "--address",
        metavar="auto|local|HOST:PORT",
        help="Ray cluster: the one this machine is of, one made here for this run, or where it is.",
    ),
]
_Workers = Annotated[
    int | None,
    typer.Option(
        "--workers",
        min=1,
        help="Engines, of one core each; all cores of the machine or the cluster without it.",
        show_default=False,
    ),
]


@ending
def bulk(
    sources: options.Sources,
    output: _Out,
    engine: _Engine = Engine.LOCAL,
    address: _Address = "auto",
    workers: _Workers = None,
    form: options.Form = None,
    rows: options.RowsOf = None,
    with_text: options.WithText = False,
    resume: options.Resume = False,
    overwrite: options.Overwrite = False,
    text_field: options.TextField = "",
    title_field: options.TitleField = "",
    date_field: options.DateField = "",
    id_field: options.IdField = "",
    url_field: options.UrlField = "",
    author_field: options.AuthorField = "",
    section_field: options.SectionField = "",
    published: options.Published = "",
    time_zone: options.TimeZone = "",
    language: options.Language = "",
    kinds: options.Kinds = None,
    min_confidence: options.MinConfidence = None,
    rejected: options.Rejected = False,
) -> Exit:
    """Attribute a whole archive, as `quoth bulk` does, without a server: on one machine or many.

    Input, output, options and rows are those of `quoth bulk`. IN and OUT are files of the machine
    that the command runs on; the others of the cluster need quoth-server, and no files. Rows come
    in any order. Settings such as QUOTH_MAX_DEADLINE hold on all machines.

    Example: quoth-server bulk --engine ray --address auto articles.jsonl.gz statements.parquet
    """
    job = Job(
        sources=sources,
        output=output,
        form=form,
        rows=rows,
        with_text=with_text,
        resume=resume,
        overwrite=overwrite,
        fields={
            "text": text_field,
            "title": title_field,
            "date": date_field,
            "id": id_field,
            "url": url_field,
            "author": author_field,
            "section": section_field,
        },
        defaults=Defaults(published, time_zone, language),
        kinds=kinds or (),
        min_confidence=min_confidence,
        rejected=rejected,
    )
    try:
        settings.read([])  # what is wrong is told here, and not by each actor
    except settings.BadSettings as error:
        raise Failure(Exit.USAGE, str(error)) from error
    if engine is Engine.LOCAL:
        count = workers or cores()
        return run(job, asking(lambda: embedded(count), job, ordered=False, in_flight=8 * count))
    if STDIN in sources:
        raise Failure(Exit.USAGE, "--engine ray reads files, not standard input; name some")
    return run(job, lambda feed, encode: _on_ray(feed, encode, job, address, workers))


@contextlib.contextmanager
def _on_ray(
    feed: Feed, encode: Encoder, job: Job, address: str, workers: int | None
) -> Iterator[Iterator[Encoded]]:
    try:
        from quoth_server.cluster.actor import Wanted
        from quoth_server.cluster.job import cluster, results
    except ModuleNotFoundError as error:
        raise Failure(
            Exit.MISSING_PACKAGE,
            f"--engine ray needs {error.name}, which is not installed; install it with: "
            "pip install 'quoth-server[ray]'",
        ) from error
    variables = {
        name: value
        for name, value in os.environ.items()
        if name.startswith("QUOTH_") and name not in _SERVER_ONLY
    }
    wanted = Wanted(encode, tuple(job.messages), job.min_confidence, job.rejected, variables)
    with cluster(address) as available:
        yield results(feed, wanted, workers or available)


def main(arguments: list[str]) -> int:
    """Runs the command with the given arguments; the exit code."""
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command(context_settings={"help_option_names": ["-h", "--help"]})(bulk)
    try:
        app(arguments, prog_name="quoth-server bulk")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    return 0
