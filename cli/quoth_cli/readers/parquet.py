"""Parquet, row by row, with memory that what is in the file cannot make grow."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from quoth_cli.readers.base import BadRow, File, Reader, Record, Unreadable
from quoth_cli.readers.mapping import FieldMap
from quoth_cli.readers.pagesizes import Group, groups, pages
from quoth_cli.readers.streams import MAX_BYTES, reading

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

__all__ = ["Parquet"]

_MIB = 1024 * 1024
# The pages that are open at a time, one a column, and their dictionaries. Other programs write
# pages of up to 100 MiB.
_MAX_PAGES = 112 * _MIB
_MAX_DICTIONARY = 16 * _MIB
_MAX_FIXED = 64 * 1024
# Bytes of a batch of rows.
_BATCH_BYTES = 16 * _MIB
_MAX_BATCH_ROWS = 256
# Of a list, such as that of the authors.
_MAX_ELEMENTS = 1000
_MAX_VALUES_OF_LISTS = 8_000_000
_MAX_BYTES_OF_LISTS = 64 * _MIB


class Parquet(Reader):
    """Reads a Parquet file batch by batch, and only the columns that an article may be made of.

    The file's pages show how large a row can be before they are read: at most it has the
    largest text of each dictionary. As many rows are read at a time as fit.
    """

    def __init__(self, file: File, fields: FieldMap) -> None:
        self._path = Path(file.path)
        self._place = file.place
        self._size = file.size
        self._fields = fields

    def records(self, first: int) -> Iterator[Record]:
        """See `Reader`; whole row groups that are not wanted are not read."""
        import pyarrow.parquet as pq

        with _reading_parquet(self._place):
            file = pq.ParquetFile(self._path, pre_buffer=False, buffer_size=_MIB)
            with file:
                names = file.schema_arrow.names
                columns = _columns(file.schema, self._fields.wanted(names))
                lists = [file.schema.column(n).path for n in columns if _is_list(file.schema, n)]
        self._fields.check_table(names, self._place)
        with _reading_parquet(self._place):
            file = pq.ParquetFile(
                self._path, pre_buffer=False, buffer_size=_MIB, read_dictionary=lists
            )
        with file:
            with _reading_parquet(self._place), self._path.open("rb") as raw:
                told = groups(raw, len(file.schema))
            rows = max(1, sum(group.rows for group in told))
            for number, group in enumerate(told):
                if self.count + group.rows <= first:
                    self.count += group.rows
                    continue
                for record in self._records_of(file, number, group, columns):
                    self.taken = self._size * self.count // rows
                    yield record

    def _records_of(
        self, file: pq.ParquetFile, number: int, group: Group, columns: Sequence[int]
    ) -> Iterator[Record]:
        with _reading_parquet(self._place):
            rows = self._batch_rows(file, number, group, columns)
            paths = [file.schema.column(column).path for column in columns]
            batches = file.iter_batches(rows, row_groups=[number], columns=paths, use_threads=False)
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

    def _batch_rows(
        self, file: pq.ParquetFile, number: int, group: Group, columns: Sequence[int]
    ) -> int:
        """How many rows of a group to read at a time, once it is seen that it may be read.

        Raises:
            Unreadable: It takes too much memory.
        """
        open_bytes = row_bytes = 0
        with self._path.open("rb") as raw:
            for at in columns:
                column = file.schema.column(at)
                if column.physical_type == "FIXED_LEN_BYTE_ARRAY" and column.length > _MAX_FIXED:
                    raise self._too_large(column.path, number, column.length)
                dictionary = largest = mean = total = values = 0
                for page in pages(raw, group.chunks[at]):
                    if page.dictionary:
                        dictionary += page.size
                        continue
                    largest = max(largest, page.size)
                    mean = max(mean, page.size // max(1, page.values))
                    total += page.size
                    values += page.values
                open_bytes += largest + dictionary
                if open_bytes > _MAX_PAGES or dictionary > _MAX_DICTIONARY:
                    raise self._too_large(column.path, number, open_bytes)
                if not column.max_repetition_level:
                    row_bytes += max(mean, dictionary)
                elif values > _MAX_VALUES_OF_LISTS or total > _MAX_BYTES_OF_LISTS:
                    # One row may have all of them, and the texts are kept until the group is read.
                    raise self._too_large(column.path, number, max(total, values * 8))
        return max(1, min(_MAX_BATCH_ROWS, _BATCH_BYTES // max(1, row_bytes)))

    def _too_large(self, column: str, group: int, size: int) -> Unreadable:
        return Unreadable(
            f'{self._place}: "{column}" in row group {group} takes {size / _MIB:,.0f} MiB to read '
            "at a time; rewrite the file with smaller pages and without texts longer than "
            "an article"
        )


def _columns(schema: Any, wanted: Sequence[str]) -> list[int]:
    """The columns of a file, by their numbers, that the wanted fields are made of.

    Of lists within lists nothing is read.
    """
    return [
        number
        for number in range(len(schema))
        if schema.column(number).path.split(".")[0] in wanted
        and schema.column(number).max_repetition_level <= 1
    ]


def _is_list(schema: Any, number: int) -> bool:
    column = schema.column(number)
    return bool(column.max_repetition_level and column.physical_type == "BYTE_ARRAY")


def _fields_at(batch: pa.RecordBatch, row: int) -> Mapping[str, Any]:
    value = _Values()
    try:
        return {name: value.of(batch.column(n)[row]) for n, name in enumerate(batch.schema.names)}
    except UnicodeDecodeError as error:
        raise BadRow("has a text that is not UTF-8; rewrite the file") from error
    except (ValueError, OverflowError) as error:
        raise BadRow(f"has a value that cannot be read: {error}") from error


class _Values:
    """Makes values of Python, of all of a row no more than an article can have."""

    def __init__(self) -> None:
        self._left = MAX_BYTES

    def of(self, scalar: Any) -> Any:
        """The value of one of Arrow."""
        import pyarrow as pa

        if isinstance(scalar, pa.DictionaryScalar):
            scalar = scalar.value
        if not scalar.is_valid:
            return None
        if isinstance(scalar, pa.StructScalar):
            return {name: self.of(each) for name, each in scalar.items()}
        if isinstance(scalar, pa.ListScalar | pa.LargeListScalar):
            return [self.of(each) for each in itertools.islice(scalar.values, _MAX_ELEMENTS)]
        if hasattr(scalar, "as_buffer"):
            self._left -= scalar.as_buffer().size
            if self._left < 0:
                raise BadRow(
                    f"longer than {MAX_BYTES // _MIB} MiB, the limit for an article; split it"
                )
        return scalar.as_py()


@contextlib.contextmanager
def _reading_parquet(place: str) -> Iterator[None]:
    import pyarrow as pa

    with reading(place):
        try:
            yield
        except (pa.ArrowException, ValueError) as error:
            raise Unreadable(f"{place}: not readable Parquet: {error}") from error


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
