"""Measures `VerifyQuote` over an archive of a million statements, and how fast its index is made.

    python -m tests.bench.verify [--statements 1000000] [--quotations 1000] [--out build/bench]

The statements are those that a corpus of the news has marked (PolNeAR, in CORPORA), repeated with
other names and days until there are enough. The archive is kept under `build/archive`, and the
index is made again each time, by the server. Then one caller asks a server for one quotation after
the other: as it is, with a word altered, a half of it, with another speaker, and one that is not
there. Writes `verify.json`.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import shutil
import sys
import time
import zlib
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import grpc
import psutil
import pyarrow as pa
import pyarrow.parquet as pq

from quoth import v1
from quoth_cli.table.schema import Rows, parquet_schema, table_of
from quoth_server.archive import store
from tests.bench import machine, processes
from tests.bench.archive import names as made_up
from tests.bench.figures import percentile
from tests.integration.server import Server

_ROOT = Path(__file__).parents[2]
_CORPORA = Path(os.environ.get("CORPORA", _ROOT.parent / "shared/corpora"))
_NAME = re.compile(r"(?<![.!?] )(?<!^)\b[A-Z][a-z]{2,}\b")
_BATCH = 20_000
_FIRST_DAY = 16_436  # 2015-01-01, in days since 1970
_DAYS = 3_653
_KINDS = ("verbatim", "altered", "half", "other speaker", "not there")


def statements(path: Path) -> Iterator[dict[str, Any]]:
    """Yields the statements that a file of the corpus has marked."""
    for line in path.read_text(encoding="utf-8").splitlines():
        document = json.loads(line)
        text = document["text"]
        for number, each in enumerate(document["attributions"]):
            content, source = each["content"], each["source"]
            if not content or not source:
                continue
            parts = [text[start:end].strip('“”" ,') for start, end in content]
            words = " ".join(" ".join(parts).split())
            marked = "“" in text[content[0][0] : content[-1][1]]
            if words:
                yield {
                    "article_id": document["id"],
                    "statement_id": f"s{number}",
                    "kind": "direct" if marked else "indirect",
                    "content": words,
                    "speaker": " ".join(text[source[0][0] : source[-1][1]].split())[:80],
                }


def write(path: Path, count: int, seed: int = 7) -> None:
    """Writes this many statements."""
    chosen = random.Random(seed)
    given = list(statements(_CORPORA / "polnear/train.jsonl"))
    names = made_up(20_000)
    schema = parquet_schema(Rows.STATEMENTS)
    rows: list[dict[str, Any]] = []
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for number in range(count):
            copy, at = divmod(number, len(given))
            rows.append(_row(given[at], copy, number, names, chosen))
            if len(rows) == _BATCH or number == count - 1:
                writer.write_table(_table(rows, schema))
                rows = []


def _row(
    given: dict[str, Any], copy: int, number: int, names: list[str], chosen: random.Random
) -> dict[str, Any]:
    def other(name: re.Match[str]) -> str:
        # The same name is the same one throughout a copy of an article.
        return names[_digest(copy, given["article_id"], name[0]) % len(names)].split()[-1]

    content = _NAME.sub(other, given["content"]) if copy else given["content"]
    speaker = names[_digest(copy, given["article_id"], given["speaker"]) % len(names)]
    day = _FIRST_DAY + _digest(copy, given["article_id"]) % _DAYS
    start = chosen.randrange(5_000)
    return {
        "position": number // 12,
        "article_id": f"{given['article_id']}-{copy}",
        "anchor_date": day,
        "statement_id": given["statement_id"],
        "kind": given["kind"],
        "content": content,
        "content_spans": [{"start": start, "end": start + len(content)}],
        "quoted_spans": [],
        "speaker_id": f"p{number % 12}",
        "speaker": speaker,
        "speaker_type": "person",
        "mention": speaker,
        "factuality": "asserted",
        "confidence": 0.9,
        "engine_version": "bench",
    }


def _digest(*values: object) -> int:
    """The same number for the same values in every process."""
    return zlib.crc32(repr(values).encode())


def _table(rows: list[dict[str, Any]], schema: pa.Schema) -> pa.Table:
    days = pa.array([row.pop("anchor_date") for row in rows], pa.int32()).cast(pa.date32())
    blank = dict.fromkeys(schema.names)
    table = table_of([blank | row for row in rows], schema)
    at = schema.get_field_index("anchor_date")
    return table.set_column(at, schema.field(at), days)


def quotations(path: Path, count: int, seed: int = 11) -> Iterator[tuple[str, str, str]]:
    """Yields a kind, a quotation and a speaker, in turns."""
    chosen = random.Random(seed)
    file = pq.ParquetFile(path)
    table = file.read_row_group(file.num_row_groups // 2, columns=["content", "speaker", "kind"])
    direct = [row for row in table.to_pylist() if len(row["content"].split()) >= 8]
    absent = [
        each["content"]
        for each in statements(_CORPORA / "polnear/dev.jsonl")
        if len(each["content"].split()) >= 8
    ]
    for number in range(count):
        kind = _KINDS[number % len(_KINDS)]
        row = chosen.choice(direct)
        words = row["content"].split()
        if kind == "altered":
            words[chosen.randrange(len(words))] = "never"
        elif kind == "half":
            words = words[: len(words) // 2]
        elif kind == "not there":
            words = chosen.choice(absent).split()
        speaker = chosen.choice(direct)["speaker"] if kind == "other speaker" else row["speaker"]
        yield kind, " ".join(words)[:1_900], speaker if number % 2 else ""


def run(path: Path, count: int) -> dict[str, Any]:
    """Makes the index and asks."""
    index = store.folder_of(path)
    shutil.rmtree(index, ignore_errors=True)
    began = time.monotonic()
    cpu = time.process_time()
    made = store.updated(path, index)
    seconds, cpu = time.monotonic() - began, time.process_time() - cpu
    size = sum(each.stat().st_size for each in index.rglob("*") if each.is_file())
    asked = list(quotations(path, count))
    took: dict[str, list[float]] = {kind: [] for kind in _KINDS}
    outcomes: dict[str, dict[str, int]] = {kind: {} for kind in _KINDS}
    with Server("--archive", str(path), "--workers", "1") as server:
        stub = v1.ArchiveServiceStub(grpc.insecure_channel(server.address))
        ready = time.monotonic()
        stub.ListPeople(v1.ListPeopleRequest(page_size=1), timeout=3_000)
        people = time.monotonic() - ready
        for warming in (True, False):
            used = processes.cpu_seconds(server.process.pid)
            for kind, quotation, speaker in asked[: 50 if warming else None]:
                start = time.perf_counter()
                answer = stub.VerifyQuote(
                    v1.VerifyQuoteRequest(quotation=quotation, speaker=speaker), timeout=60
                )
                if not warming:
                    took[kind].append(time.perf_counter() - start)
                    name = v1.VerifyOutcome.Name(answer.outcome).removeprefix("VERIFY_OUTCOME_")
                    outcomes[kind][name] = outcomes[kind].get(name, 0) + 1
            used = processes.cpu_seconds(server.process.pid) - used
        front = psutil.Process(server.process.pid).memory_full_info()
    every = [each for some in took.values() for each in some]
    return {
        "machine": asdict(machine.this()),
        "load": os.getloadavg(),
        "statements": made.statements,
        "archive_bytes": path.stat().st_size,
        "index_bytes": size,
        "index_seconds": round(seconds, 1),
        "index_statements_a_second": round(made.statements / seconds),
        "index_cpu_seconds": round(cpu, 1),
        "people_seconds": round(people, 1),
        "verify_ms": {
            name: {
                "p50": round(1000 * percentile(some, 0.5), 1),
                "p95": round(1000 * percentile(some, 0.95), 1),
            }
            for name, some in {"all": every, **took}.items()
        },
        "verify_cpu_ms": round(1000 * used / len(every), 1),
        "outcomes": outcomes,
        # The files of the index are mapped, and count where they are used.
        "front_private_mib": round(front.uss / 2**20),
        "front_proportional_mib": round(front.pss / 2**20),
    }


def main() -> int:
    """Makes the archive where it is not there, measures, and writes the results."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.verify", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--statements", type=int, default=1_000_000)
    parser.add_argument("--quotations", type=int, default=1_000)
    parser.add_argument("--out", type=Path, default=_ROOT / "build/bench")
    arguments = parser.parse_args()
    path = _ROOT / f"build/archive/verify-{arguments.statements}.parquet"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        write(path.with_suffix(".new"), arguments.statements)
        path.with_suffix(".new").rename(path)
    text = json.dumps(run(path, arguments.quotations), indent=2)
    arguments.out.mkdir(parents=True, exist_ok=True)
    (arguments.out / "verify.json").write_text(text + "\n", encoding="utf-8")
    sys.stdout.write(text + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
