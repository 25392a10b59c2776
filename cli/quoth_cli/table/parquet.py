"""From a journal of rows in JSON Lines to Parquet, with flat memory."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from quoth_cli.bulk.beside import replacing
from quoth_cli.bulk.journal import rows_of
from quoth_cli.bulk.ledger import NOTHING, Merged
from quoth_cli.bulk.output import Target
from quoth_cli.table.schema import table_of

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["ParquetTarget"]

_RUN = b"quoth.run"
_JOURNAL = b"quoth.journal"
_END = b"quoth.end"

# A row group is as large as is good for reading it, and a part of it as is cheap to keep.
_GROUP_BYTES = 64 * 1024 * 1024
_GROUP_ROWS = 100_000
_PART_ROWS = 1_000


@dataclass(frozen=True, slots=True)
class ParquetTarget(Target):
    """Makes a Parquet file.

    Attributes:
        schema: What a row holds.
    """

    schema: pa.Schema

    def merged(self, path: Path, run: str) -> Merged:
        """See `Target`."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        if not path.exists():
            return NOTHING
        try:
            told = pq.read_schema(path).metadata or {}
        except pa.ArrowInvalid:  # no Parquet, so not this run's
            return NOTHING
        if told.get(_RUN, b"").decode() != run:
            return NOTHING
        return Merged(int(told[_JOURNAL]), int(told[_END]))

    def merge(self, path: Path, journal: Path, end: int, run: str, number: int) -> None:
        """See `Target`; the file is replaced as a whole."""
        import pyarrow.parquet as pq

        told = self.schema.with_metadata({_RUN: run, _JOURNAL: str(number), _END: str(end)})
        with replacing(path) as file, pq.ParquetWriter(file, told, compression="zstd") as writer:
            if number and self.merged(path, run).journal == number - 1:
                with pq.ParquetFile(path, pre_buffer=False) as old:
                    for group in range(old.num_row_groups):
                        writer.write_table(old.read_row_group(group).cast(told))
            for table in _groups(journal, end, self.schema):
                writer.write_table(table.cast(told))
        _sync_folder(path.parent)


def _groups(journal: Path, end: int, schema: pa.Schema) -> Iterator[pa.Table]:
    import pyarrow as pa

    rows = rows_of(journal, end)
    parts: list[pa.Table] = []
    while part := list(islice(rows, _PART_ROWS)):
        parts.append(table_of(part, schema))
        size = sum(each.nbytes for each in parts)
        if size > _GROUP_BYTES or len(parts) * _PART_ROWS >= _GROUP_ROWS:
            yield pa.concat_tables(parts)
            parts = []
    if parts:
        yield pa.concat_tables(parts)


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
