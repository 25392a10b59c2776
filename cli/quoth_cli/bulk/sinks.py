"""Where the results of `quoth bulk` go: a file with a ledger, or a stream."""

from __future__ import annotations

import contextlib
import stat
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from quoth_cli.bulk.beside import LedgerError, write_all
from quoth_cli.bulk.encoded import Encoded
from quoth_cli.bulk.forms import FORMS, BulkFormat, Layout
from quoth_cli.bulk.ledger import Progress
from quoth_cli.bulk.output import Output
from quoth_cli.exits import Exit, Failure
from quoth_cli.files import writing
from quoth_cli.printable import standard_output
from quoth_cli.problems import fields_of
from quoth_cli.readers.streams import STDIN

__all__ = ["Sink", "opened_sink"]


class StreamSink:
    """Standard output, a device or a pipe; failures go to it too where rows are articles.

    Attributes:
        shown: Whether the terminal shows it.
        failures: The file that failures go to; empty if there is none.
        failed: Whether there are failures.
        progress: Which articles are in it; none as far as an output without a ledger knows.
    """

    failures = ""

    def __init__(
        self, write: Callable[[bytes], None], place: str, form: BulkFormat, layout: Layout
    ) -> None:
        self._write = write
        self._place = place
        self._form = FORMS[form]
        self._layout = layout
        self.progress = Progress()
        self.failed = False
        self.shown = place == "standard output" and sys.stdout.isatty()
        header = self._form.header(layout)
        if header:
            self._write(header)

    def take(self, done: Encoded) -> None:
        """Writes what became of an article."""
        rows = done.rows
        if rows is None:
            assert done.problem is not None
            self.failed = True
            rows = self._form.encode_failure(done.item, done.problem, self._layout)
        with writing(self._place):
            self._write(rows)

    def finish(self) -> None:
        """All articles were tried."""

    def state(self, finished: bool) -> str:
        """What is in it and how to go on, for the summary."""
        return self._place


class FileSink:
    """A file with a ledger; what it has and does is told of `StreamSink`."""

    shown = False

    def __init__(self, output: Output, place: str) -> None:
        self._output = output
        self._place = place
        self.failures = str(output.failures)

    @property
    def failed(self) -> bool:
        return bool(self._output.progress.failed)

    @property
    def progress(self) -> Progress:
        return self._output.progress

    def take(self, done: Encoded) -> None:
        position = done.item.position
        with writing(self._place):
            if done.rows is not None:
                self._output.put(position, done.rows)
            else:
                self._output.fail(position, _failure(done))

    def finish(self) -> None:
        try:
            with writing(self._place):
                self._output.finish()
        except LedgerError as error:
            raise Failure(Exit.OUTPUT, str(error)) from error

    def state(self, finished: bool) -> str:
        progress = self._output.progress
        failed = f" ({len(progress.failed):,} failed: {self.failures})" if progress.failed else ""
        if finished:
            return f"{progress.done:,} in {self._place}{failed}"
        if not self._output.there:
            return f"nothing is kept, as {self._place} is gone"
        return f"{progress.done:,} are kept{failed}; continue with the same command and --resume"


Sink = StreamSink | FileSink
"""Where results go."""


@contextlib.contextmanager
def opened_sink(
    output: str,
    form: BulkFormat,
    layout: Layout,
    of: Mapping[str, Any],
    *,
    resume: bool,
    overwrite: bool,
) -> Iterator[Sink]:
    """Opens an output: a file, see `Output`, or `-` for standard output.

    Raises:
        Failure: It cannot be written, or must not be.
    """
    if output == STDIN:
        yield StreamSink(_write_to_stdout, "standard output", form, layout)
        return
    path = Path(output)
    try:
        with writing(output):
            if not FORMS[form].folder and path.exists() and not stat.S_ISREG(path.stat().st_mode):
                if resume:
                    raise Failure(
                        Exit.USAGE, f"{output}: is not a file, so --resume cannot continue it"
                    )
                with path.open("wb", buffering=0) as file:
                    yield StreamSink(lambda data: write_all(file.write, data), output, form, layout)
                return
            target = FORMS[form].target
            opened = Output(
                path,
                of,
                resume=resume,
                overwrite=overwrite,
                header=FORMS[form].header(layout),
                target=target(layout) if target else None,
            )
    except LedgerError as error:
        raise Failure(Exit.USAGE, str(error)) from error
    try:
        yield FileSink(opened, output)
    except BaseException:
        # What ended the run is reported, not its consequences.
        with contextlib.suppress(OSError):
            opened.close()
        raise
    with writing(output):
        opened.close()


def _write_to_stdout(data: bytes) -> None:
    if sys.stdout.isatty():
        standard_output().write(data.decode())
        sys.stdout.flush()
        return
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def _failure(done: Encoded) -> dict[str, Any]:
    assert done.problem is not None
    item = done.item
    return {
        "position": item.position,
        "id": item.id,
        "place": item.place,
        "error": fields_of(done.problem),
    }
