"""Who speaks how much in an archive, of which kind, in which role and when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from quoth_cli.content import GAP
from quoth_cli.table.opening import Archive, reading
from quoth_cli.table.query import select
from quoth_cli.table.question import Question
from quoth_cli.table.schema import Rows

__all__ = ["By", "Count", "Counts", "counts"]


class By(StrEnum):
    """What is counted."""

    STATEMENTS = "statements"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Count:
    """How much there is of something.

    Attributes:
        name: Of what; None where the statements do not say.
        type: Of a speaker, such as `person`; None of all else.
        statements: How many.
        words: How many words they have; None unless words are counted.
        share: Of all that was counted, statements or words, from 0 to 1.
    """

    name: str | None
    type: str | None
    statements: int
    words: int | None
    share: float


@dataclass(frozen=True, slots=True)
class Counts:
    """What some statements are, the most first; years and months in order.

    Speakers with the same name and of the same type are counted as one, whatever article they are
    in: nobody is looked up. Roles and organizations are told apart by their letters, small or not.

    Attributes:
        statements: How many.
        words: How many words they have; None unless words are counted.
        articles: With at least one of them.
        known: How many of them have a known speaker.
        voices: How many different speakers.
        statements_per_article: In the mean over these articles, as the others.
        voices_per_article: Different speakers.
        words_per_statement: None unless words are counted.
        speakers: The first of them.
        roles: The first of them.
        organizations: Where the roles are held, the first of them.
        kinds: All of them.
        speaker_types: All of them.
        factualities: All of them.
        years: By the date of the statement, else by the day of its article.
        months: Likewise; `2019` is what is not known closer.
    """

    statements: int
    words: int | None
    articles: int
    known: int
    voices: int
    statements_per_article: float | None
    voices_per_article: float | None
    words_per_statement: float | None
    speakers: tuple[Count, ...]
    roles: tuple[Count, ...]
    organizations: tuple[Count, ...]
    kinds: tuple[Count, ...]
    speaker_types: tuple[Count, ...]
    factualities: tuple[Count, ...]
    years: tuple[Count, ...]
    months: tuple[Count, ...]

    def fields(self) -> dict[str, Any]:
        """The same as plain values, for JSON."""
        return asdict(self)


# Content neither begins nor ends with a blank; the sign between its parts is no word.
_SAID = f"replace(content, ' {GAP}', '')"
_WORDS = f"strlen({_SAID}) - strlen(replace({_SAID}, ' ', '')) + 1"
_COLUMNS = """
    speaker, speaker_type, kind, role, role_organization, factuality,
    hash(_quoth_file, article_id) AS article,
    coalesce(date_from, anchor_date) AS day,
    coalesce(date_to - date_from > 31, false) AS coarse
"""
_TOTALS = """
    SELECT count(*), sum(words), count(DISTINCT article), count(speaker),
    (SELECT count(*) FROM (SELECT DISTINCT speaker, speaker_type FROM picked
        WHERE speaker IS NOT NULL)),
    (SELECT count(DISTINCT hash(article, speaker, speaker_type)) FROM picked
        WHERE speaker IS NOT NULL)
    FROM picked
"""
_YEAR = "strftime(day, '%Y')"
_MONTH = "CASE WHEN coarse THEN strftime(day, '%Y') ELSE strftime(day, '%Y-%m') END"


def counts(
    archive: Archive, question: Question, *, top: int = 10, by: By = By.STATEMENTS
) -> Counts:
    """Counts the statements that are asked for.

    Args:
        archive: Where.
        question: Which.
        top: How many speakers, roles and organizations to give.
        by: What makes them the first; counting words takes longer, so they are counted only here.

    Raises:
        BadArchive: A file cannot be read, or a column that is asked for is missing.
        ValueError: A text of the question has no word.
    """
    words = _WORDS if by is By.WORDS else "NULL::BIGINT"
    sql, parameters = select(archive, question, f"{_COLUMNS}, {words} AS words")
    # Columns are read anew for each count, which is fast, unless there is more to do for each.
    more = parameters or by is By.WORDS or archive.rows is Rows.ARTICLES
    kind = "TABLE" if more else "VIEW"
    with reading(archive):
        archive.connection.execute(f"DROP {kind} IF EXISTS picked")
        archive.connection.execute(f"CREATE TEMP {kind} picked AS {sql}", parameters)
        try:
            return _counts(archive, top, by)
        finally:
            archive.connection.execute(f"DROP {kind} IF EXISTS picked")


def _counts(archive: Archive, top: int, by: By) -> Counts:
    row = archive.connection.execute(_TOTALS).fetchone()
    assert row
    statements, words, articles, known, voices, heard = row
    counting = _Counting(archive, by, words if by is By.WORDS else statements)
    return Counts(
        statements=statements,
        words=words or 0 if by is By.WORDS else None,
        articles=articles,
        known=known,
        voices=voices,
        statements_per_article=_mean(statements, articles),
        voices_per_article=_mean(heard, articles),
        words_per_statement=_mean(words or 0, statements) if by is By.WORDS else None,
        speakers=counting.of("speaker", "speaker_type", where="speaker IS NOT NULL", top=top),
        roles=counting.spelled("role", top),
        organizations=counting.spelled("role_organization", top),
        kinds=counting.of("kind"),
        speaker_types=counting.of("speaker_type"),
        factualities=counting.of("factuality"),
        years=counting.of(_YEAR, order="1 NULLS LAST"),
        months=counting.of(_MONTH, order="1 NULLS LAST"),
    )


def _mean(amount: int, number: int) -> float | None:
    return round(amount / number, 3) if number else None


class _Counting:
    """Counts in the table `picked`. All of the SQL is of this module."""

    def __init__(self, archive: Archive, by: By, total: int | None) -> None:
        self._connection = archive.connection
        self._by = by
        self._total = total or 0
        self._most = "4 DESC, 3 DESC, 1, 2" if by is By.WORDS else "3 DESC, 1, 2"

    def of(
        self,
        name: str,
        type_: str = "NULL",
        *,
        where: str = "true",
        order: str = "",
        top: int | None = None,
    ) -> tuple[Count, ...]:
        """The counts of each value of a column."""
        return self._rows(
            f"SELECT {name}, {type_}, count(*), sum(words)::BIGINT FROM picked WHERE {where} "
            f"GROUP BY ALL ORDER BY {order or self._most} LIMIT ?",
            top,
        )

    def spelled(self, name: str, top: int) -> tuple[Count, ...]:
        """The counts of each value, whether in capitals or not, in its most frequent spelling."""
        return self._rows(
            f"SELECT arg_max(name, (n, name)), NULL, sum(n)::BIGINT, sum(w)::BIGINT FROM "
            f"(SELECT {name} AS name, count(*) AS n, sum(words) AS w FROM picked "
            f"WHERE {name} IS NOT NULL GROUP BY 1) "
            f"GROUP BY lower(name) ORDER BY {self._most} LIMIT ?",
            top,
        )

    def _rows(self, sql: str, top: int | None) -> tuple[Count, ...]:
        rows: Sequence[tuple[str | None, str | None, int, int | None]]
        rows = self._connection.execute(sql, [top]).fetchall()
        return tuple(
            Count(name, type_, statements, words, self._share(statements, words))
            for name, type_, statements, words in rows
        )

    def _share(self, statements: int, words: int | None) -> float:
        amount = (words or 0) if self._by is By.WORDS else statements
        return round(amount / self._total, 6) if self._total else 0.0
