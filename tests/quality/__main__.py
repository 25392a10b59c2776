"""Runs the service on gold documents and prints the scorers' tables.

    python -m tests.quality [GOLD.jsonl …] [--server HOST:PORT] [--errors N] [--keep DIR]

A gold document has "records" (scored by `score_records.py`) or "attributions" (scored by
`score_attributions.py`). Without GOLD it takes the project's own gold, first the texts that
training never saw, and what lies in `../shared`. Of the own gold it also says how often what is no
statement, or was not said, is seen.
Without `--server` it starts one on a free port and stops it afterwards. The scorers lie in
`../shared/eval`.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from quoth import Client
from tests.integration.server import Server
from tests.quality import gold as own_gold
from tests.quality import traps
from tests.quality.predictions import as_attributions, as_records

_ENGINE = "quoth_server.engine.pipeline:load"
_SHARED = Path(__file__).resolve().parents[3] / "shared"


def main() -> int:
    """Score every gold file; 1 when there are no scorers."""
    arguments = _arguments()
    if not arguments.eval.is_dir():
        print(f"quality: no scorers in {arguments.eval}: name their folder by --eval")
        return 1
    with contextlib.ExitStack() as stack:
        address = arguments.server or stack.enter_context(Server(engine=_ENGINE)).address
        keep = arguments.keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        keep.mkdir(parents=True, exist_ok=True)
        client = stack.enter_context(Client(address, timeout=300))
        info = client.server_info()
        print(f"engine {info.engine_version}")
        for gold in arguments.gold or _default_gold(keep):
            _score(client, gold, keep, arguments)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.quality",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("gold", nargs="*", type=Path, help="gold documents, JSONL")
    parser.add_argument("--server", help="a running server, HOST:PORT")
    parser.add_argument("--errors", type=int, default=0, help="list the first N wrong records")
    parser.add_argument("--keep", type=Path, help="keep the predictions in this folder")
    parser.add_argument("--eval", type=Path, default=_SHARED / "eval", help="the scorers' folder")
    return parser.parse_args()


def _default_gold(keep: Path) -> list[Path]:
    own = []
    for name, held_out in (("own-unseen", True), ("own-in-sight", False)):
        found = [d for d in own_gold.documents() if d["held_out"] is held_out]
        lines = [json.dumps(document, ensure_ascii=False) for document in found]
        own.append(keep / f"{name}.jsonl")
        own[-1].write_text("\n".join(lines) + "\n", encoding="utf-8")
    shared = [*sorted((_SHARED / "gold").glob("*.jsonl")), _SHARED / "corpora/polnear/dev.jsonl"]
    return [*own, *(path for path in shared if path.exists())]


def _score(client: Client, gold: Path, keep: Path, arguments: argparse.Namespace) -> None:
    documents = list(_documents(gold))
    records = "records" in documents[0]
    answers = []
    predictions = keep / f"{gold.stem}.predictions.jsonl"
    with predictions.open("w", encoding="utf-8") as out:
        for document in documents:
            body = document["text"]
            response = client.attribute(
                body,
                title=document.get("title") or "",
                published=document.get("published"),
                rejected=True,
            )
            if "traps" in document:
                answers.append((document, response))
            found = (
                {"statements": as_records(response)}
                if records
                else {"attributions": as_attributions(body, response)}
            )
            out.write(json.dumps({"id": document["id"], **found}) + "\n")
    scorer = "score_records.py" if records else "score_attributions.py"
    extra = ["--errors", str(arguments.errors)] if records and arguments.errors else []
    print(f"\n== {gold.name}: {len(documents)} documents, {scorer}", flush=True)
    subprocess.run(
        [sys.executable, str(arguments.eval / scorer), str(gold), str(predictions), *extra],
        check=True,
    )
    for line in traps.table(answers) if answers else ():
        print(line)


def _documents(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


if __name__ == "__main__":
    sys.exit(main())
