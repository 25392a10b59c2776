"""`quoth bulk`: the statements of a whole archive."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from quoth import InvalidArticle
from quoth.archive.readers import BadRow, Defaults, FieldMap, Record, Sources, Unreadable
from quoth.archive.schema import Rows
from quoth.cli import inputs, options
from quoth.cli.attributor import Connection, attributor
from quoth.cli.exits import Exit, Failure
from quoth.cli.forms import FORMS, BulkFormat, Layout, format_of
from quoth.cli.inputs import STDIN
from quoth.cli.meter import Meter
from quoth.cli.outcome import ending, say
from quoth.cli.reading import Item, read_all
from quoth.cli.sinks import Sink, opened_sink

__all__ = ["bulk"]

_In = Annotated[
    list[str],
    typer.Argument(
        metavar="IN...",
        help="Files (.jsonl, .csv, .parquet, .txt, .html, .warc; also .gz or .zst), folders of "
        'them, or - for standard input. JSON Lines are such as {"id": "a1", "body": "…"}.',
        show_default=False,
    ),
]
_Out = Annotated[
    str,
    typer.Option("--output", "-o", metavar="OUT", help="File to write; - is standard output."),
]
_Form = Annotated[
    BulkFormat | None,
    typer.Option(
        "--format", "-f", help="Form of OUT; without it, what its name ends in.", show_default=False
    ),
]
_RowsOf = Annotated[
    Rows | None,
    typer.Option(
        "--rows",
        help="What a row is of; articles in JSON Lines, else statements, without it.",
        show_default=False,
    ),
]
_WithText = Annotated[bool, typer.Option("--with-text", help="Put the article's text in too.")]
_AsReady = Annotated[
    bool,
    typer.Option("--as-ready", help="Write rows as they are ready and not in the order of IN."),
]
_Resume = Annotated[
    bool,
    typer.Option("--resume", help="Go on where the run that wrote OUT stopped; retry failures."),
]
_Overwrite = Annotated[
    bool, typer.Option("--overwrite", help="Begin anew, even if OUT is of an unfinished run.")
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


def _field(name: str, what: str) -> Any:
    help_text = f"Field of IN that has the {what}."
    return typer.Option(
        f"--{name}-field", metavar="NAME", help=help_text, rich_help_panel="Fields of IN"
    )


@ending
def bulk(
    sources: _In,
    output: _Out = STDIN,
    form: _Form = None,
    rows: _RowsOf = None,
    with_text: _WithText = False,
    as_ready: _AsReady = False,
    resume: _Resume = False,
    overwrite: _Overwrite = False,
    workers: _Workers = None,
    text_field: Annotated[str, _field("text", "text")] = "",
    title_field: Annotated[str, _field("title", "headline")] = "",
    date_field: Annotated[str, _field("date", "day or time of publication")] = "",
    id_field: Annotated[str, _field("id", "id")] = "",
    url_field: Annotated[str, _field("url", "address")] = "",
    author_field: Annotated[str, _field("author", "author")] = "",
    section_field: Annotated[str, _field("section", "section")] = "",
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
    inputs.Defaults("", published, time_zone, language).check()
    named = {
        "text": text_field,
        "title": title_field,
        "date": date_field,
        "id": id_field,
        "url": url_field,
        "author": author_field,
        "section": section_field,
    }
    fields = FieldMap(
        {what: name for what, name in named.items() if name},
        Defaults(published, time_zone, language),
    )
    form = form or format_of(output)
    rows = rows or FORMS[form].rows
    _check_usage(sources, output, form, rows, resume=resume, overwrite=overwrite)
    source = Sources(sources, fields)
    described = _described(source)
    layout = Layout(rows, with_text or source.extracts)
    workers = workers or _cores()
    with (
        _packages(),
        opened_sink(
            output,
            form,
            layout,
            {
                "input": described,
                "fields": dict(fields.given),
                "defaults": [published, time_zone, language],
                "statements": [[kind.value for kind in kinds or ()], min_confidence, rejected],
                "output": [form.value, rows.value, layout.with_text],
            },
            resume=resume,
            overwrite=overwrite,
        ) as sink,
    ):
        feed = _Feed(source, fields, sink)
        with (
            attributor(connection, workers) as asked,
            Meter(source.share, bar=not sink.shown, failures=sink.failures) as meter,
            _ending_summary(meter, sink),
        ):
            for result in read_all(
                asked,
                feed.items(),
                ordered=not as_ready,
                in_flight=max(32, 8 * workers),
                kinds=[kind.message for kind in kinds or ()],
                min_confidence=min_confidence,
                rejected=rejected,
            ):
                sink.take(result)
                meter.add(result)
            if feed.problem is not None:
                raise feed.problem
            sink.finish()
    return Exit.SOME_FAILED if sink.failed else Exit.OK


def _cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _check_usage(
    sources: Sequence[str],
    output: str,
    form: BulkFormat,
    rows: Rows,
    *,
    resume: bool,
    overwrite: bool,
) -> None:
    if STDIN in sources and len(sources) > 1:
        raise Failure(Exit.USAGE, "- is standard input, which goes with no other input")
    if rows not in FORMS[form].choices:
        raise Failure(Exit.USAGE, f"{form} has no rows of {rows}; leave --rows out")
    if resume and overwrite:
        raise Failure(Exit.USAGE, "--resume goes on and --overwrite begins anew; give one")
    if output == STDIN:
        if resume:
            raise Failure(Exit.USAGE, "--resume needs a file to go on with; name it by -o")
        if FORMS[form].parquet:
            raise Failure(Exit.USAGE, f"{form} needs a file to go into; name it by -o")
    elif any(each != STDIN and _same(output, each) for each in sources):
        raise Failure(Exit.USAGE, f"{output}: is the input too; give another name with -o")


def _same(output: str, source: str) -> bool:
    return Path(output).exists() and Path(source).exists() and Path(output).samefile(source)


def _described(source: Sources) -> list[dict[str, Any]]:
    try:
        return source.describe()
    except Unreadable as error:
        raise Failure(Exit.INPUT, str(error)) from error


@contextlib.contextmanager
def _packages() -> Iterator[None]:
    """Tells which package is missing; no command needs pyarrow until it meets such a file."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise _missing(error) from error


_EXTRAS = dict.fromkeys(("htmldate", "lxml", "trafilatura", "warcio"), "html")


def _missing(error: ModuleNotFoundError) -> Failure:
    return Failure(
        Exit.MISSING_PACKAGE,
        f"this needs {error.name}, which is not installed; install it with: "
        f"pip install 'quoth[{_EXTRAS.get(error.name or '', 'archive')}]'",
    )


class _Feed:
    """The articles that are still to be read."""

    def __init__(self, source: Sources, fields: FieldMap, sink: Sink) -> None:
        self._source = source
        self._fields = fields
        self._sink = sink
        self.problem: Failure | None = None
        """Why the input could not be read to its end; what was under way is finished first."""

    def items(self) -> Iterator[Item]:
        """Yields the articles without rows in the output, with their positions."""
        try:
            for position, record in self._source.records(self._sink.first_open):
                if not self._sink.is_done(position):
                    yield self._item(position, record)
        except Unreadable as error:
            self.problem = Failure(Exit.INPUT, str(error))
        except ModuleNotFoundError as error:
            self.problem = _missing(error)

    def _item(self, position: int, record: Record) -> Item:
        name: str | int = record.name
        try:
            fields = record.fields()
            if position == 0 and not record.extracted:
                self._check_first(fields, record.place)
            name, article, meta = self._fields.article(
                fields, record.name, extracted=record.extracted
            )
        except (BadRow, InvalidArticle) as problem:
            return Item(record.place, name, problem=problem, position=position)
        return Item(record.place, name, article, meta=meta, position=position)

    def _check_first(self, fields: Mapping[str, Any], place: str) -> None:
        """A first row without a text is no bad row: the names of the fields are others."""
        try:
            self._fields.check(fields)
        except BadRow as error:
            raise Unreadable(f"{place}: {error}") from error


@contextlib.contextmanager
def _ending_summary(meter: Meter, sink: Sink) -> Iterator[None]:
    """Says, however the work ends, what was done and what the output holds."""
    try:
        yield
    except BrokenPipeError:
        raise
    except BaseException:
        say(f"unfinished: {meter.summary()}; {sink.state(False)}")
        raise
    say(f"{meter.summary()}; {sink.state(True)}")
