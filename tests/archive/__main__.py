"""Runs `quoth bulk` over many articles, kills it in the middle, and looks at what comes of it.

    python -m tests.archive [--articles 100000] [--output build/archive/out.parquet]

The engine runs here on all cores. The command is ended with SIGKILL when half of the articles are
done; it must leave no process behind. Then it is run again with `--resume`, and the output must
have each article once, with the statements that the engine finds in it on its own. What was
measured (rates, memory of the command and of its workers) goes as JSON to standard output and
beside the output. It ends with 1 if anything is wrong.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from quoth_cli.bulk.journal import failures_path, ledger_path
from quoth_cli.cores import cores
from tests.archive import articles, check
from tests.archive.watch import watched
from tests.integration.server import ROOT

_WORKERS_END_SECONDS = 60.0
_SAMPLED = 20  # articles that are read again
_FEWEST_SAMPLES = 100  # that tell whether memory grows
_MOST_GROWTH = 1.2  # of memory, from the first quarter of the time to the last


def main() -> int:
    """Runs it; 1 if anything is wrong."""
    arguments = _arguments()
    if arguments.engine:
        os.environ["QUOTH_ENGINE"] = arguments.engine
    output: Path = arguments.output
    output.parent.mkdir(parents=True, exist_ok=True)
    for old in output.parent.glob(f"{output.name}*"):
        old.unlink()
    source = output.with_name("articles.jsonl")
    corpus, texts = articles.paragraphs()
    words = articles.write(source, arguments.articles, texts, arguments.seed)
    _say(f"{arguments.articles:,} articles, {words:,} words, in {source}")
    kill_at = round(arguments.articles * arguments.kill_at)
    killed = _run(source, output, "--overwrite", arguments, kill_at=kill_at)
    resumed = _run(source, output, "--resume", arguments)
    _say("looking at the output")
    found = check.contents(output, arguments.articles)
    sample = random.Random(arguments.seed).sample(
        range(arguments.articles), min(_SAMPLED, arguments.articles)
    )
    failures = failures_path(output)
    seconds = killed["seconds"] + resumed["seconds"]
    report = {
        "articles": arguments.articles,
        "words": words,
        "paragraphs_of": corpus,
        "workers": arguments.workers,
        "statements": found.statements,
        "missing": found.missing,
        "duplicates": found.duplicates,
        "misplaced": found.misplaced,
        "failures": failures.read_bytes().count(b"\n") if failures.exists() else 0,
        "differing": check.differing(source, output, sample),
        "read_again": len(sample),
        "seconds": round(seconds, 1),
        "words_a_second": round(words / seconds),
        "articles_a_second": round(arguments.articles / seconds, 1),
        "killed": killed,
        "resumed": resumed,
    }
    report["problems"] = _problems(report)
    text = json.dumps(report, indent=2)
    output.with_name("report.json").write_text(f"{text}\n", encoding="utf-8")
    print(text)
    return 1 if report["problems"] else 0


def _run(
    source: Path, output: Path, how: str, arguments: argparse.Namespace, kill_at: int | None = None
) -> dict[str, Any]:
    """Runs the command to its end, or kills it when a number of articles are done."""
    command = [
        *(sys.executable, "-m", "quoth_cli", "bulk", str(source), "-o", str(output), how),
        *("--rows", "articles", "--workers", str(arguments.workers)),
    ]
    variables = {name: value for name, value in os.environ.items() if name != "QUOTH_SERVER"}
    before = _records(output)
    start = time.monotonic()
    with subprocess.Popen(
        command, env=variables, cwd=ROOT, start_new_session=True, stderr=subprocess.PIPE, text=True
    ) as process:
        with watched(process.pid, arguments.every) as family:
            if kill_at is not None:
                while process.poll() is None and _records(output) < kill_at:
                    time.sleep(min(0.5, arguments.every))
                process.send_signal(signal.SIGKILL)
                process.wait()
                ended = time.monotonic()
                err = ""
            else:
                _, err = process.communicate()
        seconds = time.monotonic() - start
    orphans = family.outlived(_WORKERS_END_SECONDS)
    told = {
        "seconds": round(seconds, 1),
        "exit_code": process.returncode,
        "articles": _records(output) - (before if how == "--resume" else 0),
        "memory_mib": family.figures(),
        "processes": 1 + len(family.seen),
        "orphans": orphans,
    }
    if kill_at is not None:
        told["workers_gone_after_seconds"] = round(time.monotonic() - ended, 1)
    else:
        told["said"] = err.splitlines()[-1:]
    _say(f"{how}: {told}")
    return told


def _records(output: Path) -> int:
    """How many articles the ledger has, tried ones that failed among them."""
    path = ledger_path(output)
    if not path.exists():
        return 0
    with path.open("rb") as file:
        return sum(line[:1] in b"DF" for line in file)


def _problems(report: dict[str, Any]) -> list[str]:
    problems = [
        f"{report[name]} {name}"
        for name in ("missing", "duplicates", "misplaced", "failures")
        if report[name]
    ]
    if report["differing"]:
        problems.append(f"the statements of articles {report['differing']} differ")
    if report["resumed"]["exit_code"]:
        problems.append(f"the resumed run ended with {report['resumed']['exit_code']}")
    if report["killed"]["exit_code"] != -signal.SIGKILL:
        problems.append("the first run ended before it could be killed")
    for name in ("killed", "resumed"):
        if report[name]["orphans"]:
            problems.append(f"{name}: processes are left: {report[name]['orphans']}")
        sizes = report[name]["memory_mib"]["together"]
        if (
            sizes["samples"] > _FEWEST_SAMPLES
            and sizes["last_quarter"] > _MOST_GROWTH * sizes["first_quarter"]
        ):
            problems.append(f"{name}: memory grew: {sizes}")
    return problems


def _say(line: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {line}", file=sys.stderr, flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests.archive", description=__doc__)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--output", type=Path, default=ROOT / "build/archive/out.parquet")
    parser.add_argument("--workers", type=int, default=cores())
    parser.add_argument("--kill-at", type=float, default=0.5, help="share of the articles")
    parser.add_argument("--every", type=float, default=1.0, help="seconds between samples")
    parser.add_argument("--seed", type=int, default=6)
    parser.add_argument("--engine", default="", help="another engine, MODULE:FUNCTION")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
