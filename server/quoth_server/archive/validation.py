"""Requests to the archive in, questions out, or every bad field named at once."""

from __future__ import annotations

import calendar
import datetime
from typing import Any, Literal

from quoth import v1
from quoth_server.archive.question import Order, Question
from quoth_server.service.enums import word
from quoth_server.service.violations import Violations

__all__ = ["Checks"]

_LONGEST_FIELD = 2_000  # code points
_MOST_VALUES = 16
_PAGE = 50
_LARGEST_PAGE = 1_000
# Of a field that says how many: the value where none is sent, and the largest.
_NUMBERS = {"max_places": (10, 100), "max_people": (10, 100), "max_occurrences": (100, 1_000)}
_FEWEST_ARTICLES = 2
_MOST_ARTICLES = 2**31 - 1
_ORDERS = {
    v1.StatementOrder.STATEMENT_ORDER_UNSPECIFIED: Order.NEWEST,
    v1.StatementOrder.STATEMENT_ORDER_NEWEST: Order.NEWEST,
    v1.StatementOrder.STATEMENT_ORDER_OLDEST: Order.OLDEST,
    v1.StatementOrder.STATEMENT_ORDER_ARCHIVE: Order.ARCHIVE,
}


class Checks(Violations):
    """What is wrong with a request, gathered field by field while its values are read."""

    def text(self, field: str, value: str) -> str:
        """A text that is short enough."""
        self.length(field, len(value), _LONGEST_FIELD)
        return value

    def required(self, field: str, value: str) -> str:
        """A text that is not empty."""
        if not value:
            self.missing(field)
        return self.text(field, value)

    def no_word(self, field: str) -> None:
        """A text has no word."""
        self.add(field, "it has no word; send at least one", "NO_WORD")

    def encoding(self, value: int) -> v1.OffsetEncoding.ValueType:
        """The unit of offsets."""
        if value not in v1.OffsetEncoding.values():
            self.unknown("offset_encoding", value, "OffsetEncoding")
        return v1.OffsetEncoding.ValueType(value or v1.OffsetEncoding.OFFSET_ENCODING_UTF32)

    def number(self, field: str, value: int) -> int:
        """How many of something to return at most, as `max_places`."""
        usual, most = _NUMBERS[field]
        return self._in_range(field, value, most) or usual

    def articles(self, value: int) -> int:
        """How many articles have a quotation at least."""
        return max(_FEWEST_ARTICLES, self._in_range("min_articles", value, _MOST_ARTICLES))

    def page_size(self, value: int) -> int:
        """How much is on a page; more than the largest is the largest."""
        if value < 0:
            self._in_range("page_size", value, _LARGEST_PAGE)
        return min(value or _PAGE, _LARGEST_PAGE)

    def order(self, value: v1.StatementOrder.ValueType) -> Order:
        """The order of statements."""
        if value not in _ORDERS:
            self.unknown("order", value, "StatementOrder")
        return _ORDERS.get(value, Order.NEWEST)

    def values(self, field: str, values: Any, enum: Any) -> frozenset[str]:
        """Values of an enum as the words that rows have."""
        if len(values) > _MOST_VALUES:
            self.too_many(field, len(values), _MOST_VALUES, "list each once")
            return frozenset()
        for place, value in enumerate(values):
            if not value or value not in enum.values():
                self.unknown(f"{field}[{place}]", value, f"{enum.DESCRIPTOR.name} to look for")
        return frozenset(found for value in values if (found := word(enum, value)))

    def question(self, given: v1.StatementFilter) -> Question:
        """What a filter asks for, but for the person."""
        for name in ("contains", "speaker", "role", "organization", "article_id", "person_id"):
            self.text(f"filter.{name}", getattr(given, name))
        least = given.min_confidence if given.HasField("min_confidence") else None
        if least is not None:
            self.confidence("filter.min_confidence", least)
        since, until = self._day("since", given, last=False), self._day("until", given, last=True)
        if since and until and until < since:
            told = f"{until} is before filter.since, {since}; swap them"
            self.add("filter.until", told, "INVALID_DATE")
        return Question(
            contains=given.contains,
            speaker=given.speaker,
            role=given.role,
            organization=given.organization,
            kinds=self.values("filter.kinds", given.kinds, v1.StatementKind),
            speaker_types=self.values("filter.speaker_types", given.speaker_types, v1.SpeakerType),
            factualities=self.values("filter.factualities", given.factualities, v1.Factuality),
            article_id=given.article_id,
            since=since,
            until=until,
            min_confidence=least,
        )

    def _day(
        self, name: Literal["since", "until"], given: v1.StatementFilter, *, last: bool
    ) -> datetime.date | None:
        """The first or the last day that a date can mean; None if it is not given."""
        if not given.HasField(name):
            return None
        date: v1.CalendarDate = getattr(given, name)
        try:
            if date.day and not date.month:
                raise ValueError
            month = date.month or (12 if last else 1)
            day = date.day or (calendar.monthrange(date.year, month)[1] if last else 1)
            return datetime.date(date.year, month, day)
        except (ValueError, calendar.IllegalMonthError):
            self.add(
                f"filter.{name}",
                f"{date.year}-{date.month}-{date.day} is not a day, a month or a year from 1 to "
                "9999; send one, with 0 for unused parts",
                "INVALID_DATE",
            )
            return None

    def _in_range(self, field: str, value: int, most: int) -> int:
        if not 0 <= value <= most:
            told = f"{value} is not from 0 to {most}"
            self.add(field, told, "OUT_OF_RANGE", value=value, min=0, max=most)
        return value
