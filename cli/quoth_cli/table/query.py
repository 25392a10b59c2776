"""Statements of an archive found, by DuckDB over its Parquet files.

    with opened(["statements.parquet"]) as archive:
        for row in search(archive, Question(speaker="Merkel"), limit=20).rows():
            print(row["speaker"], row["content"])

`opened` is that of `quoth_cli.table.opening`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Any

from quoth_cli.likely import LEAST
from quoth_cli.table.opening import PLACE, TYPES, Archive, BadArchive, listed, quoted, reading
from quoth_cli.table.question import Question
from quoth_cli.table.schema import Rows, fields_of_rows

__all__ = ["Found", "Sort", "likely", "number", "search", "select"]

_BATCH = 1000
_KINDS = {name: kind for name, kind, _ in fields_of_rows(Rows.STATEMENTS)}


class Sort(StrEnum):
    """The order of what is found."""

    POSITION = "position"
    DATE = "date"
    CONFIDENCE = "confidence"


def select(archive: Archive, question: Question, columns: str) -> tuple[str, list[Any]]:
    """A SELECT of what is asked for, and its parameters.

    `columns` is SQL, never with a part that came from outside.

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
            f"{archive.place}: lacks {listed('column', absent)}, which the search needs"
        )
    where = " AND ".join(condition.sql for condition in conditions) or "true"
    parameters = [each for condition in conditions for each in condition.parameters]
    return f"SELECT {columns} FROM statements WHERE {where}", parameters


def likely(archive: Archive, question: Question) -> tuple[Question, int]:
    """The same question about what is more likely right than wrong, and how many that leaves out.

    A question that says what is likely enough stays as it is, as does any to an archive without
    confidences.

    Raises:
        BadArchive: A file cannot be read, or a column that is asked for is missing.
        ValueError: A text of the question has no word.
    """
    if question.min_confidence is not None or "confidence" in archive.missing:
        return question, 0
    left_out = number(archive, replace(question, below=LEAST))
    return replace(question, min_confidence=LEAST), left_out


def number(archive: Archive, question: Question) -> int:
    """How many statements are asked for; raises what `select` does."""
    sql, parameters = select(archive, question, "count(*)")
    with reading(archive.place):
        counted = archive.connection.execute(sql, parameters).fetchone()
    assert counted
    return int(counted[0])


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
        for row in self._fetched([self._exact(name) for name in columns]):
            yield dict(zip(columns, row, strict=True))

    def json(self) -> Iterator[str]:
        """Yields each statement as a JSON object on one line."""
        packed = (f"{quoted(name)} := {self._exact(name)}" for name in self._archive.columns)
        for (line,) in self._fetched([f"to_json(struct_pack({', '.join(packed)}))"]):
            yield line

    def cells(self, columns: Sequence[str]) -> Iterator[tuple[str | None, ...]]:
        """Yields some columns of each statement as texts, lists as JSON, None for null."""
        yield from self._fetched(
            [
                f"{self._exact(name)}::VARCHAR"
                if _KINDS.get(name, "string") in TYPES
                else f"to_json({quoted(name)})"
                for name in columns
            ]
        )

    def _exact(self, name: str) -> str:
        column = quoted(name)
        # A float of 32 bits has digits that mean nothing.
        return f"round({column}::DOUBLE, 6)" if _KINDS.get(name) == "float" else column

    def _fetched(self, values: Sequence[str]) -> Iterator[tuple[Any, ...]]:
        connection = self._archive.connection
        with reading(self._archive.place):
            connection.execute(
                f"SELECT {', '.join(values)} FROM statements JOIN "
                f"(SELECT * FROM found ORDER BY {self._order} LIMIT {self.shown}) AS found "
                f"USING ({', '.join(PLACE)}) ORDER BY {self._order}"
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

    `POSITION` is the order of the archive, `DATE` has the newest first, `CONFIDENCE` the surest;
    what has neither date nor confidence comes last, and ties are in the archive's order. With a
    `limit` that many are given, but all are counted.

    Raises:
        BadArchive: A file cannot be read, or a column that is asked for is missing.
        ValueError: A text of the question has no word.
    """
    # A narrow table first: few columns are read for all statements, all columns for few of them.
    key = f'{_KEYS[sort]} AS _quoth_key, "position" AS _quoth_position, {", ".join(PLACE)}'
    sql, parameters = select(archive, question, key)
    with reading(archive.place):
        archive.connection.execute(f"CREATE OR REPLACE TEMP TABLE found AS {sql}", parameters)
        counted = archive.connection.execute("SELECT count(*) FROM found").fetchone()
    assert counted
    way = "DESC" if reverse and sort is Sort.POSITION else "ASC"
    order = ("_quoth_file", "_quoth_position", "_quoth_row", "_quoth_number")
    places = ", ".join(f"found.{name} {way}" for name in order)
    first = "ASC" if reverse else "DESC"
    return Found(archive, counted[0], limit, f"found._quoth_key {first} NULLS LAST, {places}")
