"""Tables: CSV with a line of names, and Parquet."""

from __future__ import annotations

import contextlib
import csv
import io
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from quoth.archive.readers.base import BadRow, Record, Unreadable
from quoth.archive.readers.mapping import FieldMap
from quoth.archive.readers.streams import MAX_BYTES, Stream, reading

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Csv", "Parquet"]

_DELIMITERS = ",;\t|"
_BATCH_ROWS = 256


class Csv:
    """Reads a stream of CSV in UTF-8; the first line has the names of the fields.

    The fields are divided by a comma, a semicolon, a tab or a bar, whichever the first line has
    most of.
    """

    def __init__(self, stream: Stream, place: str, fields: FieldMap) -> None:
        self._stream = stream
        # Bytes that are no UTF-8 become surrogates, so that they spoil their own row alone.
        self._text = io.TextIOWrapper(
            stream.file, encoding="utf-8-sig", errors="surrogateescape", newline=""
        )
        self._place = place
        self._fields = fields
        self.count = 0

    def close(self) -> None:
        """Closes the stream."""
        self._text.close()

    def records(self, first: int) -> Iterator[Record]:
        """See `Reader`."""
        del first
        csv.field_size_limit(MAX_BYTES)
        with reading(self._place):
            head = self._text.readline()
        delimiter = max(_DELIMITERS, key=head.count)
        names = next(csv.reader([head], delimiter=delimiter), [])
        if not names:
            return
        _check(self._fields, names, self._place)
        rows = csv.reader(self._text, delimiter=delimiter)
        while True:
            problem, row = "", list[str]()
            place = f"{self._place}:{rows.line_num + 2}"
            try:
                with reading(self._place):
                    row = next(rows)
            except StopIteration:
                return
            except csv.Error as error:
                problem = f"no row of CSV: {error}"
            if not row and not problem:  # a blank line
                continue
            self.count += 1
            yield Record(place, str(self.count), partial(_fields_of, names, row, problem))

    @property
    def taken(self) -> int:
        """See `Reader`."""
        return self._stream.taken


def _fields_of(names: list[str], row: list[str], problem: str) -> Mapping[str, Any]:
    if problem:
        raise BadRow(problem)
    if len(row) != len(names):
        raise BadRow(
            f"has {len(row)} fields, and the first line names {len(names)}; look for a quotation "
            "mark or a delimiter that is missing"
        )
    for name, value in zip(names, row, strict=True):
        if not value.isascii() and any("\udc80" <= letter <= "\udcff" for letter in value):
            raise BadRow(f'"{name}" is not UTF-8 text; convert the file')
    return dict(zip(names, row, strict=True))


class Parquet:
    """Reads a Parquet file batch by batch, and only the columns that an article may be made of."""

    def __init__(self, path: Path, place: str, fields: FieldMap) -> None:
        self._path = path
        self._place = place
        self._fields = fields
        self._size = path.stat().st_size
        self._rows = 1
        self.count = 0

    def records(self, first: int) -> Iterator[Record]:
        """See `Reader`; whole row groups that are not wanted are not read."""
        import pyarrow.parquet as pq

        with _reading_parquet(self._place):
            file = pq.ParquetFile(self._path, pre_buffer=False)
        with file:
            self._rows = max(1, file.metadata.num_rows)
            names = file.schema_arrow.names
            _check(self._fields, names, self._place)
            groups = list(range(file.num_row_groups))
            while groups and self.count + file.metadata.row_group(groups[0]).num_rows <= first:
                self.count += file.metadata.row_group(groups.pop(0)).num_rows
            batches = file.iter_batches(
                _BATCH_ROWS, row_groups=groups, columns=self._fields.wanted(names)
            )
            while True:
                with _reading_parquet(self._place):
                    batch = next(batches, None)
                    if batch is None:
                        return
                    batch = _to_microseconds(batch)
                for row in range(batch.num_rows):
                    self.count += 1
                    place = f"{self._place}:{self.count}"
                    yield Record(place, str(self.count), partial(_fields_at, batch, row))

    @property
    def taken(self) -> int:
        """See `Reader`."""
        return self._size * self.count // self._rows


def _fields_at(batch: pa.RecordBatch, row: int) -> Mapping[str, Any]:
    try:
        fields: Mapping[str, Any] = batch.slice(row, 1).to_pylist()[0]
    except UnicodeDecodeError as error:
        raise BadRow("has a text that is not UTF-8; write the file anew") from error
    except (ValueError, OverflowError) as error:
        raise BadRow(f"has a value that cannot be read: {error}") from error
    return fields


@contextlib.contextmanager
def _reading_parquet(place: str) -> Iterator[None]:
    import pyarrow as pa

    with reading(place):
        try:
            yield
        except pa.ArrowException as error:
            raise Unreadable(f"{place}: no Parquet that can be read: {error}") from error


def _to_microseconds(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The same with times that Python has values for."""
    import pyarrow as pa

    return batch.cast(
        pa.schema(
            pa.field(each.name, pa.timestamp("us", each.type.tz))
            if pa.types.is_timestamp(each.type)
            else each
            for each in batch.schema
        ),
        safe=False,
    )


def _check(fields: FieldMap, names: list[str], place: str) -> None:
    try:
        fields.check(names)
    except BadRow as error:
        raise Unreadable(f"{place}: {error}") from error
