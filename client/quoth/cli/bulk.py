"""`quoth bulk`: many articles from JSON Lines to JSON Lines."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Annotated, Any, TextIO

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from quoth import InvalidArticle
from quoth.cli import options
from quoth.cli.attributor import Connection, attributor
from quoth.cli.exits import Exit, Failure
from quoth.cli.inputs import STDIN, BadLine, Defaults, article_of_line, lines, open_input
from quoth.cli.outcome import ending, say
from quoth.cli.problems import fields_of, located
from quoth.cli.reading import Item, Result, read_all
from quoth.cli.render.document import document
from quoth.cli.render.jsonl import write_line
from quoth.cli.render.wording import count
from quoth.cli.resume import keep_finished

__all__ = ["bulk"]

_In = Annotated[
    str,
    typer.Argument(
        metavar="IN.jsonl",
        help='Lines such as {"id": "a1", "body": "…"}, or - for standard input.',
        show_default=False,
    ),
]
_Out = Annotated[
    str,
    typer.Option(
        "--output", "-o", metavar="OUT.jsonl", help="File to write; - is standard output."
    ),
]
_AsReady = Annotated[
    bool,
    typer.Option("--as-ready", help="Write lines as they are ready and not in the order of IN."),
]
_Resume = Annotated[
    bool,
    typer.Option(
        "--resume", help="Keep the answers that OUT has, and read only the articles without one."
    ),
]


@ending
def bulk(
    source: _In,
    output: _Out = STDIN,
    as_ready: _AsReady = False,
    resume: _Resume = False,
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
    """Attribute many articles, one JSON object a line in and out.

    A line of IN has "body" (or "text") and may have "id", "title", "published", "time_zone" and
    "language"; the options give what a line leaves out, and its number is the id of a line
    without one. A line of OUT has "id" and the fields of the response, or "id" and "error".
    Each is written as soon as it is ready, so an interruption loses no finished line; --resume
    then goes on from there.

    Example: quoth bulk articles.jsonl -o statements.jsonl --server localhost:50051
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
    defaults = Defaults("", published, time_zone, language)
    defaults.check()
    if resume and output == STDIN:
        raise Failure(Exit.USAGE, "--resume needs a file to go on with; name it by -o")
    tally = _Tally(output)
    with (
        _opened(source, output, resume=resume) as (file, out, finished),
        attributor(connection) as asked,
        _progress(source, output, len(finished)) as progress,
    ):
        results = read_all(
            asked,
            (item for item in _items(file, source, defaults) if item.id not in finished),
            ordered=not as_ready,
            kinds=[kind.message for kind in kinds or ()],
            min_confidence=min_confidence,
            rejected=rejected,
        )
        with tally:
            for result in results:
                _write(result, out, output)
                tally.add(result)
                progress.advance(progress.task_ids[0])
    return Exit.SOME_FAILED if tally.failed else Exit.OK


class _Tally:
    """Counts results and says, however the work ends, what the output holds."""

    def __init__(self, output: str) -> None:
        self.written = 0
        self.failed = 0
        self._place = "standard output" if output == STDIN else output

    def add(self, result: Result) -> None:
        """Counts a result, and tells its problem if it has one."""
        self.written += 1
        if result.problem is not None:
            self.failed += 1
            say(located(result.item.place, result.problem))

    def __enter__(self) -> None:
        return

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not BrokenPipeError:
            failed = f", {self.failed} of them an error" if self.failed else ""
            state = "" if kind is None else "unfinished: "
            say(f"{state}{count(self.written, 'line')} in {self._place}{failed}")


@contextlib.contextmanager
def _opened(
    source: str, output: str, *, resume: bool
) -> Iterator[tuple[IO[bytes], TextIO, frozenset[str | int]]]:
    """Opens input and output, the input first so that a wrong name empties no file.

    The third are the ids that the output has an answer for already.
    """
    with open_input(source) as file:
        if output == STDIN:
            yield file, sys.stdout, frozenset()
            return
        path = Path(output)
        if source != STDIN and path.exists() and path.samefile(source):
            raise Failure(Exit.USAGE, f"{output}: is the input too; give another name with -o")
        try:
            finished = keep_finished(path) if resume else frozenset()
            out = path.open("a" if resume else "w", encoding="utf-8")
        except OSError as error:
            raise _unwritten(output, error) from error
        try:
            with out:
                yield file, out, finished
        except OSError as error:
            raise _unwritten(output, error) from error


def _write(result: Result, out: TextIO, output: str) -> None:
    try:
        write_line(_row(result), out)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise _unwritten(output, error) from error


def _unwritten(output: str, error: OSError) -> Failure:
    place = "standard output" if output == STDIN else output
    return Failure(Exit.OUTPUT, f"{place}: cannot be written: {error.strerror}")


def _row(result: Result) -> dict[str, Any]:
    if result.response is not None:
        return document(result.item.id, result.response)
    assert result.problem is not None
    return {"id": result.item.id, "error": fields_of(result.problem)}


def _items(file: IO[bytes], source: str, defaults: Defaults) -> Iterator[Item]:
    place = "standard input" if source == STDIN else source
    for number, line in lines(file):
        where = f"{place}:{number}"
        try:
            given, article = article_of_line(line, defaults)
        except (BadLine, InvalidArticle) as problem:
            yield Item(where, str(number), problem=problem)
        else:
            yield Item(where, str(number) if given is None else given, article)


@contextlib.contextmanager
def _progress(source: str, output: str, finished: int) -> Iterator[Progress]:
    """A bar on stderr where that is a terminal and the output does not go there too."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    console = Console(stderr=True)
    shown = console.is_terminal and not (output == STDIN and sys.stdout.isatty())
    with Progress(*columns, console=console, disable=not shown) as progress:
        total = _total(source) if shown else None
        progress.add_task("articles", total=total, completed=finished)
        yield progress


def _total(source: str) -> int | None:
    """How many articles a file holds, for the bar; None where that cannot be known before."""
    path = Path(source)
    if source == STDIN or not path.is_file():
        return None
    with path.open("rb") as file:
        return sum(1 for _ in lines(file))
