"""A run over a whole archive, whatever reads the articles."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Annotated, Any

import typer

from quoth import Client
from quoth_cli.bulk.encoded import Encoded, Encoder
from quoth_cli.bulk.feed import Feed
from quoth_cli.bulk.forms import FORMS, BulkFormat, Layout, format_of
from quoth_cli.bulk.meter import Meter
from quoth_cli.bulk.sinks import Sink, opened_sink
from quoth_cli.exits import Exit, Failure
from quoth_cli.likely import LEAST, told
from quoth_cli.options import ArticleOptions, FileOptions, StatementOptions
from quoth_cli.outcome import say
from quoth_cli.problems import missing_package
from quoth_cli.readers.base import Unreadable
from quoth_cli.readers.catalog import Catalog
from quoth_cli.readers.mapping import FieldMap
from quoth_cli.readers.sources import Sources
from quoth_cli.readers.streams import STDIN
from quoth_cli.reading import read_all
from quoth_cli.table.columns import TableOptions
from quoth_cli.table.schema import Rows

__all__ = ["FieldOptions", "Job", "Reading", "asking", "run"]

Reading = Callable[[Feed, Encoder], contextlib.AbstractContextManager[Iterator[Encoded]]]
"""Reads the articles of a feed, and encodes each result."""


def _field(name: str, what: str) -> Any:
    help_text = f"Field of IN that has the {what}."
    return typer.Option(
        f"--{name}-field", metavar="NAME", help=help_text, rich_help_panel="Fields of IN"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldOptions:
    """The names of the input's fields; empty where nothing is said."""

    text_field: Annotated[str, _field("text", "text")] = ""
    title_field: Annotated[str, _field("title", "headline")] = ""
    date_field: Annotated[str, _field("date", "day or time of publication")] = ""
    id_field: Annotated[str, _field("id", "id")] = ""
    url_field: Annotated[str, _field("url", "address")] = ""
    author_field: Annotated[str, _field("author", "author")] = ""
    section_field: Annotated[str, _field("section", "section")] = ""

    @property
    def given(self) -> dict[str, str]:
        """The names that are given, by the keys of `quoth_cli.readers.ALIASES`."""
        given = {field.name: getattr(self, field.name) for field in fields(self)}
        return {what.removesuffix("_field"): name for what, name in given.items() if name}


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What a run does: the options of its command, except those on what reads the articles."""

    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="IN...",
            help="Files (.jsonl, .csv, .parquet, .txt, .html, .warc, .docx, .pdf; also .gz or "
            ".zst), folders of them, or - for standard input. JSON Lines look like "
            '{"id": "a1", "body": "…"}.',
        ),
    ]
    output: Annotated[
        str,
        typer.Option(
            "--output",
            "-o",
            metavar="OUT",
            help="File to write, for html, docbin and brat a folder; - is standard output.",
        ),
    ] = STDIN
    form: Annotated[
        BulkFormat | None,
        typer.Option("--format", "-f", help="Format of OUT (default: by its extension)."),
    ] = None
    rows: Annotated[
        Rows | None,
        typer.Option(
            "--rows", help="What a row is (default: articles in JSON Lines, otherwise statements)."
        ),
    ] = None
    with_text: Annotated[bool, typer.Option("--with-text", help="Include the article's text.")] = (
        False
    )
    resume: Annotated[
        bool,
        typer.Option("--resume", help="Resume an interrupted run; failed articles are retried."),
    ] = False
    overwrite: Annotated[
        bool,
        typer.Option("--overwrite", help="Start over, even if OUT belongs to an unfinished run."),
    ] = False
    fields: FieldOptions
    article: ArticleOptions
    about: FileOptions
    statements: StatementOptions
    table: TableOptions


def run(job: Job, reading: Reading) -> Exit:
    """Carries out a run: what `reading` gives goes into the output, article by article.

    Raises:
        Failure: The input cannot be read, or the output cannot be written or resumed.
    """
    given = job.article
    given.check()
    form = job.form or format_of(job.output)
    rows = job.rows or FORMS[form].choices[0]
    _check_usage(job, form, rows)
    catalog = job.about.catalog()
    names = FieldMap(job.fields.given, given, catalog, job.about.encoding)
    all_asked = FORMS[form].all or job.statements.min_confidence is not None
    source = Sources(job.sources, names)
    described = _described(source)
    known = [job.statements.known_speakers.digest] if job.statements.known_speakers else []
    more = [name for name in ("nonresponses", "sentences") if getattr(job.statements, name)]
    # Offsets count in the extracted text, so what has offsets has the text.
    with_text = job.with_text or (source.extracts and not FORMS[form].people)
    layout = Layout(rows, with_text, job.table.names(with_text=job.with_text), bom=job.table.bom)
    with (
        _packages(),
        opened_sink(
            job.output,
            form,
            layout,
            {
                "input": described,
                "fields": dict(names.given),
                "defaults": [given.published, given.time_zone, given.language],
                **_about(job, catalog),
                "statements": [
                    [kind.value for kind in job.statements.kinds or ()],
                    job.statements.min_confidence if all_asked else LEAST,
                    job.statements.rejected,
                    *known,
                    *more,
                ],
                "output": [form.value, rows.value, layout.with_text, *_columns(form, layout)],
            },
            resume=job.resume,
            overwrite=job.overwrite,
        ) as sink,
    ):
        feed = Feed(source, names, sink.progress)
        with (
            reading(feed, Encoder(form, layout, all_asked)) as results,
            _metered(feed, sink) as meter,
        ):
            for done in results:
                sink.take(done)
                meter.add(done)
            if feed.problem is not None:
                raise feed.problem
            if FORMS[form].target:
                meter.writing(job.output)
            sink.finish()
            if catalog and not feed.is_elsewhere and (line := catalog.unused()):
                say(line)
    return Exit.SOME_FAILED if sink.failed else Exit.OK


def asking(
    attributor: Callable[[], contextlib.AbstractContextManager[Client]],
    job: Job,
    *,
    ordered: bool,
    in_flight: int,
) -> Reading:
    """Reads by asking an attributor, which is opened when the reading begins; see `read_all`."""

    @contextlib.contextmanager
    def reading(feed: Feed, encode: Encoder) -> Iterator[Iterator[Encoded]]:
        with attributor() as asked:
            results = read_all(
                asked, feed.items(), ordered=ordered, in_flight=in_flight, statements=job.statements
            )
            yield map(encode, results)

    return reading


def _about(job: Job, catalog: Catalog | None) -> dict[str, Any]:
    """What else was said of the input, if anything."""
    if not catalog and not job.about.encoding:
        return {}
    digest = hashlib.sha256(repr(sorted((catalog.rows if catalog else {}).items())).encode())
    return {"about": [job.about.metadata, digest.hexdigest()[:16], job.about.encoding]}


def _columns(form: BulkFormat, layout: Layout) -> list[Any]:
    """What else an output is of, if it is a table for people."""
    return [list(layout.columns), layout.bom] if FORMS[form].people else []


def _check_usage(job: Job, form: BulkFormat, rows: Rows) -> None:
    if STDIN in job.sources and len(job.sources) > 1:
        raise Failure(Exit.USAGE, "- is standard input and cannot be combined with other inputs")
    if rows not in FORMS[form].choices:
        raise Failure(Exit.USAGE, f"{form} has no rows of {rows}; leave --rows out")
    if job.resume and job.overwrite:
        raise Failure(Exit.USAGE, "--resume continues and --overwrite starts over; give only one")
    if job.output == STDIN:
        if job.resume:
            raise Failure(Exit.USAGE, "--resume needs a file to resume; name it with -o")
        if FORMS[form].target:
            raise Failure(Exit.USAGE, f"{form} cannot go to standard output; name a file with -o")
    else:
        for source in job.sources:
            if source != STDIN:
                _check_apart(job.output, source)


def _check_apart(output: str, source: str) -> None:
    """An output must not be read as input, nor may its failures, which would beget failures."""
    if Path(output).exists() and Path(source).exists() and Path(output).samefile(source):
        raise Failure(Exit.USAGE, f"{output}: is also the input; give another name with -o")
    if Path(source).is_dir() and Path(output).resolve().is_relative_to(Path(source).resolve()):
        raise Failure(
            Exit.USAGE,
            f"{output}: is in the input folder {source} and would be read as input; choose a "
            "place outside it with -o",
        )


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
        raise missing_package(error) from error


@contextlib.contextmanager
def _metered(feed: Feed, sink: Sink) -> Iterator[Meter]:
    """Says, however the work ends, what was done and what the output holds."""
    meter = Meter(feed.share, bar=not sink.shown, failures=sink.failures)
    try:
        with meter:
            yield meter
    except BrokenPipeError:
        raise
    except BaseException:
        say(f"unfinished: {meter.summary()}; {sink.state(False)}")
        raise
    if meter.left_out:
        say(told(meter.left_out))
    say(f"{meter.summary()}; {sink.state(True)}")
