"""Which statements of an archive are asked for."""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from quoth_cli.table import matching

__all__ = ["Condition", "Question", "days"]

_DATE = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Condition:
    """A part of a WHERE clause with a `?` for each of its parameters, and the columns it reads."""

    sql: str
    parameters: tuple[Any, ...]
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """What a statement must have; what is empty or None asks for nothing.

    In the texts, letter case and accents make no difference, only whole words count, and a word
    that ends in `*` is the beginning of one.

    Attributes:
        speaker: Words of the speaker's name, in any order.
        role: Words of the role, in any order.
        organization: Words of the organization of the role, in any order.
        contains: Phrases; each must be in the content.
        kinds: One of these kinds, such as `direct`.
        speaker_types: One of these types, such as `person`.
        factualities: One of these, such as `denied`.
        articles: The id of one of these articles.
        since: The first day. A statement's date counts if any day that it can mean does.
        until: The last day.
        min_confidence: The least confidence in the statement, from 0 to 1.
        below: The confidence is less than this, or not given.
    """

    speaker: str = ""
    role: str = ""
    organization: str = ""
    contains: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    speaker_types: tuple[str, ...] = ()
    factualities: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    since: datetime.date | None = None
    until: datetime.date | None = None
    min_confidence: float | None = None
    below: float | None = None

    def conditions(self) -> Iterator[Condition]:
        """Yields conditions that must all hold, the ones that are tested fastest first.

        Raises:
            ValueError: A text has no word.
        """
        for column, among in (
            ("kind", self.kinds),
            ("speaker_type", self.speaker_types),
            ("factuality", self.factualities),
            ("article_id", self.articles),
        ):
            if among:
                yield Condition(f"list_contains(?, {column})", (list(among),), (column,))
        if self.min_confidence is not None:
            # As a float of 32 bits, which the column is: 0.9 is at least 0.9.
            yield Condition("confidence >= ?::FLOAT", (self.min_confidence,), ("confidence",))
        if self.below is not None:
            sql = "(confidence >= ?::FLOAT) IS NOT TRUE"
            yield Condition(sql, (self.below,), ("confidence",))
        when = ("date_from", "date_to", "anchor_date")
        if self.since:
            yield Condition("coalesce(date_to, date_from, anchor_date) >= ?", (self.since,), when)
        if self.until:
            yield Condition("coalesce(date_from, date_to, anchor_date) <= ?", (self.until,), when)
        for column, text in (
            ("speaker", self.speaker),
            ("role", self.role),
            ("role_organization", self.organization),
        ):
            if text:
                for pattern in matching.words(text):
                    yield _matches(column, pattern)
        for text in self.contains:
            yield _matches("content", matching.phrase(text))


def _matches(column: str, pattern: str) -> Condition:
    return Condition(f"regexp_matches({column}, ?)", (pattern,), (column,))


def days(text: str) -> tuple[datetime.date, datetime.date]:
    """The first and the last day of `2019`, `2019-05` or `2019-05-25`.

    Raises:
        ValueError: It is none of these, or no day of the calendar.
    """
    found = _DATE.fullmatch(text.strip())
    if not found:
        raise ValueError(f"{text!r} is not a date; give it as 2019, 2019-05 or 2019-05-25")
    year, month, day = (int(part) if part else None for part in found.groups())
    assert year is not None
    try:
        first = datetime.date(year, 1 if month is None else month, 1 if day is None else day)
        last = first.replace(month=12) if month is None else first
        if day is None:
            last = last.replace(day=calendar.monthrange(last.year, last.month)[1])
    except ValueError as error:
        raise ValueError(f"{text!r} is not a calendar day") from error
    return first, last
