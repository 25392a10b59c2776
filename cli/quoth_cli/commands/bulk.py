"""`quoth bulk`: the statements of a whole archive."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from quoth_cli import options
from quoth_cli.attributor import Connection, attributor
from quoth_cli.bulk.job import Job, asking, run
from quoth_cli.cluster.engine import on_ray
from quoth_cli.cores import cores
from quoth_cli.exits import Exit, Failure
from quoth_cli.inputs import STDIN
from quoth_cli.outcome import ending
from quoth_cli.readers import Defaults

__all__ = ["bulk"]

_Out = Annotated[
    str,
    typer.Option("--output", "-o", metavar="OUT", help="File to write; - is standard output."),
]
_AsReady = Annotated[
    bool,
    typer.Option("--as-ready", help="Write rows as they are ready and not in the order of IN."),
]
_Workers = Annotated[
    int | None,
    typer.Option(
        "--workers",
        min=1,
        help="Processes of the engine, where no server is asked; all cores without it.",
        show_default=False,
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
        help="Ray cluster: the one this machine is of, one made here for this run, or where it is.",
        show_default="auto",
    ),
]


@ending
def bulk(
    sources: options.Sources,
    output: _Out = STDIN,
    form: options.Form = None,
    rows: options.RowsOf = None,
    with_text: options.WithText = False,
    as_ready: _AsReady = False,
    resume: options.Resume = False,
    overwrite: options.Overwrite = False,
    workers: _Workers = None,
    engine: _Engine = Engine.LOCAL,
    address: _Address = None,
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
    server: options.Server = "",
    timeout: options.Timeout = options.DEFAULT_TIMEOUT,
    wait: options.Wait = 0,
    tls: options.Tls = False,
    tls_ca: options.TlsCa = None,
    tls_cert: options.TlsCert = None,
    tls_key: options.TlsKey = None,
    tls_server_name: options.TlsServerName = "",
    token_file: options.TokenFile = None,
    insecure: options.Insecure = False,
) -> Exit:
    """Attribute a whole archive: many articles in, one table out.

    An article needs a text ("body"); it may have an id, a title, a date of publication and more,
    under the usual names or those of the --…-field options. The other options give what an
    article leaves out. A row of OUT is a statement or an article; docs/bulk.md has the fields.

    Whatever is written stays, however the run ends: --resume goes on from there, and every
    article is in OUT once. What failed and why is in OUT.failures.jsonl.

    Example: quoth bulk articles.jsonl.gz -o statements.parquet
    """
    connection = Connection(
        server=server,
        tls=tls,
        tls_ca=tls_ca,
        tls_cert=tls_cert,
        tls_key=tls_key,
        tls_server_name=tls_server_name,
        token_file=token_file,
        insecure=insecure,
        timeout=timeout,
        wait=wait,
    )
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
    if engine is Engine.RAY:
        if server:
            raise Failure(Exit.USAGE, "--engine ray asks no server; leave --server out")
        return run(job, on_ray(job, address or "auto", workers))
    if address is not None:
        raise Failure(Exit.USAGE, "--address is of a Ray cluster; give --engine ray too")
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
