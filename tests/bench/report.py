"""The results as tables in Markdown, as JSON, and as a plot of latency against load."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.figures import Spread
from tests.bench.latency import Added, Level
from tests.bench.machine import Machine
from tests.bench.peers import PEERS, Linearity, Peer
from tests.bench.speed import Throughput
from tests.bench.start import Start
from tests.bench.steps import Step
from tests.bench.targets import Target, targets

__all__ = ["Results", "markdown", "plot", "spread", "table", "to_json"]

_TEXTACYS = {
    "textacy by paragraph": "textacy, each paragraph parsed by itself",
    "textacy by batch": "textacy, paragraphs of an article in one batch",
    "textacy whole": "textacy, whole texts",
}


@dataclass(frozen=True, slots=True)
class Results:
    """All that one run of the bench measured."""

    machine: Machine
    when: str
    quick: bool
    texts: str
    whole_words: int
    short_words: int
    start: Start
    peers: Sequence[Peer]
    linearity: Linearity
    steps: Sequence[Step]
    throughput: Throughput
    levels: Sequence[Level]
    added: Added

    def targets(self) -> list[Target]:
        """Each target and what was measured."""
        return targets(self.peers, self.throughput, self.added, self.linearity, self.start)


def to_json(results: Results) -> str:
    """Every figure, and those computed from them."""
    return json.dumps(
        dataclasses.asdict(results)
        | {"targets": [dataclasses.asdict(t) for t in results.targets()]},
        indent=2,
    )


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table in Markdown; a `|` in a cell is escaped."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(
        "| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines
    )


def spread(figure: Spread, digits: int = 0) -> str:
    """A median and its range, such as `950 [900–990]`."""
    return f"{figure.median:,.{digits}f} [{figure.low:,.{digits}f}–{figure.high:,.{digits}f}]"


def markdown(results: Results) -> str:
    """The whole report."""
    machine = results.machine
    quick = "\nA quick run: too short for figures to quote.\n" if results.quick else ""
    return f"""# Bench of quoth

{machine.processor}, {machine.cores} cores; Python {machine.python}, {machine.system}; \
{results.when}.
Texts: {results.texts}. Figures are medians of rounds in turns, with the range of the rounds.
{quick}
## Targets

{_targets(results.targets())}

## One process, beside textacy's direct_quotations

Whole articles, {results.whole_words:,} words a round, the same parser, one thread each.

{_peers(results.peers)}

A text {results.linearity.times} times as long as one of {results.linearity.words} words takes \
{spread(results.linearity.longer, 1)} times as long.

## Where the time goes

{_steps(results.steps)}

## The service

Articles of some {results.short_words} words.

{_throughput(results.throughput)}

{results.start.workers} workers are {spread(results.throughput.scaling, 2)} times as fast as one; \
a stream is {spread(results.throughput.stream_to_calls, 2)} times as fast as calls.

## Latency under load

Calls come at random, at a share of the {results.throughput.capacity:.1f} articles a second that \
{results.start.workers} workers take; milliseconds from the moment when a call was to be sent.

{_levels(results.levels)}

Over the engine called directly, the service adds {results.added.difference:.1f} ms at p50 \
({results.added.engine:.0f} → {results.added.service:.0f} ms, {results.added.articles} articles, \
each read both ways in turns); by the server's log, no engine is at work on a call for \
{results.added.beside_engine:.1f} ms of it.

## Start and memory

{_start(results.start)}
"""


def _targets(rows: Iterable[Target]) -> str:
    marks = {True: "yes", False: "**no**"}
    return table(
        ("target", "at least or most", "measured", "met"),
        [(row.what, row.limit, row.measured, marks[row.met]) for row in rows],
    )


def _peers(rows: Iterable[Peer]) -> str:
    return table(
        (
            "",
            "words a CPU second",
            "CPU s per 1,000 words",
            "words a second",
            "quoth is … times as fast",
            "refused",
        ),
        [
            (
                _TEXTACYS.get(row.name, "quoth, everything on"),
                spread(row.by_cpu),
                f"{1000 / row.by_cpu.median:.2f}",
                spread(row.by_clock),
                spread(row.quoth_times, 2) if row.name in PEERS else "",
                row.refused,
            )
            for row in rows
        ],
    )


def _steps(rows: Iterable[Step]) -> str:
    return table(
        ("step", "CPU ms per 1,000 words", "share"),
        [
            (
                f"&nbsp;&nbsp;{row.name}" if row.part else row.name,
                f"{1000 * row.seconds:.1f}",
                f"{100 * row.share:.1f} %",
            )
            for row in rows
        ],
    )


def _throughput(throughput: Throughput) -> str:
    return table(
        ("", "words a second", "CPU s per 1,000 words"),
        [
            (row.name, spread(row.words_a_second), spread(row.cpu_per_1000_words, 2))
            for row in throughput.setups
        ],
    )


def _levels(rows: Iterable[Level]) -> str:
    return table(
        ("load", "calls a second", "p50", "p95", "p99", "calls", "refused"),
        [
            (
                f"{100 * row.load:.0f} %",
                f"{row.offered:.1f}",
                *(f"{each:.0f}" for each in (row.p50, row.p95, row.p99)),
                row.calls,
                row.calls - row.answered,
            )
            for row in rows
        ],
    )


def _start(start: Start) -> str:
    rows = [
        ("ready after the start of the process", f"{spread(start.ready, 1)} s"),
        ("memory with 1 worker (PSS)", f"{start.one.total:.0f} MiB"),
        (f"memory with {start.workers} workers (PSS)", f"{start.many.total:.0f} MiB"),
        ("each further worker", f"{start.further:.0f} MiB"),
        ("one worker: private", f"{start.private:.0f} MiB"),
        ("the process that serves gRPC (PSS)", f"{start.many.front:.0f} MiB"),
        ("the process that workers are forked from (PSS)", f"{start.many.template:.0f} MiB"),
    ]
    return table(("", ""), rows)


def plot(levels: Sequence[Level], title: str, path: Path) -> None:
    """Draws latency against load."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7, 4), layout="constrained")
    loads = [100 * level.load for level in levels]
    for name in ("p99", "p95", "p50"):
        axes.plot(loads, [getattr(level, name) for level in levels], marker="o", label=name)
    axes.set(
        xlabel="load, percent of capacity", ylabel="latency, ms", title=title, xticks=loads, ylim=0
    )
    for level in levels:
        if level.answered < level.calls:
            share = 100 * (level.calls - level.answered) / level.calls
            axes.annotate(
                f"{share:.0f} % refused",
                (100 * level.load, level.p99),
                textcoords="offset points",
                xytext=(-4, 6),
                ha="right",
            )
    axes.grid(alpha=0.3)
    axes.legend()
    figure.savefig(path, dpi=150)
    pyplot.close(figure)
