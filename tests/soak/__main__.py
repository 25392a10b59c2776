"""Sends mixed traffic to its own server for a while, and watches its memory.

    python -m tests.soak [--minutes N]

Callers, streams, cancels, short deadlines and bad input keep every worker busy, so that twenty
minutes are an hour of a server that is busy for a third of the time. It ends with 1 unless every
call is accounted for and the memory stays within 5 percent. The figures go to `build/soak`. No
other quoth should run beside it: what memory they share is counted in parts (PSS).
"""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import json
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from quoth_cli.cores import cores
from tests.bench import start, texts
from tests.integration.server import ROOT, Server
from tests.soak import memory, traffic
from tests.soak.verdict import Verdict, judge

__all__ = ["soak"]


def soak(
    plan: traffic.Plan, *, workers: int, tolerance: float, every: float
) -> tuple[traffic.Ledger, Sequence[memory.Sample], Verdict]:
    """Runs a server and the traffic of a plan; what came of it."""
    articles = texts.load(whole_words=1, short_words=60, corpus=Path("none")).short
    flags = ("--workers", str(workers), "--queue-per-worker", "8")
    with Server(*flags, engine=start.ENGINE) as server:
        with memory.sampled(server.process.pid, every) as samples:
            ledger = asyncio.run(traffic.send(server.address, articles, plan))
        server.signal(signal.SIGTERM)
        code = server.exit_code()
        verdict = judge(plan, ledger, samples, server.log, tolerance=tolerance)
    if code:
        ended = (*verdict.problems, f"the server ended with exit code {code}")
        verdict = dataclasses.replace(verdict, problems=ended)
    return ledger, samples, verdict


def main() -> int:
    """Runs a soak of the length asked for; 1 if anything is wrong."""
    arguments = _arguments()
    seconds = 60 * arguments.minutes
    plan = traffic.Plan(
        seconds=seconds,
        rough=seconds / 2,
        impatience=min(20.0, seconds / 12),
        callers=2 * cores(),
        streams=2,
        seed=time.time_ns() % 1_000_000,
    )
    print(f"{arguments.minutes:g} minutes, seed {plan.seed}", flush=True)
    ledger, samples, verdict = soak(plan, workers=cores(), tolerance=0.05, every=seconds / 600)
    arguments.out.mkdir(parents=True, exist_ok=True)
    document = {
        "plan": dataclasses.asdict(plan),
        "outcomes": {f"{kind}: {code}": n for (kind, code), n in sorted(ledger.outcomes.items())},
        "samples": [dataclasses.asdict(sample) for sample in samples],
        "verdict": dataclasses.asdict(verdict),
    }
    (arguments.out / "soak.json").write_text(json.dumps(document, indent=1) + "\n")
    for name, count in document["outcomes"].items():
        print(f"  {count:8,} {name}")
    print(
        f"{ledger.begun:,} calls and items, {verdict.replaced} workers replaced; memory: front "
        f"process {100 * verdict.front:+.1f} %, all processes {100 * verdict.total:+.1f} % "
        f"({samples[-1].total:.0f} MiB at the end)"
    )
    for problem in verdict.problems[:50]:
        print(f"PROBLEM: {problem}")
    return int(bool(verdict.problems))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--minutes", type=float, default=20.0, help="how long")
    parser.add_argument("--out", type=Path, default=ROOT / "build/soak", help="where to write")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
