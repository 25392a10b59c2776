"""Small archives for tests: a row is what differs from an ordinary statement."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from quoth_cli.table.schema import Rows, fields_of_rows, parquet_schema, table_of

_ORDINARY = {
    "position": 0,
    "article_id": "a",
    "kind": "direct",
    "content": "nothing",
    "content_spans": [{"start": 3, "end": 10}],
    "quoted_spans": [],
    "speaker": "Mara Olsen",
    "speaker_type": "person",
    "factuality": "asserted",
    "relays": [],
    "confidence": 0.9,
}


def statement(number: int, **fields: Any) -> dict[str, Any]:
    """A row of a statement with the id of its number; a single `day` is its whole date."""
    if day := fields.pop("day", None):
        fields |= {"date": day, "date_from": day, "date_to": day}
    names = [name for name, _, _ in fields_of_rows(Rows.STATEMENTS)]
    given = {**_ORDINARY, "statement_id": f"s{number}", **fields}
    assert set(given) <= set(names)
    return {name: given.get(name) for name in names}


def write(path: Path, *rows: dict[str, Any]) -> Path:
    """A Parquet file of statements, numbered where they come without an id."""
    made = [statement(number, **row) for number, row in enumerate(rows)]
    pq.write_table(table_of(made, parquet_schema(Rows.STATEMENTS)), path)
    return path


def write_articles(path: Path, articles: Sequence[Sequence[dict[str, Any]]]) -> Path:
    """A Parquet file of articles, each with its statements."""
    inner = {
        field.name for field in parquet_schema(Rows.ARTICLES).field("statements").type.value_type
    }
    names = [name for name, _, _ in fields_of_rows(Rows.ARTICLES)]
    made = []
    number = 0
    for position, rows in enumerate(articles):
        statements = []
        for row in rows:
            full = statement(number, **row)
            statements.append({name: full[name] for name in inner})
            number += 1
        head = {"position": position, "article_id": f"a{position}", "statements": statements}
        made.append({name: head.get(name, [] if name in ("speakers", "notices") else None)
                     for name in names})  # fmt: skip
    pq.write_table(table_of(made, parquet_schema(Rows.ARTICLES)), path)
    return path
