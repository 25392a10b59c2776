"""The grammar of time expressions, and what they mean on Wednesday, May 8, 2024."""

from __future__ import annotations

import datetime
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quoth_server.engine.dates import timex
from quoth_server.engine.dates.time_meanings import Reference, Value
from quoth_server.engine.types import CalendarDate, DateGranularity

WEDNESDAY = datetime.date(2024, 5, 8)


def iso(value: Value | None) -> str:
    """`2024-05-07`, `2024-W19`, `2024-05`, `2024`, or nothing."""
    if value is None:
        return ""
    date = value.date
    if value.granularity is DateGranularity.WEEK:
        day = datetime.date(date.year, date.month, date.day)
        assert day.weekday() == 0
        return "{}-W{:02}".format(*day.isocalendar()[:2])
    return "-".join(f"{part:02}" for part in (date.year, date.month, date.day) if part)


def resolved(text: str, **reference: object) -> list[tuple[str, str]]:
    ref = Reference(**{"day": WEDNESDAY, **reference})
    return [(e.span.of(text), iso(e.resolve(ref))) for e in timex.find(text)]


@pytest.mark.parametrize(
    ("text", "date"),
    [
        # a weekday is the latest one, the day of the article included
        ("Tuesday", "2024-05-07"),
        ("Wednesday", "2024-05-08"),
        ("Thursday", "2024-05-02"),
        ("late Tuesday", "2024-05-07"),
        ("late on Tuesday", "2024-05-07"),
        ("early Wednesday morning", "2024-05-08"),
        ("Tuesday night", "2024-05-07"),
        ("Tues. night", "2024-05-07"),
        ("last Friday", "2024-05-03"),
        ("last Wednesday", "2024-05-01"),
        ("this Monday", "2024-05-06"),
        ("next Monday", "2024-05-13"),
        ("next Wednesday", "2024-05-15"),
        ("Friday last week", "2024-05-03"),
        ("Friday of last week", "2024-05-03"),
        ("Friday next week", "2024-05-17"),
        # with month and day
        ("Tuesday, May 7", "2024-05-07"),
        ("Sunday (May 5)", "2024-05-05"),
        ("May 3", "2024-05-03"),
        ("3 May", "2024-05-03"),
        ("3rd of May", "2024-05-03"),
        ("Dec. 12", "2023-12-12"),
        ("Sept. 5", "2023-09-05"),
        ("May 9", "2023-05-09"),
        ("May 3, 2019", "2019-05-03"),
        ("3 May 2019", "2019-05-03"),
        ("2019-05-03", "2019-05-03"),
        ("25/05/2019", "2019-05-25"),
        ("29 February", "2024-02-29"),
        ("Christmas Eve", "2023-12-24"),
        ("New Year’s Day", "2024-01-01"),
        # months and years
        ("May", "2024-05"),
        ("April", "2024-04"),
        ("June", "2023-06"),
        ("mid-April", "2024-04"),
        ("early in March", "2024-03"),
        ("last May", "2023-05"),
        ("last April", "2024-04"),
        ("next May", "2025-05"),
        ("June 2019", "2019-06"),
        ("late 2019", "2019"),
        # words
        ("yesterday", "2024-05-07"),
        ("yesterday morning", "2024-05-07"),
        ("today", "2024-05-08"),
        ("earlier today", "2024-05-08"),
        ("tonight", "2024-05-08"),
        ("last night", "2024-05-07"),
        ("this morning", "2024-05-08"),
        ("tomorrow", "2024-05-09"),
        ("the day before yesterday", "2024-05-06"),
        ("the day after tomorrow", "2024-05-10"),
        # units
        ("this week", "2024-W19"),
        ("earlier this week", "2024-W19"),
        ("last week", "2024-W18"),
        ("next week", "2024-W20"),
        ("last weekend", "2024-W18"),
        ("over the weekend", "2024-W18"),
        ("during the weekend", "2024-W18"),
        ("at the weekend", "2024-W18"),
        # a month of a year told from this one
        ("March of last year", "2023-03"),
        ("May of this year", "2024-05"),
        ("January of next year", "2025-01"),
        # several days are their month, a season is its year
        ("April 3-5", "2024-04"),
        ("May 24 to 26", "2023-05"),
        ("May 24 through 26, 2019", "2019-05"),
        ("last fall", "2023"),
        ("last summer", "2023"),
        ("this spring", "2024"),
        ("last spring", "2023"),
        ("next summer", "2024"),
        ("next spring", "2025"),
        # without an event the article's own week
        ("earlier in the week", "2024-W19"),
        ("this month", "2024-05"),
        ("last month", "2024-04"),
        ("late last month", "2024-04"),
        ("last year", "2023"),
        ("two days ago", "2024-05-06"),
        ("three weeks ago", "2024-W16"),
        ("a month ago", "2024-04"),
        ("twenty-two years ago", "2002"),
        ("13 years ago", "2011"),
        ("fourteen years ago", "2010"),
        # a stretch of days lies in the finest unit that holds all of it
        ("over the past few days", "2024-05"),
        ("in the past two days", "2024-W19"),
        # vague, so no date
        ("several weeks ago", ""),
        ("a few days ago", ""),
        ("nearly two years ago", ""),
        ("more than 20 years ago", ""),
        ("in recent months", ""),
        ("this past year", ""),
        ("every Friday", ""),
        ("03/05/2019", ""),  # May 3 or March 5
    ],
)
def test_meaning(text: str, date: str) -> None:
    assert resolved(text) == [(text, date)]


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("Tuesday", "2024-05-14"),
        ("Wednesday", "2024-05-08"),
        ("last Friday", "2024-05-03"),
        ("May 3", "2025-05-03"),
        ("June", "2024-06"),
        ("April", "2025-04"),
        ("this weekend", "2024-W19"),
    ],
)
def test_meaning_of_what_is_to_come(text: str, date: str) -> None:
    assert resolved(text, future=True) == [(text, date)]


@pytest.mark.parametrize(
    ("text", "event", "date"),
    [
        ("a day earlier", "2024-04-30", "2024-04-29"),
        ("two days later", "2024-04-30", "2024-05-02"),
        ("the day before,", "2024-05-01", "2024-04-30"),
        ("a week after.", "2024-04-30", "2024-W19"),
        ("the next day", "2024-04-30", "2024-05-01"),
        ("the following morning", "2024-04-30", "2024-05-01"),
        ("the previous week", "2024-04-30", "2024-W17"),
        ("that day", "2024-04-30", "2024-04-30"),
        ("later that month", "2024-04-30", "2024-04"),
        ("earlier in the day", "2024-04-30", "2024-04-30"),
        ("at the time", "2024-04-30", "2024-04-30"),
        # never finer than the event's own date
        ("the following morning", "2024-04", "2024-04"),
        ("two days later", "2019", "2019"),
        ("the following month", "2024-04", "2024-05"),
    ],
)
def test_meaning_from_an_event(text: str, event: str, date: str) -> None:
    parts = [int(part) for part in event.split("-")]
    granularity = (DateGranularity.YEAR, DateGranularity.MONTH, DateGranularity.DAY)[len(parts) - 1]
    told = Value(CalendarDate(*parts), granularity)
    assert [d for _, d in resolved(text, event=told)] == [date]
    assert [d for _, d in resolved(text)] == [""]


@pytest.mark.parametrize(
    ("published", "text", "date"),
    [
        ("2024-01-02", "Dec. 30", "2023-12-30"),
        ("2024-01-02", "Sunday", "2023-12-31"),
        ("2024-01-02", "last week", "2023-W52"),
        ("2024-01-02", "December", "2023-12"),
        ("2024-01-31", "a month ago", "2023-12"),
        ("2024-03-31", "last month", "2024-02"),
        ("2024-03-02", "two days ago", "2024-02-29"),
        ("2023-03-01", "Feb. 29", "2020-02-29"),
        ("2024-05-05", "over the weekend", "2024-W18"),
        ("2024-05-06", "over the weekend", "2024-W18"),
        ("0001-01-01", "two years ago", ""),
        ("0001-01-01", "Dec. 30", ""),
        ("9999-12-31", "next week", ""),
    ],
)
def test_calendar_edges(published: str, text: str, date: str) -> None:
    assert resolved(text, day=datetime.date.fromisoformat(published)) == [(text, date)]


@pytest.mark.parametrize("text", ["Tuesday", "May 3", "last month", "two days ago", "in May"])
def test_without_an_anchor_relative_expressions_stay_unresolved(text: str) -> None:
    assert [date for _, date in resolved(text, day=None)] == [""]


@pytest.mark.parametrize(
    ("text", "date"), [("May 3, 2019", "2019-05-03"), ("June 2019", "2019-06"), ("2019", "2019")]
)
def test_without_an_anchor_full_dates_are_resolved(text: str, date: str) -> None:
    assert resolved(text, day=None) == [(text, date)]


@pytest.mark.parametrize(
    "text",
    [
        "the 1990s",
        "$2019",
        "2019,5",
        "1,999 people",
        "2024-25",
        "Fridays",
        "a week before the vote",
        "the day after the storm",
        "at the time of the vote",
        "Then he left",
        "Mayor",
        "an hour ago",
        "",
    ],
)
def test_phrases_that_are_not_time_expressions(text: str) -> None:
    assert resolved(text) == []


def test_the_longest_from_where_each_begins() -> None:
    text = "He said late Tuesday, May 7, 2024 that last month’s vote on Friday night was void."
    assert [e.span.of(text) for e in timex.find(text)] == [
        "late Tuesday, May 7, 2024",
        "last month",
        "Friday night",
    ]


def test_wrapped_lines_and_hard_spaces_part_words_too() -> None:
    assert [d for _, d in resolved("early\nTuesday\u00a0night and May\n3")] == [
        "2024-05-07",
        "2024-05-03",
    ]


_WORDS = [
    *("two", "the", "day", "week", "before", "last", "Friday", "May", "3", ",", "2019", "ago"),
    *("earlier", "next", "weekend", "29", "February", "Tues.", "year", "that"),
]


@given(
    st.lists(st.sampled_from(_WORDS)),
    st.dates(),
    st.booleans(),
)
def test_any_words_and_any_day_resolve_without_error(
    words: list[str], day: datetime.date, future: bool
) -> None:
    text = " ".join(words)
    for expression in timex.find(text):
        assert expression.span.of(text).strip()
        value = expression.resolve(Reference(day, future=future))
        if value is not None and value.granularity is DateGranularity.DAY:
            datetime.date(value.date.year, value.date.month, value.date.day)


def test_long_text_without_expressions_is_fast() -> None:
    start = time.monotonic()
    for unit in ("a ", "May ", "the ", "two ", "1", "  "):
        list(timex.find(unit * 20_000))
    assert time.monotonic() - start < 30
