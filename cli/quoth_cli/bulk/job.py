"""A run over a whole archive, whatever reads the articles."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quoth.v1 import StatementKind
from quoth_cli import inputs
from quoth_cli.attributor import Attributor
from quoth_cli.bulk.encoded import Encoded, Encoder
from quoth_cli.bulk.feed import Feed
from quoth_cli.bulk.forms import FORMS, BulkFormat, Layout, format_of
from quoth_cli.bulk.meter import Meter
from quoth_cli.bulk.sinks import Sink, opened_sink
from quoth_cli.exits import Exit, Failure
from quoth_cli.inputs import STDIN
from quoth_cli.options import Kind
from quoth_cli.outcome import say
from quoth_cli.problems import missing_package
from quoth_cli.readers import Defaults, FieldMap, Sources, Unreadable
from quoth_cli.reading import read_all
from quoth_cli.table.schema import Rows

__all__ = ["Job", "Reading", "asking", "run"]

Reading = Callable[[Feed, Encoder], contextlib.AbstractContextManager[Iterator[Encoded]]]
"""Reads the articles of a feed, and encodes each result."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What a run is to do, as the options of its command say.

    Attributes:
        sources: Files and folders, or `-` alone.
        output: A file, or `-`.
        form: The form of the output; None is what its name says.
        rows: What a row is of; None is what the form says.
        with_text: Whether rows have the text of their article.
        resume: Go on with what an earlier run has written.
        overwrite: Begin anew, whatever is there.
        fields: The names of the input's fields, by the keys of `quoth_cli.readers.ALIASES`;
            empty where nothing is said.
        defaults: What an article has that does not say otherwise.
        kinds: The kinds of statement to find; empty is all.
        min_confidence: Statements less sure are left out.
        rejected: Ask for the words in quotation marks that are no statement.
    """

    sources: Sequence[str]
    output: str
    form: BulkFormat | None
    rows: Rows | None
    with_text: bool
    resume: bool
    overwrite: bool
    fields: Mapping[str, str]
    defaults: Defaults
    kinds: Sequence[Kind]
    min_confidence: float | None
    rejected: bool

    @property
    def messages(self) -> list[StatementKind.ValueType]:
        """The kinds in the contract."""
        return [kind.message for kind in self.kinds]


def run(job: Job, reading: Reading) -> Exit:
    """Carries out a run: what `reading` gives goes into the output, article by article.

    Raises:
        Failure: The input cannot be read, or the output not be written or gone on with.
    """
    given = job.defaults
    inputs.Defaults("", given.published, given.time_zone, given.language).check()
    form = job.form or format_of(job.output)
    rows = job.rows or FORMS[form].rows
    _check_usage(job, form, rows)
    fields = FieldMap({what: name for what, name in job.fields.items() if name}, given)
    source = Sources(job.sources, fields)
    described = _described(source)
    layout = Layout(rows, job.with_text or source.extracts)
    with (
        _packages(),
        opened_sink(
            job.output,
            form,
            layout,
            {
                "input": described,
                "fields": dict(fields.given),
                "defaults": [given.published, given.time_zone, given.language],
                "statements": [
                    [kind.value for kind in job.kinds],
                    job.min_confidence,
                    job.rejected,
                ],
                "output": [form.value, rows.value, layout.with_text],
            },
            resume=job.resume,
            overwrite=job.overwrite,
        ) as sink,
    ):
        feed = Feed(source, fields, sink.progress)
        with (
            reading(feed, Encoder(form, layout)) as results,
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
    return Exit.SOME_FAILED if sink.failed else Exit.OK


def asking(
    attributor: Callable[[], contextlib.AbstractContextManager[Attributor]],
    job: Job,
    *,
    ordered: bool,
    in_flight: int,
) -> Reading:
    """Reads by asking an attributor, which is opened when the reading begins.

    Args:
        attributor: Opens it.
        job: Says what is asked for.
        ordered: Keep the order of the articles, or give results as they are ready.
        in_flight: How many articles may be taken ahead.
    """

    @contextlib.contextmanager
    def reading(feed: Feed, encode: Encoder) -> Iterator[Iterator[Encoded]]:
        with attributor() as asked:
            results = read_all(
                asked,
                feed.items(),
                ordered=ordered,
                in_flight=in_flight,
                kinds=job.messages,
                min_confidence=job.min_confidence,
                rejected=job.rejected,
            )
            yield map(encode, results)

    return reading


def _check_usage(job: Job, form: BulkFormat, rows: Rows) -> None:
    if STDIN in job.sources and len(job.sources) > 1:
        raise Failure(Exit.USAGE, "- is standard input, which goes with no other input")
    if rows not in FORMS[form].choices:
        raise Failure(Exit.USAGE, f"{form} has no rows of {rows}; leave --rows out")
    if job.resume and job.overwrite:
        raise Failure(Exit.USAGE, "--resume goes on and --overwrite begins anew; give one")
    if job.output == STDIN:
        if job.resume:
            raise Failure(Exit.USAGE, "--resume needs a file to go on with; name it by -o")
        if FORMS[form].target:
            raise Failure(Exit.USAGE, f"{form} needs a file to go into; name it by -o")
    else:
        for source in job.sources:
            if source != STDIN:
                _check_apart(job.output, source)


def _check_apart(output: str, source: str) -> None:
    """An output must not be read as input, nor may its failures, which would beget failures."""
    if Path(output).exists() and Path(source).exists() and Path(output).samefile(source):
        raise Failure(Exit.USAGE, f"{output}: is the input too; give another name with -o")
    if Path(source).is_dir() and Path(output).resolve().is_relative_to(Path(source).resolve()):
        raise Failure(
            Exit.USAGE,
            f"{output}: is in the input folder {source}, and would be read as input; name a "
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
    say(f"{meter.summary()}; {sink.state(True)}")
