"""Archives for tests, as `quoth bulk` writes them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from quoth_cli.table.schema import Rows, parquet_schema, table_of

__all__ = ["row", "write"]


def row(number: int, content: str = "", **more: Any) -> dict[str, Any]:
    """The row of a statement; two in a row are of one article."""
    content = content or f"The statement with the number {number} was made"
    return {
        "position": number // 2,
        "article_id": f"a{number // 2}",
        "statement_id": f"s{number}",
        "kind": "direct",
        "content": content,
        "content_spans": [{"start": 4, "end": 4 + len(content)}],
        "quoted_spans": [{"start": 4, "end": 4 + len(content)}],
        "speaker_id": "p1",
        "speaker": "Eva Lund",
        "speaker_type": "person",
        "factuality": "asserted",
        "confidence": 0.9,
        **more,
    }


def write(
    path: Path,
    rows: Iterable[dict[str, Any]],
    *,
    run: str = "",
    with_text: bool = False,
    rows_of: Rows = Rows.STATEMENTS,
    group: int = 1000,
) -> Path:
    """Writes rows; those of `run` are of that run of `quoth bulk`."""
    schema = parquet_schema(rows_of, with_text=with_text)
    if run:
        schema = schema.with_metadata({b"quoth.run": run.encode()})
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f"{path.name}.new")
    blank = dict.fromkeys(schema.names)
    pq.write_table(table_of([blank | each for each in rows], schema), new, row_group_size=group)
    new.replace(path)
    return path
