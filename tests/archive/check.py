"""Whether an archive of article rows is what it must be."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from quoth_cli.likely import likely
from quoth_cli.table.rows import ArticleMeta, statement_rows
from quoth_server.embedded import Embedded

__all__ = ["Contents", "contents", "differing"]


class Contents:
    """What a file has of articles `a0` to `aN`."""

    def __init__(self, rows: Iterable[dict[str, Any]], count: int) -> None:
        seen = bytearray(count)
        self.statements = 0
        self.duplicates = 0
        self.misplaced = 0
        for row in rows:
            position = row["position"]
            self.duplicates += seen[position]
            seen[position] = 1
            self.misplaced += row.get("article_id", row.get("id")) != f"a{position}"
            self.statements += len(row["statements"])
        self.missing = count - sum(seen)


def contents(path: Path, count: int) -> Contents:
    """Reads a file of article rows, JSON Lines or Parquet."""
    return Contents(_rows(path), count)


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    if path.suffix == ".parquet":
        columns = ["position", "article_id", "statements"]
        for batch in pq.ParquetFile(path).iter_batches(columns=columns):
            yield from batch.to_pylist()
    else:
        with path.open(encoding="utf-8") as file:
            yield from map(json.loads, file)


def differing(source: Path, output: Path, positions: Iterable[int]) -> list[int]:
    """Those of the articles whose statements are others when they are read on their own."""
    wanted = set(positions)
    found = {
        row["position"]: [_known(each) for each in row["statements"]]
        for row in _rows(output)
        if row["position"] in wanted
    }
    differ = []
    with source.open(encoding="utf-8") as file, Embedded() as engine:
        for position, line in enumerate(file):
            if position not in wanted:
                continue
            given = json.loads(line)
            answer = engine.attribute(given["body"], published=given["published"])
            if output.suffix != ".parquet":
                answer, _ = likely(answer)
            rows = statement_rows(position, ArticleMeta(given["id"]), answer, given["body"])
            if [_known(each) for each in rows] != found[position]:
                differ.append(position)
    return differ


def _known(row: dict[str, Any]) -> tuple[str, ...]:
    """What tells a statement of an article row or a statement row from another."""
    spans = row["content_spans"]
    if "cue_start" in row:  # Parquet, or a statement row
        places = [(each["start"], each["end"]) for each in spans]
        return row["kind"], str(places), str(row["cue_start"]), str(row["speaker_id"])
    places = [(each["start_offset"], each["end_offset"]) for each in spans]
    kind = row["kind"].removeprefix("STATEMENT_KIND_").lower()
    cue = row.get("cue", {}).get("span", {}).get("start_offset")
    speaker = row.get("speaker", {}).get("speaker_id") or None
    return kind, str(places), str(cue), str(speaker)
