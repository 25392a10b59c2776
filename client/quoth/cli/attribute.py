"""`quoth attribute`: who said what in some texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated

import typer

import quoth
from quoth.archive.rows import ArticleMeta
from quoth.cli import options
from quoth.cli.attributor import Connection, attributor
from quoth.cli.exits import Exit, Failure
from quoth.cli.inputs import STDIN, Defaults, read_text
from quoth.cli.outcome import ending, say
from quoth.cli.problems import exit_of, located
from quoth.cli.reading import Item, read_all
from quoth.cli.render import Format
from quoth.cli.render.output import rendering
from quoth.v1 import Article

__all__ = ["attribute"]

_Files = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="FILE|-",
        help="Files of plain text, one article each; - or none is standard input.",
        show_default=False,
    ),
]
_Form = Annotated[
    Format,
    typer.Option(
        "--format",
        "-f",
        help="text to read; html to look at; json, jsonl (a line each) or csv to process; "
        "jsonld, webannotation, docbin (spaCy) or brat to hand on.",
    ),
]
_Out = Annotated[
    str,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE|FOLDER",
        help="File to write, for brat a folder; - is standard output.",
    ),
]
_WithText = Annotated[
    bool,
    typer.Option(
        "--with-text",
        help="Put the text of each article into json, jsonl, csv and jsonld too.",
    ),
]
_Title = Annotated[
    str,
    typer.Option(
        "--title", help="Headline, where the text is without it.", rich_help_panel="Article"
    ),
]


@ending
def attribute(
    files: _Files = None,
    form: _Form = Format.TEXT,
    output: _Out = STDIN,
    with_text: _WithText = False,
    title: _Title = "",
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
    """Find who said what, in which role and when, in articles.

    Each file is one article of plain text with a blank line or a line break between paragraphs.
    A file that cannot be read does not stop the others; the exit code is then that of the first
    such file.

    Example: quoth attribute story.txt --published 2026-05-14
    """
    paths = files or [STDIN]
    if title and len(paths) > 1:
        raise Failure(Exit.USAGE, "--title is of one article, and several files are given")
    defaults = Defaults(title, published, time_zone, language)
    defaults.check()
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
    code = Exit.OK
    with (
        rendering(form, output, inputs=paths, with_text=with_text) as out,
        attributor(connection) as source,
    ):
        for result in read_all(
            source,
            _items(paths, defaults, form),
            kinds=[kind.message for kind in kinds or ()],
            min_confidence=min_confidence,
            rejected=rejected,
        ):
            item = result.item
            if result.response is not None and item.article is not None and item.meta is not None:
                out.write(item.meta, item.article, result.response)
            elif result.problem is not None:
                say(located(item.place, result.problem))
                code = code or exit_of(result.problem)
    return code


def _items(paths: Iterable[str], defaults: Defaults, form: Format) -> Iterator[Item]:
    for path in paths:
        place = "standard input" if path == STDIN else path
        meta = ArticleMeta(
            place if form in (Format.TEXT, Format.HTML) else path,
            title=defaults.title,
            published=defaults.published,
        )
        try:
            yield Item(place, path, _article(read_text(path), defaults), meta=meta)
        except Failure as problem:
            yield Item(place, path, problem=problem)


def _article(body: str, defaults: Defaults) -> Article:
    return quoth.article(
        body,
        title=defaults.title,
        published=defaults.published or None,
        time_zone=defaults.time_zone,
        language=defaults.language,
    )
