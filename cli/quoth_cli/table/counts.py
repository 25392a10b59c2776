"""What the statements of an archive are, one table at a time: by speaker, role, month and so on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from quoth_cli.content import GAP
from quoth_cli.table.heads import head_of
from quoth_cli.table.opening import Archive, reading
from quoth_cli.table.query import select
from quoth_cli.table.question import Question
from quoth_cli.table.schema import Rows
from quoth_cli.table.sources import label_of

__all__ = ["By", "Count", "Counts", "counts"]


class By(StrEnum):
    """What a table has a row for."""

    SPEAKER = "speaker"
    ROLE = "role"
    ORGANIZATION = "organization"
    SOURCE = "source"
    KIND = "kind"
    FACTUALITY = "factuality"
    SECTION = "section"
    YEAR = "year"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Count:
    """How much there is of something.

    Attributes:
        name: Of what; None where the statements do not say.
        type: Of a speaker, such as `person`; None of all else.
        statements: How many.
        words: How many words they have; None unless words are counted.
        share: Of all that was counted, statements or words, from 0 to 1.
        articles: In how many articles.
        forms: Of a role the wordings that were counted together, the most frequent first.
        level: How deep it lies: a row is a part of the last one before it with a lower level.
    """

    name: str | None
    type: str | None
    statements: int
    words: int | None
    share: float
    articles: int
    forms: tuple[str, ...] = ()
    level: int = 0


@dataclass(frozen=True, slots=True)
class Counts:
    """What some statements are, the most first; years and months in order.

    Speakers with the same name, whatever its letter case, and of the same type are counted as one,
    whatever article they are in: nobody is looked up. Roles are grouped by their head.

    Attributes:
        by: What the rows are of.
        statements: How many.
        words: How many words they have; None unless words are counted.
        articles: With at least one of them.
        known: How many of them have a known speaker.
        voices: How many different speakers.
        statements_per_article: In the mean over these articles, as the others.
        voices_per_article: Different speakers.
        words_per_statement: None unless words are counted.
        number: How many rows there are, those that are not given included.
        rows: The rows.
    """

    by: By
    statements: int
    words: int | None
    articles: int
    known: int
    voices: int
    statements_per_article: float | None
    voices_per_article: float | None
    words_per_statement: float | None
    number: int
    rows: tuple[Count, ...]


# Content neither begins nor ends with a space; the sign between its parts is not a word.
_SAID = f"replace(content, ' {GAP}', '')"
_WORDS = f"strlen({_SAID}) - strlen(replace({_SAID}, ' ', '')) + 1"
_COLUMNS = """
    speaker, speaker_type, kind, role, role_organization, factuality, section,
    hash(_quoth_file, article_id) AS article,
    coalesce(date_from, anchor_date) AS day,
    coalesce(date_to - date_from > 31, false) AS coarse
"""
_TOTALS = """
    SELECT count(*), sum(words), count(DISTINCT article), count(speaker),
    (SELECT count(*) FROM (SELECT DISTINCT lower(speaker), speaker_type FROM picked
        WHERE speaker IS NOT NULL)),
    (SELECT count(DISTINCT hash(article, lower(speaker), speaker_type)) FROM picked
        WHERE speaker IS NOT NULL)
    FROM picked
"""
_AMOUNTS = "count(*), sum(words)::BIGINT, count(DISTINCT article)"
_YEAR = "strftime(day, '%Y')"
# A date that is only a year is of no month.
_MONTH = "CASE WHEN NOT coarse THEN strftime(day, '%Y-%m') END"
_FORMS = 3


def counts(
    archive: Archive, question: Question, by: By, *, top: int = 10, in_words: bool = False
) -> Counts:
    """Counts the statements that are asked for.

    Of what may be endless (speakers, roles, organizations, sections) the `top` rows are given.
    With `in_words` they are sorted by the number of words in statements, which takes longer.

    Raises:
        BadArchive: A file cannot be read, or a column that is asked for is missing.
        ValueError: A text of the question has no word.
    """
    words = _WORDS if in_words else "NULL::BIGINT"
    sql, parameters = select(archive, question, f"{_COLUMNS}, {words} AS words")
    # Columns are read again for each count, which is fast, unless there is more to do for each.
    more = parameters or in_words or archive.rows is Rows.ARTICLES
    kind = "TABLE" if more else "VIEW"
    with reading(archive.place):
        archive.connection.execute(f"DROP {kind} IF EXISTS picked")
        archive.connection.execute(f"CREATE TEMP {kind} picked AS {sql}", parameters)
        try:
            return _counts(archive, by, top, in_words)
        finally:
            archive.connection.execute(f"DROP {kind} IF EXISTS picked")


def _counts(archive: Archive, by: By, top: int, in_words: bool) -> Counts:
    row = archive.connection.execute(_TOTALS).fetchone()
    assert row
    statements, words, articles, known, voices, heard = row
    counting = _Counting(archive, in_words, words if in_words else statements)
    rows = counting.rows(by, top)
    number = voices if by is By.SPEAKER else len(rows)
    if by in _ENDLESS:
        rows = rows[:top]
    return Counts(
        by=by,
        statements=statements,
        words=words or 0 if in_words else None,
        articles=articles,
        known=known,
        voices=voices,
        statements_per_article=_mean(statements, articles),
        voices_per_article=_mean(heard, articles),
        words_per_statement=_mean(words or 0, statements) if in_words else None,
        number=number,
        rows=rows,
    )


_ENDLESS = frozenset({By.SPEAKER, By.ROLE, By.ORGANIZATION, By.SECTION})


def _mean(amount: int, number: int) -> float | None:
    return round(amount / number, 3) if number else None


class _Counting:
    """Counts in the table `picked`. All of the SQL is of this module."""

    def __init__(self, archive: Archive, in_words: bool, total: int | None) -> None:
        self._connection = archive.connection
        self._in_words = in_words
        self._total = total or 0
        self._most = "4 DESC, 3 DESC, 1, 2" if in_words else "3 DESC, 1, 2"

    def rows(self, by: By, top: int) -> tuple[Count, ...]:
        """The rows of a table."""
        match by:
            case By.SPEAKER:
                # At the beginning of a sentence officials are Officials.
                return self._of(
                    "mode(speaker)",
                    "speaker_type",
                    where="speaker IS NOT NULL",
                    group="lower(speaker), speaker_type",
                    top=top,
                )
            case By.ROLE:
                return self._roles()
            case By.ORGANIZATION:
                # Whether in capitals or not, in its most frequent spelling.
                return self._of(
                    "mode(role_organization)",
                    where="role_organization IS NOT NULL",
                    group="lower(role_organization)",
                )
            case By.SOURCE:
                return self._sources(top)
            case By.YEAR:
                return self._of(_YEAR, order="1 NULLS LAST")
            case By.MONTH:
                return self._of(_MONTH, order="1 NULLS LAST")
            case _:
                return self._of(by.value)

    def _of(
        self,
        name: str,
        type_: str = "NULL",
        *,
        where: str = "true",
        group: str = "ALL",
        order: str = "",
        top: int | None = None,
    ) -> tuple[Count, ...]:
        """The counts of each value of a column."""
        found = self._connection.execute(
            f"SELECT {name}, {type_}, {_AMOUNTS} FROM picked WHERE {where} "
            f"GROUP BY {group} ORDER BY {order or self._most} LIMIT ?",
            [top],
        ).fetchall()
        return tuple(self._count(*row) for row in found)

    def _roles(self) -> tuple[Count, ...]:
        """The counts of each head, with its most frequent wordings."""
        roles = self._connection.execute(
            "SELECT role, count(*) FROM picked WHERE role IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1"
        ).fetchall()
        heads: list[str] = []
        forms: dict[str, dict[str, str]] = {}
        for role, _ in roles:
            head = head_of(role) or role.casefold()
            forms.setdefault(head, {}).setdefault(role.casefold(), role)
            heads.append(head)
        self._label("role", [role for role, _ in roles], heads)
        found = self._connection.execute(
            f"SELECT label, NULL, {_AMOUNTS} FROM picked JOIN labels ON role = value "
            f"GROUP BY 1 ORDER BY {self._most}"
        ).fetchall()
        return tuple(
            self._count(*row, forms=tuple(forms[row[0]].values())[:_FORMS]) for row in found
        )

    def _sources(self, top: int) -> tuple[Count, ...]:
        """Named and unnamed sources, people and organizations, and their roles."""
        key = (
            "concat_ws(chr(31), coalesce(speaker_type, ''), coalesce(role, ''), "
            "CASE WHEN speaker_type IN ('unnamed', 'group') THEN speaker ELSE '' END)"
        )
        values = [
            row[0]
            for row in self._connection.execute(f"SELECT DISTINCT {key} FROM picked").fetchall()
        ]
        self._label(key, values, ["\x1f".join(label_of(*value.split("\x1f"))) for value in values])
        rows: list[Count] = []
        for first in self._parts((), None):
            rows.append(first)
            for second in self._parts((first.name or "",), None):
                rows.append(second)
                rows += self._parts((first.name or "", second.name or ""), top)
        return tuple(rows)

    def _parts(self, path: tuple[str, ...], top: int | None) -> tuple[Count, ...]:
        """The parts of a source: what comes next in the labels that begin with a path."""
        found = self._connection.execute(
            "SELECT split_part(label, chr(31), ?) AS name, NULL, "
            f"{_AMOUNTS} FROM labeled WHERE starts_with(label, ?) AND name != '' "
            f"GROUP BY 1 ORDER BY {self._most} LIMIT ?",
            [len(path) + 1, "".join(f"{each}\x1f" for each in path), top],
        ).fetchall()
        return tuple(self._count(*row, level=len(path)) for row in found)

    def _label(self, key: str, values: Sequence[str], labels: Sequence[str]) -> None:
        """Makes the table `labels` of values, and `labeled` of the statements by them."""
        self._connection.execute(
            "CREATE OR REPLACE TEMP TABLE labels AS "
            "SELECT unnest(?::VARCHAR[]) AS value, unnest(?::VARCHAR[]) AS label",
            [list(values), list(labels)],
        )
        self._connection.execute(
            "CREATE OR REPLACE TEMP TABLE labeled AS "
            f"SELECT label, article, words FROM picked JOIN labels ON value = {key}"
        )

    def _count(
        self,
        name: str | None,
        type_: str | None,
        statements: int,
        words: int | None,
        articles: int,
        *,
        forms: tuple[str, ...] = (),
        level: int = 0,
    ) -> Count:
        amount = (words or 0) if self._in_words else statements
        share = round(amount / self._total, 6) if self._total else 0.0
        return Count(name, type_, statements, words, share, articles, forms, level)
