"""Measures `quoth search` and `quoth stats` beside plain scans of the same archive.

    python -m tests.bench.search [--statements 1000000 | --archive OUT.parquet] [--rounds 5]

All take turns, round by round. Each is measured within a process, and as a command from its start
to its end. The peers are pyarrow, which reads the columns and compares substrings, pandas, which
does so on a table read by pyarrow, and `grep` over the same statements as JSON Lines. Writes
`search.json`.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq

from quoth_cli.table.counts import By, counts
from quoth_cli.table.opening import opened
from quoth_cli.table.query import search
from quoth_cli.table.question import Question, days
from tests.bench import archive as made
from tests.bench import machine
from tests.bench.figures import Spread

_ROOT = Path(__file__).parents[2]
_QUESTIONS: dict[str, tuple[Question, list[str]]] = {
    "speaker": (Question(speaker="Merkel"), ["--speaker", "Merkel"]),
    "contains": (Question(contains=(made.RARE,)), ["--contains", made.RARE]),
    "speaker, role, since, contains": (
        Question(
            speaker="Merkel",
            role="minister",
            since=days("2019-05")[0],
            contains=(made.RARE,),
        ),
        ["--speaker", "Merkel", "--role", "minister", "--since", "2019-05",
         "--contains", made.RARE],
    ),
}  # fmt: skip


def main() -> int:
    """Makes the archive, measures, and writes the results."""
    arguments = _arguments()
    arguments.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        path = arguments.archive
        if path is None:
            path = Path(folder) / "statements.parquet"
            made.write(path, arguments.statements)
        results = run(path, Path(folder), arguments.rounds)
    text = json.dumps(results, indent=2)
    (arguments.out / "search.json").write_text(text + "\n", encoding="utf-8")
    print(text)
    return 0


def run(path: Path, folder: Path, rounds: int) -> dict[str, Any]:
    """Seconds of everything over one archive, and how many statements each question finds."""
    found: dict[str, int] = {}
    work: dict[str, Callable[[], object]] = {}
    for name, (question, options) in _QUESTIONS.items():
        work[f"search: {name}"] = lambda asked=question, name=name: found.update(
            {name: _search(path, asked)}
        )
        work[f"command: search: {name}"] = lambda options=options: _command(
            "search", path, *options
        )
    work["search: speaker, newest first, all as JSONL"] = lambda: _command(
        "search", path, "--speaker", "Merkel", "--sort", "date", "-f", "jsonl"
    )
    work["stats"] = lambda: _stats(path, in_words=False)
    work["command: stats"] = lambda: _command("stats", path)
    work["stats in words"] = lambda: _stats(path, in_words=True)
    work["command: stats in words"] = lambda: _command("stats", path, "--words")
    work["command: version"] = lambda: _command("--version")
    work["pyarrow: speaker"] = lambda: _pyarrow(path, "speaker", "merkel")
    work["pyarrow: contains"] = lambda: _pyarrow(path, "content", made.RARE)
    work["pandas: speaker"] = lambda: _pandas(path, "speaker", "merkel")
    work["pandas: contains"] = lambda: _pandas(path, "content", made.RARE)
    if shutil.which("grep"):
        lines = folder / "statements.jsonl"
        with opened([str(path)]) as archive, lines.open("w", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in search(archive, Question()).json())
        work["grep -i: contains, in JSONL"] = lambda: _grep(made.RARE, lines)
    seconds: dict[str, list[float]] = {name: [] for name in work}
    for _ in range(rounds):
        for name, do in work.items():
            began = time.perf_counter()
            do()
            seconds[name].append(time.perf_counter() - began)
    return {
        "machine": asdict(machine.this()),
        "statements": pq.ParquetFile(path).metadata.num_rows,
        "bytes": path.stat().st_size,
        "found": found,
        "seconds": {name: asdict(Spread.of(values)) for name, values in seconds.items()},
    }


def _search(path: Path, question: Question) -> int:
    with opened([str(path)]) as archive:
        found = search(archive, question, limit=20)
        assert len(list(found.rows())) == found.shown
        return found.total


def _stats(path: Path, *, in_words: bool) -> None:
    with opened([str(path)]) as archive:
        counts(archive, Question(), By.SPEAKER, in_words=in_words)


def _command(*words: str | Path) -> None:
    command = [sys.executable, "-m", "quoth_cli", *map(str, words)]
    subprocess.run(command, check=True, cwd=_ROOT, capture_output=True)


def _pyarrow(path: Path, column: str, text: str) -> int:
    table = pq.read_table(path, columns=[column])
    matches = pc.match_substring(table[column], text, ignore_case=True)
    return int(pc.sum(matches).as_py())


def _pandas(path: Path, column: str, text: str) -> int:
    frame = pq.read_table(path, columns=[column]).to_pandas()
    return int(frame[column].str.contains(text, case=False, regex=False).sum())


def _grep(text: str, path: Path) -> None:
    subprocess.run(["grep", "-ciw", text, path], check=False, capture_output=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.search", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--statements", type=int, default=1_000_000, help="how many to make up")
    parser.add_argument("--archive", type=Path, help="a file that quoth bulk wrote, instead")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--out", type=Path, default=_ROOT / "build/bench", help="where to write")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
