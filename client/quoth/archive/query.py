"""Statements of an archive found and counted, by DuckDB over its Parquet files.

    with opened(["statements.parquet"]) as archive:
        for row in search(archive, Question(speaker="Merkel"), limit=20).rows():
            print(row["speaker"], row["content"])

DuckDB (the extra `archive`) is imported only where an archive is opened. It reads files of this
machine only, and fetches nothing.
"""

from __future__ import annotations

import glob
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from quoth.archive.question import Question
from quoth.archive.schema import Rows, fields_of_rows

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from duckdb.sqltypes import DuckDBPyType

__all__ = [
    "Archive",
    "BadArchive",
    "Found",
    "Sort",
    "opened",
    "reading",
    "search",
    "select",
]

_BATCH = 1000
_TYPES = {
    "int64": "BIGINT",
    "int32": "INTEGER",
    "string": "VARCHAR",
    "date": "DATE",
    "float": "FLOAT",
}
_NEEDED = ("article_id", "content")
# Where a row is: its file, its place there, and its place in the article if the row is an article.
_PLACE = ("_file", "_row", "_number")


class BadArchive(Exception):
    """What cannot be searched; the text says which file or column, why, and the remedy."""


class Sort(StrEnum):
    """The order of what is found."""

    POSITION = "position"
    DATE = "date"
    CONFIDENCE = "confidence"


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive that is open.

    Attributes:
        place: Its name for messages.
        columns: The columns of its statements, those of the schema first.
        missing: The columns of the schema that it is without; they are null.
        rows: What the rows of its files are; those of articles take longer to read.
        connection: To a database whose view `statements` is the archive.
    """

    place: str
    columns: tuple[str, ...]
    missing: frozenset[str]
    rows: Rows
    connection: DuckDBPyConnection


@contextmanager
def opened(paths: Sequence[str]) -> Iterator[Archive]:
    """Opens Parquet files with rows of statements or of articles as one archive.

    Args:
        paths: Files, folders, whose `*.parquet` at any depth are taken, and patterns such as
            `2019-*.parquet`.

    Raises:
        BadArchive: There is no such file, one is no Parquet, or has no statements. What is wrong
            within a file shows when it is read, with the same error.
        ModuleNotFoundError: DuckDB is not installed.
    """
    import duckdb

    place = ", ".join(paths)
    files = [file for path in paths for file in _files(path)]
    with (
        duckdb.connect(config={"autoinstall_known_extensions": "false"}) as connection,
        _told(place),
    ):
        connection.execute("SET enable_progress_bar = false")
        source = connection.read_parquet(
            [glob.escape(file) for file in files],
            union_by_name=len(files) > 1,
            filename=True,
            file_row_number=True,
        )
        given = dict(zip(source.columns, source.types, strict=True))
        del given["filename"], given["file_row_number"]
        source.create_view("source")
        columns, missing = _view(connection, place, given)
        rows = Rows.STATEMENTS if "content" in given else Rows.ARTICLES
        yield Archive(place, columns, missing, rows, connection)


def _files(path: str) -> list[str]:
    """The files of a path, in order."""
    given = Path(path)
    if given.is_dir():
        files = sorted(str(file) for file in given.rglob("*.parquet") if file.is_file())
        if not files:
            raise BadArchive(f"{path}: no *.parquet in this folder")
        return files
    if given.exists():
        return [path]
    matching = glob.glob(path, recursive=True)  # noqa: PTH207  (Path.glob takes no absolute path)
    files = sorted(file for file in matching if Path(file).is_file())
    if not files:
        raise BadArchive(f"{path}: no such file; check the path")
    return files


def _view(
    connection: DuckDBPyConnection, place: str, types: Mapping[str, DuckDBPyType]
) -> tuple[tuple[str, ...], frozenset[str]]:
    """Makes the view `statements`; returns its columns, and those of the schema it is without."""
    source = "source"
    number = "0"
    given = list(types)
    if "statements" in given and "content" not in given:
        inner = _statement_fields(types["statements"], place)
        outer = [name for name in given if name not in ("statements", "speakers", "notices")]
        parts = [
            *(_quoted(name) for name in outer if name not in inner),
            *(f"_statement.{_quoted(name)} AS {_quoted(name)}" for name in inner),
        ]
        connection.execute(
            f"CREATE VIEW unnested AS SELECT filename, file_row_number, _number, "
            f"{', '.join(parts)} FROM (SELECT *, unnest(statements) AS _statement, "
            "generate_subscripts(statements, 1) AS _number FROM source)"
        )
        given = [*(name for name in outer if name not in inner), *inner]
        source, number = "unnested", "_number"
    elif "statements" in given:
        raise BadArchive(f"{place}: some files have rows of articles; ask them on their own")
    if absent := [name for name in _NEEDED if name not in given]:
        raise BadArchive(
            f"{place}: no rows of statements: without {_listed('column', absent)} (it has "
            f"{', '.join(given)}); such rows are made by: quoth bulk IN.jsonl -o OUT.parquet"
        )
    schema = {name: _TYPES.get(kind) for name, kind, _ in fields_of_rows(Rows.STATEMENTS)}
    missing = frozenset(schema) - set(given)
    names = [*schema, *(name for name in given if name not in schema)]
    values = (_value(name, schema.get(name), name in missing) for name in names)
    connection.execute(
        f"CREATE VIEW statements AS SELECT {', '.join(values)}, filename AS _file, "
        f"file_row_number AS _row, {number} AS _number FROM {source}"
    )
    return tuple(names), missing


def _statement_fields(kind: DuckDBPyType, place: str) -> list[str]:
    if kind.id == "list":
        _, each = kind.children[0]
        if isinstance(each, type(kind)) and each.id == "struct":
            return [name for name, _ in each.children]
    raise BadArchive(f'{place}: "statements" is {kind} and no list of statements')


def _value(name: str, kind: str | None, missing: bool) -> str:
    if missing:
        return f"NULL::{kind or 'VARCHAR'} AS {_quoted(name)}"
    # Files that went through other hands may have texts for dates.
    return f"{_quoted(name)}::{kind} AS {_quoted(name)}" if kind else _quoted(name)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _listed(noun: str, names: Sequence[str]) -> str:
    return f"{noun}{'s' * (len(names) > 1)} {', '.join(names)}"


@contextmanager
def reading(archive: Archive) -> Iterator[None]:
    """Makes DuckDB's errors about the files of an archive a `BadArchive`."""
    with _told(archive.place):
        yield


@contextmanager
def _told(place: str) -> Iterator[None]:
    import duckdb

    try:
        yield
    except (duckdb.IOException, duckdb.InvalidInputException, duckdb.DataError) as error:
        line = " ".join(str(error).split())
        if "magic bytes" in line:
            line = (
                "no Parquet file, or not a whole one; such a file is made by: "
                "quoth bulk IN.jsonl -o OUT.parquet"
            )
        raise BadArchive(f"{place}: {line}") from error


def select(archive: Archive, question: Question, columns: str) -> tuple[str, list[Any]]:
    """A SELECT of some columns of what is asked for, and its parameters.

    Args:
        archive: Where.
        question: What.
        columns: SQL; never with a part that came from outside.

    Raises:
        BadArchive: It is without a column that the question is about.
        ValueError: A text of the question has no word.
    """
    conditions = list(question.conditions())
    asked = {column for condition in conditions for column in condition.columns}
    # Any of the dates will do.
    dates = {"date_from", "date_to", "anchor_date"}
    if dates & asked and not dates <= archive.missing:
        asked -= dates
    if absent := sorted(asked & archive.missing):
        raise BadArchive(
            f"{archive.place}: is without {_listed('column', absent)}, which is asked for"
        )
    where = " AND ".join(condition.sql for condition in conditions) or "true"
    parameters = [each for condition in conditions for each in condition.parameters]
    return f"SELECT {columns} FROM statements WHERE {where}", parameters


class Found:
    """Statements that were found, valid while their archive is open and until the next search.

    Attributes:
        total: How many there are.
        shown: How many of them are given, the first ones of the order.
    """

    def __init__(self, archive: Archive, total: int, limit: int | None, order: str) -> None:
        self.total = total
        self.shown = total if limit is None else min(limit, total)
        self._archive = archive
        self._order = order

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yields the statements, a value for each column of the archive."""
        columns = self._archive.columns
        for row in self._fetched([_quoted(name) for name in columns]):
            yield dict(zip(columns, row, strict=True))

    def json(self) -> Iterator[str]:
        """Yields each statement as a JSON object on one line."""
        packed = (f"{_quoted(name)} := {self._exact(name)}" for name in self._archive.columns)
        for (line,) in self._fetched([f"to_json(struct_pack({', '.join(packed)}))"]):
            yield line

    def cells(self) -> Iterator[tuple[str | None, ...]]:
        """Yields each statement as texts, lists as JSON, None for null."""
        kinds = {name: kind for name, kind, _ in fields_of_rows(Rows.STATEMENTS)}
        yield from self._fetched(
            [
                f"{self._exact(name)}::VARCHAR"
                if kinds.get(name, "string") in _TYPES
                else f"to_json({_quoted(name)})"
                for name in self._archive.columns
            ]
        )

    def _exact(self, name: str) -> str:
        # A float of 32 bits has digits that mean nothing.
        floats = {name for name, kind, _ in fields_of_rows(Rows.STATEMENTS) if kind == "float"}
        column = _quoted(name)
        return f"round({column}::DOUBLE, 6)" if name in floats else column

    def _fetched(self, values: Sequence[str]) -> Iterator[tuple[Any, ...]]:
        connection = self._archive.connection
        with reading(self._archive):
            connection.execute(
                f"SELECT {', '.join(values)} FROM statements JOIN "
                f"(SELECT * FROM found ORDER BY {self._order} LIMIT {self.shown}) AS found "
                f"USING ({', '.join(_PLACE)}) ORDER BY {self._order}"
            )
            while rows := connection.fetchmany(_BATCH):
                yield from rows


_KEYS = {
    Sort.POSITION: "NULL",
    Sort.DATE: "coalesce(date_from, anchor_date)",
    Sort.CONFIDENCE: "confidence",
}


def search(
    archive: Archive,
    question: Question,
    *,
    sort: Sort = Sort.POSITION,
    reverse: bool = False,
    limit: int | None = None,
) -> Found:
    """Finds statements.

    Args:
        archive: Where.
        question: Which.
        sort: `POSITION` is the order of the archive, `DATE` has the newest first, `CONFIDENCE` the
            surest; what has neither date nor confidence comes last. Ties are in the archive's
            order.
        reverse: The other way round.
        limit: Give so many at most, all without it; `total` counts all in any case.

    Raises:
        BadArchive: A file cannot be read, or a column that is asked for is missing.
        ValueError: A text of the question has no word.
    """
    # A narrow table first: few columns are read for all statements, all columns for few of them.
    key = f'{_KEYS[sort]} AS _key, "position" AS _position, {", ".join(_PLACE)}'
    sql, parameters = select(archive, question, key)
    with reading(archive):
        archive.connection.execute(f"CREATE OR REPLACE TEMP TABLE found AS {sql}", parameters)
        counted = archive.connection.execute("SELECT count(*) FROM found").fetchone()
    assert counted
    way = "DESC" if reverse and sort is Sort.POSITION else "ASC"
    places = ", ".join(f"found.{name} {way}" for name in ("_file", "_position", "_row", "_number"))
    first = "ASC" if reverse else "DESC"
    return Found(archive, counted[0], limit, f"found._key {first} NULLS LAST, {places}")
