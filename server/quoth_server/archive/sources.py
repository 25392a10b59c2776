"""The Parquet files of an archive, as `quoth bulk` writes them: which they are, and their rows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from quoth_server.archive.errors import BadArchive
from quoth_server.archive.statement import Statement

__all__ = ["SCHEMA", "Source", "batches", "found", "id_of"]

_RUN = b"quoth.run"  # what `quoth bulk` calls the run that a file is of
_BATCH = 20_000
_NEEDED = ("content", "article_id")
_HINT = "make one with: quoth bulk IN.jsonl -o OUT.parquet"

_SPANS = pa.list_(pa.struct([("start", pa.int32()), ("end", pa.int32())]))
_RELAYS = pa.list_(
    pa.struct([("mention", pa.string()), ("speaker_id", pa.string()), ("cue", pa.string())])
)
# Of the fields of a statement, by their annotations.
_TYPES = {
    "int": pa.int64(),
    "int | None": pa.int32(),
    "str": pa.string(),
    "str | None": pa.string(),
    "float | None": pa.float32(),
    "datetime.date | None": pa.date32(),
    "tuple[Span, ...]": _SPANS,
    "tuple[Relay, ...]": _RELAYS,
}

SCHEMA = pa.schema(
    [
        (each.name, _TYPES[str(each.type)])
        for each in fields(Statement)
        if each.name not in ("key", "source")
    ]
)
"""The columns of a statement, without the text of its article."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file of an archive; `name` is its path from the folder of the archive.

    It was last `changed` at this time, in nanoseconds since 1970, and then had `size` bytes.
    """

    path: Path
    name: str
    size: int
    changed: int

    def run(self) -> str:
        """The run of `quoth bulk` that it is of, which adds to it and changes nothing of it.

        Raises:
            BadArchive: It cannot be read.
        """
        with _reading(self) as file:
            metadata: dict[bytes, bytes] = file.schema_arrow.metadata or {}
        return metadata.get(_RUN, b"").decode(errors="replace")


def id_of(name: str) -> str:
    """A short form of the name of a source."""
    return hashlib.sha256(name.encode()).hexdigest()[:8]


def found(path: Path) -> list[Source]:
    """The files of an archive, in order of their names: one file, or all `*.parquet` of a folder.

    Raises:
        BadArchive: There is none.
    """
    if path.is_dir():
        files = sorted(each for each in path.rglob("*.parquet") if each.is_file())
        folder = path
    else:
        files = [path]
        folder = path.parent
    sources = []
    for file in files:
        try:
            stat = file.stat()
        except OSError as error:
            raise BadArchive(f"{file}: {error.strerror}; check the path") from error
        name = file.relative_to(folder).as_posix()
        sources.append(Source(file, name, stat.st_size, stat.st_mtime_ns))
    if not sources:
        raise BadArchive(f"{path}: no *.parquet in this folder; {_HINT}")
    return sources


def batches(source: Source, skip: int = 0) -> Iterator[pa.RecordBatch]:
    """Yields the statements of a file with the columns of `SCHEMA`, and `text` where it has any.

    The first `skip` are left out.

    Raises:
        BadArchive: It is not Parquet, cannot be read, or has no statements.
    """
    with _reading(source) as file:
        columns = file.schema_arrow.names
        nested = "statements" in columns and "content" not in columns
        if not nested and (absent := [name for name in _NEEDED if name not in columns]):
            raise BadArchive(
                f"{source.path}: not rows of statements: it lacks {', '.join(absent)}; {_HINT}"
            )
        try:
            for batch in file.iter_batches(_BATCH):
                rows = _unnested(batch) if nested else batch
                if skip >= rows.num_rows:
                    skip -= rows.num_rows
                    continue
                yield _cast(rows.slice(skip), source)
                skip = 0
        except (pa.ArrowException, OSError) as error:
            raise BadArchive(f"{source.path}: {_line(error)}; write it again") from error


def _reading(source: Source) -> pq.ParquetFile:
    try:
        return pq.ParquetFile(source.path)
    except (pa.ArrowException, OSError) as error:
        raise BadArchive(
            f"{source.path}: not a Parquet file, or incomplete ({_line(error)}); {_HINT}"
        ) from error


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]


def _unnested(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Rows of articles as rows of their statements."""
    statements = batch.column("statements")
    of = pc.list_parent_indices(statements)
    flat = pc.list_flatten(statements)
    inner = [each.name for each in flat.type]
    outer = [name for name in batch.schema.names if name not in ("statements", *inner)]
    columns = {name: batch.column(name).take(of) for name in outer}
    columns |= {name: pc.struct_field(flat, name) for name in inner}
    return pa.RecordBatch.from_pydict(columns)


def _cast(batch: pa.RecordBatch, source: Source) -> pa.RecordBatch:
    """The same with every column of the schema, those that are missing empty."""
    schema = SCHEMA
    if "text" in batch.schema.names:
        schema = schema.append(pa.field("text", pa.string()))
    try:
        columns = [
            batch.column(field.name).cast(field.type)
            if field.name in batch.schema.names
            else pa.nulls(batch.num_rows, field.type)
            for field in schema
        ]
    except (pa.ArrowException, NotImplementedError) as error:
        raise BadArchive(f"{source.path}: {_line(error)}; {_HINT}") from error
    return pa.RecordBatch.from_arrays(columns, schema=schema)
