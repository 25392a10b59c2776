"""The statements of an archive as Arrow files that any row is read from at once.

Parquet is read a hundred thousand rows at a time. These files are not compressed and are mapped
into memory, so that a row costs what it holds; the texts of articles are kept once each.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from quoth_server.archive.sources import SCHEMA
from quoth_server.archive.statement import Relay, Span, Statement

__all__ = ["Rows", "articles", "write"]

_TEXT_AT = "text_at"
_ROWS = SCHEMA.append(pa.field(_TEXT_AT, pa.int64()))
_TEXTS = pa.schema([("text", pa.large_string())])


def write(path: Path, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Writes statements into `path`, and texts into a file beside it, as it gives them on.

    The files are whole when the iterator has ended.
    """
    texts = 0
    last: tuple[Any, Any] | None = None
    with (
        pa.OSFile(str(path), "wb") as rows_file,
        pa.OSFile(str(_texts(path)), "wb") as texts_file,
        pa.ipc.new_file(rows_file, _ROWS) as rows,
        pa.ipc.new_file(texts_file, _TEXTS) as kept,
    ):
        for batch in batches:
            if not batch.num_rows:
                continue
            if "text" in batch.schema.names:
                changed = _beginnings(batch, last)
                fresh = pc.indices_nonzero(changed)
                at = pc.cumulative_sum(pc.cast(changed, pa.int64()), start=texts - 1)
                kept.write_batch(
                    pa.RecordBatch.from_arrays(
                        [batch.column("text").take(fresh).cast(pa.large_string())], schema=_TEXTS
                    )
                )
                texts += len(fresh)
                last = _last(batch)
            else:
                at = pa.nulls(batch.num_rows, pa.int64())
            columns = [*(batch.column(name) for name in SCHEMA.names), at]
            rows.write_batch(pa.RecordBatch.from_arrays(columns, schema=_ROWS))
            yield batch


def articles(batch: pa.RecordBatch, last: tuple[Any, Any] | None) -> tuple[int, tuple[Any, Any]]:
    """How many articles begin in a batch, and the last one, to be given with the next batch."""
    return pc.sum(_beginnings(batch, last)).as_py() or 0, _last(batch)


def _beginnings(batch: pa.RecordBatch, last: tuple[Any, Any] | None) -> pa.Array:
    """Whether each row begins an article; the statements of one are in a row."""
    position, article = batch.column("position"), batch.column("article_id")
    first = last is None or last != (position[0], article[0])
    changes = pc.or_kleene(
        pc.not_equal(position.slice(1), position.slice(0, len(position) - 1)),
        pc.not_equal(article.slice(1), article.slice(0, len(article) - 1)),
    )
    return pa.concat_arrays([pa.array([first]), pc.fill_null(changes, False)])


def _last(batch: pa.RecordBatch) -> tuple[Any, Any]:
    end = batch.num_rows - 1
    return batch.column("position")[end], batch.column("article_id")[end]


def _texts(path: Path) -> Path:
    return path.with_suffix(".texts")


class Rows:
    """One or more files of `write`, one after the other, by the numbers of their rows from 0.

    Args:
        files: Each with the name of the source it is of, and the name there of its first row, which
            is a number.
    """

    def __init__(self, files: Iterable[tuple[Path, str, str, int]]) -> None:
        self._segments: list[_Segment] = []
        self._starts: list[int] = []
        total = 0
        for path, source, source_id, first in files:
            offset = first - total
            for batch, texts in _opened(path):
                self._segments.append(_Segment(batch, texts, source, source_id, offset + total))
                self._starts.append(total)
                total += batch.num_rows
        self._total = total

    def __len__(self) -> int:
        return self._total

    def content(self, number: int) -> str:
        """The content of a statement."""
        segment, row = self._at(number)
        return segment.batch.column("content")[row].as_py() or ""

    def statement(self, number: int) -> Statement:
        """A statement."""
        segment, row = self._at(number)
        return next(segment.statements(row, 1))

    def text(self, number: int) -> str | None:
        """The text of a statement's article; None if the archive is without."""
        segment, row = self._at(number)
        return segment.text(row)

    def each(self, start: int = 0) -> Iterator[Statement]:
        """Yields all statements from a number on."""
        for first, segment in zip(self._starts, self._segments, strict=True):
            skip = max(0, start - first)
            for row in range(skip, segment.batch.num_rows, 1000):
                yield from segment.statements(row, 1000)

    def number(self, key: str) -> int | None:
        """The number of the statement of that key; None if there is none."""
        source_id, _, row = key.partition("-")
        if not row.isdecimal():
            return None
        for first, segment in zip(self._starts, self._segments, strict=True):
            at = int(row) - segment.first
            if segment.source_id == source_id and 0 <= at < segment.batch.num_rows:
                return first + at
        return None

    def same_article(self, number: int, reach: int) -> list[int]:
        """The statements of the same article that stand at most so far from it, itself included."""
        numbers = range(max(0, number - reach), min(self._total, number + reach + 1))
        of = self._article(number)
        return [each for each in numbers if self._article(each) == of]

    def article(self, number: int) -> range:
        """The numbers of the statements of a statement's article, which are in a row."""
        of, first, end = self._article(number), number, number + 1
        while first > 0 and self._article(first - 1) == of:
            first -= 1
        while end < self._total and self._article(end) == of:
            end += 1
        return range(first, end)

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Yields all rows, in the order of their numbers."""
        for segment in self._segments:
            yield segment.batch

    def _article(self, number: int) -> tuple[Any, ...]:
        segment, row = self._at(number)
        batch = segment.batch
        position = batch.column("position")[row].as_py()
        return segment.source_id, position, batch.column("article_id")[row].as_py()

    def _at(self, number: int) -> tuple[_Segment, int]:
        place = bisect_right(self._starts, number) - 1
        return self._segments[place], number - self._starts[place]


class _Segment:
    """A batch of rows of one source, with the texts of its file."""

    def __init__(
        self, batch: pa.RecordBatch, texts: list[pa.Array], source: str, source_id: str, first: int
    ) -> None:
        self.batch = batch
        self.source_id = source_id
        self.first = first
        self._texts = texts
        self._source = source

    def statements(self, row: int, count: int) -> Iterator[Statement]:
        columns = [self.batch.column(name).slice(row, count).to_pylist() for name in SCHEMA.names]
        for place, values in enumerate(zip(*columns, strict=True)):
            fields = dict(zip(SCHEMA.names, values, strict=True))
            fields["position"] = fields["position"] or 0
            for name in ("article_id", "statement_id", "content"):
                fields[name] = fields[name] or ""
            for name in ("content_spans", "quoted_spans"):
                fields[name] = tuple(
                    Span(each["start"], each["end"]) for each in fields[name] or ()
                )
            fields["relays"] = tuple(Relay(**each) for each in fields["relays"] or ())
            key = f"{self.source_id}-{self.first + row + place}"
            yield Statement(key=key, source=self._source, **fields)

    def text(self, row: int) -> str | None:
        at = self.batch.column(_TEXT_AT)[row].as_py()
        if at is None:
            return None
        for texts in self._texts:
            if at < len(texts):
                found: str | None = texts[at].as_py()
                return found
            at -= len(texts)
        raise AssertionError("a row has the number of a text that its file is without")


def _opened(path: Path) -> Iterator[tuple[pa.RecordBatch, list[pa.Array]]]:
    with pa.ipc.open_file(pa.memory_map(str(_texts(path)))) as file:
        texts = [file.get_batch(n).column("text") for n in range(file.num_record_batches)]
    with pa.ipc.open_file(pa.memory_map(str(path))) as file:
        for number in range(file.num_record_batches):
            yield file.get_batch(number), texts
