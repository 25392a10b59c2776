"""Parquet files of this machine opened as one archive of statements, by DuckDB.

DuckDB (the extra `archive`) is imported only where an archive is opened. It fetches nothing.
"""

from __future__ import annotations

import glob
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from quoth_cli.table.schema import Rows, fields_of_rows

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from duckdb.sqltypes import DuckDBPyType

__all__ = ["PLACE", "TYPES", "Archive", "BadArchive", "listed", "opened", "quoted", "reading"]

TYPES = {
    "int64": "BIGINT",
    "int32": "INTEGER",
    "string": "VARCHAR",
    "date": "DATE",
    "float": "FLOAT",
}
"""Types of the schema, lists apart, and those of SQL that hold them."""
PLACE = ("_quoth_file", "_quoth_row", "_quoth_number")
"""Columns for where a row is: its file, its place there, and its number in a row of an article."""
_PREFIX = "_quoth_"
_FILE = "_quoth_filename"
# DuckDB's own name, which cannot be chosen.
_ROW = "file_row_number"
_SHOWN = 200
_LONGEST = 500
_NEEDED = ("article_id", "content")


class BadArchive(Exception):
    """What cannot be searched; the text says which file or column, why, and the remedy."""


_HINT = "make one with: quoth bulk IN... -o OUT.parquet"


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
        BadArchive: There is no such file, one is not Parquet, or has no statements. What is wrong
            within a file shows when it is read, with the same error.
        ModuleNotFoundError: DuckDB is not installed.
    """
    import duckdb

    place = ", ".join(paths)
    files = [file for path in paths for file in _files(path)]
    with (
        duckdb.connect(config={"autoinstall_known_extensions": "false"}) as connection,
        reading(place),
    ):
        connection.execute("SET enable_progress_bar = false")
        names = ", ".join(_text(glob.escape(file)) for file in files)
        by_name = "true" if len(files) > 1 else "false"
        whole = connection.sql(f"FROM read_parquet([{names}], union_by_name = {by_name})")
        given = dict(zip(whole.columns, whole.types, strict=True))
        _check_names(given, place)
        connection.execute(
            f"CREATE VIEW source AS FROM read_parquet([{names}], union_by_name = {by_name}, "
            f"filename = '{_FILE}', file_row_number = true)"
        )
        columns, missing = _view(connection, place, given)
        rows = Rows.STATEMENTS if "content" in given else Rows.ARTICLES
        yield Archive(place, columns, missing, rows, connection)


def _check_names(columns: Iterable[str], place: str) -> None:
    """Refuses columns that would be taken for those that tell where a row is."""
    taken = [
        name for name in columns if name.casefold() == _ROW or name.casefold().startswith(_PREFIX)
    ]
    if taken:
        raise BadArchive(
            f"{place}: has {listed('column', taken)}, a name that searching needs; rename "
            "it, or leave it out"
        )


def _files(path: str) -> list[str]:
    """The files of a path, in order."""
    given = Path(path)
    if given.is_dir():
        files = sorted(str(file) for file in given.rglob("*.parquet") if file.is_file())
        if not files:
            raise BadArchive(f"{path}: no *.parquet in this folder; {_HINT}")
        return files
    if given.exists():
        return [path]
    matching = glob.glob(path, recursive=True)  # noqa: PTH207  (Path.glob takes no absolute path)
    files = sorted(file for file in matching if Path(file).is_file())
    if not files:
        # Who asks for the first time gives words after the archive, as search engines take them.
        asked = "" if given.suffix or given.name != path else " (to find words, give --contains)"
        raise BadArchive(f"{path}: no such file; check the path{asked}")
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
            *(quoted(name) for name in outer if name not in inner),
            *(f"_quoth_statement.{quoted(name)} AS {quoted(name)}" for name in inner),
        ]
        connection.execute(
            f"CREATE VIEW unnested AS SELECT {_FILE}, {_ROW}, _quoth_subscript, "
            f"{', '.join(parts)} FROM (SELECT *, unnest(statements) AS _quoth_statement, "
            "generate_subscripts(statements, 1) AS _quoth_subscript FROM source)"
        )
        given = [*(name for name in outer if name not in inner), *inner]
        source, number = "unnested", "_quoth_subscript"
    elif "statements" in given:
        raise BadArchive(f"{place}: some files have rows of articles; search them separately")
    if absent := [name for name in _NEEDED if name not in given]:
        raise BadArchive(
            f"{place}: not rows of statements: it lacks {listed('column', absent)} (it has "
            f"{', '.join(given)}); such rows are made by: quoth bulk IN.jsonl -o OUT.parquet"
        )
    schema = {name: TYPES.get(kind) for name, kind, _ in fields_of_rows(Rows.STATEMENTS)}
    missing = frozenset(schema) - set(given)
    names = [*schema, *(name for name in given if name not in schema)]
    values = (_value(name, schema.get(name), name in missing) for name in names)
    connection.execute(
        f"CREATE VIEW statements AS SELECT {', '.join(values)}, {_FILE} AS _quoth_file, "
        f"{_ROW} AS _quoth_row, {number} AS _quoth_number FROM {source}"
    )
    return tuple(names), missing


def _statement_fields(kind: DuckDBPyType, place: str) -> list[str]:
    if kind.id == "list":
        _, each = kind.children[0]
        if isinstance(each, type(kind)) and each.id == "struct":
            names = [name for name, _ in each.children]
            _check_names(names, place)
            return names
    told = str(kind)[:_SHOWN]
    raise BadArchive(f'{place}: "statements" is {told}, not a list of statements')


def _value(name: str, kind: str | None, missing: bool) -> str:
    if missing:
        return f"NULL::{kind or 'VARCHAR'} AS {quoted(name)}"
    # Files that went through other hands may have texts for dates.
    return f"{quoted(name)}::{kind} AS {quoted(name)}" if kind else quoted(name)


def quoted(name: str) -> str:
    """A name as SQL takes it, whatever it holds."""
    return '"' + name.replace('"', '""') + '"'


def _text(value: str) -> str:
    """A text as SQL takes it."""
    return "'" + value.replace("'", "''") + "'"


def listed(noun: str, names: Sequence[str]) -> str:
    """Names behind their noun, in the number that they have."""
    return f"{noun}{'s' * (len(names) > 1)} {', '.join(names)}"


@contextmanager
def reading(place: str) -> Iterator[None]:
    """Makes DuckDB's errors about the files of an archive a `BadArchive`; `place` is its name."""
    import duckdb

    try:
        yield
    except duckdb.Error as error:
        line = " ".join(str(error).partition("\nLINE ")[0].split())[:_LONGEST]
        if "magic bytes" in line:
            line = f"not a Parquet file, or incomplete; {_HINT}"
        raise BadArchive(f"{place}: {line}") from error
