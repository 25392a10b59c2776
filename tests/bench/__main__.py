"""Measures the service and its engine beside a peer, on this machine.

    python -m tests.bench [--quick] [--peer PYTHON] [--out FOLDER]

Writes `bench.md`, `bench.json` and `latency.png`. It takes under ten minutes, and with `--quick`
under one; the machine should have nothing else to do.
"""

from __future__ import annotations

import argparse
import datetime
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from quoth_cli.cores import cores
from tests.bench import latency, machine, peers, report, start, steps, texts
from tests.bench.figures import Spread
from tests.bench.speed import throughput

_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Plan:
    """How much of everything; times in seconds."""

    whole_words: int
    short_words: int
    starts: int
    peers: float
    peer_rounds: int
    longer_rounds: int
    longer_words: int
    steps: float
    round: float
    rounds: int
    levels: dict[float, float]
    added: float


FULL = Plan(
    whole_words=4_000,
    short_words=200,
    starts=2,
    peers=90,
    peer_rounds=3,
    longer_rounds=4,
    longer_words=450,
    steps=12,
    round=5,
    rounds=5,
    levels={0.25: 60, 0.5: 50, 0.75: 45, 1.0: 45},
    added=20,
)
QUICK = Plan(
    whole_words=500,
    short_words=60,
    starts=1,
    peers=5,
    peer_rounds=1,
    longer_rounds=1,
    longer_words=100,
    steps=1.5,
    round=1.5,
    rounds=1,
    levels={0.25: 3, 0.5: 2, 0.75: 2, 1.0: 2},
    added=2,
)


def main() -> int:
    """Runs every part and writes the results."""
    arguments = _arguments()
    began = time.monotonic()

    def say(what: str) -> None:
        print(f"{time.monotonic() - began:5.0f} s  {what}", flush=True)

    results = run(QUICK if arguments.quick else FULL, arguments.peer, say)
    arguments.out.mkdir(parents=True, exist_ok=True)
    written = report.markdown(results)
    (arguments.out / "bench.md").write_text(written, encoding="utf-8")
    (arguments.out / "bench.json").write_text(report.to_json(results) + "\n", encoding="utf-8")
    title = f"{results.start.workers} workers, articles of some {results.short_words} words"
    report.plot(results.levels, title, arguments.out / "latency.png")
    say(f"written to {arguments.out}\n")
    print(written)
    return 0


def run(plan: Plan, peer: Path, say: Callable[[str], None]) -> report.Results:
    """Measures all that the plan says."""
    workers = max(2, cores())
    articles = texts.load(plan.whole_words, plan.short_words)
    say("cold starts and memory")
    started = start.cold_starts(workers, articles.short, times=plan.starts, seconds=plan.round)
    with peers.process() as quoth, peers.process(peer) as textacy:
        say("quoth's engine and textacy in turns")
        compared = peers.compare(
            quoth, textacy, articles.whole, seconds=plan.peers, least=plan.peer_rounds
        )
        say("a text and ten of it")
        text = texts.shortened(texts.SAMPLE.read_text(encoding="utf-8"), plan.longer_words)
        longer = peers.linearity(quoth, text, times=10, rounds=plan.longer_rounds)
    say("steps of the engine")
    profile = steps.measured(articles.whole, seconds=plan.steps)
    with start.serving(1) as (one, _), start.serving(workers) as (many, _):
        say("throughput of the service")
        speeds = throughput(
            one, many, workers, articles.short, seconds=plan.round, rounds=plan.rounds
        )
        say("latency under load")
        levels = latency.levels(many, articles.short, speeds.capacity, plan.levels)
        say("what the service adds")
        with peers.process() as quoth:
            added = latency.added(one, quoth, articles.short, seconds=plan.added)
    return report.Results(
        machine=machine.this(),
        when=datetime.datetime.now(datetime.UTC).date().isoformat(),
        quick=plan is QUICK,
        texts=articles.source,
        whole_words=sum(map(texts.words, articles.whole)),
        short_words=round(Spread.of(list(map(texts.words, articles.short))).median),
        start=started,
        peers=compared,
        linearity=longer,
        steps=profile,
        throughput=speeds,
        levels=levels,
        added=added,
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--quick", action="store_true", help="a minute, to see that it all runs")
    parser.add_argument(
        "--peer",
        type=Path,
        default=_ROOT / ".venv-bench/bin/python",
        help="the interpreter of the environment with textacy",
    )
    parser.add_argument("--out", type=Path, default=_ROOT / "build/bench", help="where to write")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
