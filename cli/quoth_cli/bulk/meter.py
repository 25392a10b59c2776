"""How far a long run is, while it runs and at its end."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Self

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from quoth_cli.bulk.encoded import Encoded
from quoth_cli.formats.wording import counted
from quoth_cli.outcome import say
from quoth_cli.printable import shown
from quoth_cli.problems import Problem, located
from quoth_cli.reading import Item

__all__ = ["Meter"]

_REDRAW_SECONDS = 0.2
_LINE_SECONDS = 60.0
_TOLD = 20


class Meter:
    """Counts results and shows how far they are.

    On a terminal that is a bar, which goes when it is left, and elsewhere a line a minute.

    Args:
        share: Tells how much of the input was read, 0 to 1; None where that is not known.
        bar: Whether a bar may be shown.
        failures: The file that lists all failures; empty if there is none, so that all are
            reported here.
    """

    def __init__(self, share: Callable[[], float | None], *, bar: bool, failures: str = "") -> None:
        self.articles = 0
        self.failed = 0
        self.statements = 0
        self.words = 0
        self.left_out = 0
        self._share = share
        self._failures = failures
        self._start = time.monotonic()
        self._shown = self._start
        console = Console(stderr=True)
        self._live = bar and console.is_terminal
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TimeRemainingColumn(),
            console=console,
            transient=True,  # the summary comes in its place
            disable=not self._live,
        )

    def __enter__(self) -> Self:
        self._task = self._progress.add_task("starting", total=None)
        self._progress.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._progress.stop()

    def add(self, done: Encoded) -> None:
        """Counts an article, and tells its problem if it has one."""
        if done.problem is None:
            self.articles += 1
            self.statements += done.statements
            self.words += done.words
            self.left_out += done.left_out
        else:
            self.failed += 1
            self._tell(done.item, done.problem)
        now = time.monotonic()
        if now - self._shown > (_REDRAW_SECONDS if self._live else _LINE_SECONDS):
            self._shown = now
            self._show()

    def writing(self, place: str) -> None:
        """All articles were tried, and what they gave is put into its form, which may take long."""
        if self._live:
            text = f"{counted(self.articles + self.failed, 'article')} read; writing {place}"
            text = escape(shown(text))
            self._progress.update(self._task, description=text, total=None, completed=0)
        elif time.monotonic() - self._start > _LINE_SECONDS:
            say(f"all articles are read; writing {place}")

    def summary(self) -> str:
        """What was done: articles, statements, failures, and how fast."""
        seconds = time.monotonic() - self._start
        failed = f", {self.failed:,} failed" if self.failed else ""
        return (
            f"{counted(self.articles, 'article')}{failed}, "
            f"{counted(self.statements, 'statement')}, {counted(self.words, 'word')} in "
            f"{_duration(seconds)}: {self.words / max(seconds, 1e-3):,.0f} words a second"
        )

    def _tell(self, item: Item, problem: Problem) -> None:
        if not self._failures or self.failed <= _TOLD:
            say(located(item.place, problem))
        elif self.failed == _TOLD + 1:
            say(f"further failures are only in {self._failures}")

    def _show(self) -> None:
        seconds = time.monotonic() - self._start
        rate = (self.articles + self.failed) / seconds
        failed = f", {self.failed:,} failed" if self.failed else ""
        text = f"{counted(self.articles, 'article')}{failed}, {rate:,.1f} a second"
        share = self._share()
        if self._live:
            self._progress.update(self._task, description=text, total=share and 1, completed=share)
        else:
            say(text + (f", {share:.1%} of the input read" if share is not None else ""))


def _duration(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
