"""What time expressions mean: from the words of one to a date of the calendar.

The calendar is dateutil's. The meaning follows news practice: a bare weekday, month, or month and
day in the past is the latest one up to and including the day of the article.

A meaning takes a match of the grammar in `timex` and gives None where the words are vague or what
they count from is not known.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from dateutil.relativedelta import FR, MO, SA, SU, TH, TU, WE, relativedelta

from quoth_server.engine import calendar_dates
from quoth_server.engine.types import CalendarDate, DateGranularity

__all__ = [
    "HOLIDAYS",
    "ONES",
    "TENS",
    "UNITS",
    "Meaning",
    "Reference",
    "Value",
    "ago",
    "day_word",
    "event_offset",
    "event_time",
    "event_unit",
    "holiday",
    "month",
    "recent_days",
    "unit",
    "vague",
    "weekday",
    "written",
    "year",
]


@dataclass(frozen=True, slots=True)
class Value:
    """A date as fine as its granularity says; the date of a week is its Monday."""

    date: CalendarDate
    granularity: DateGranularity


@dataclass(frozen=True, slots=True)
class Reference:
    """What expressions count from; None where it is not known.

    `day` is the day of the article, `event` the time of the last event, and `future` says that
    the expression is about what is to come.
    """

    day: datetime.date | None
    event: Value | None = None
    future: bool = False


Meaning = Callable[[re.Match[str], Reference], Value | None]

ONES = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"),
    "nineteen",
)
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
HOLIDAYS = {
    "new year's day": (1, 1),
    "valentine's day": (2, 14),
    "independence day": (7, 4),
    "july fourth": (7, 4),
    "the fourth of july": (7, 4),
    "halloween": (10, 31),
    "christmas eve": (12, 24),
    "christmas day": (12, 25),
    "boxing day": (12, 26),
    "new year's eve": (12, 31),
}
UNITS = {
    "day": DateGranularity.DAY,
    "night": DateGranularity.DAY,
    "morning": DateGranularity.DAY,
    "afternoon": DateGranularity.DAY,
    "evening": DateGranularity.DAY,
    "week": DateGranularity.WEEK,
    "weekend": DateGranularity.WEEK,
    "month": DateGranularity.MONTH,
    "year": DateGranularity.YEAR,
}
_LENGTHS = {
    DateGranularity.DAY: relativedelta(days=1),
    DateGranularity.WEEK: relativedelta(weeks=1),
    DateGranularity.MONTH: relativedelta(months=1),
    DateGranularity.YEAR: relativedelta(years=1),
}
_WEEKDAYS = {"mon": MO, "tue": TU, "wed": WE, "thu": TH, "fri": FR, "sat": SA, "sun": SU}
_STEPS = {"last": -1, "previous": -1, "before": -1, "next": 1, "following": 1, "after": 1}
_SEASON_ENDS = {"spring": 5, "summer": 8, "fall": 11, "autumn": 11}
"""The last month of each season that lies within one year."""
_LEAP_DAY_GAP = 8  # years, around 1900


def written(match: re.Match[str], ref: Reference) -> Value | None:
    """The day in "May 8, 2019", "8 May", "2019-05-08"."""
    date = calendar_dates.read(match)
    if date is None:
        return None
    if date.year:
        return Value(CalendarDate(date.year, date.month, date.day), DateGranularity.DAY)
    return _of(_yearly(date.month, date.day, ref), DateGranularity.DAY)


def holiday(match: re.Match[str], ref: Reference) -> Value | None:
    """The day of a feast with a fixed date."""
    return _of(_yearly(*HOLIDAYS[match[0].casefold().replace("’", "'")], ref), DateGranularity.DAY)


def month(match: re.Match[str], ref: Reference) -> Value | None:
    """The month in "in May", "last May", "May 2019", "May of last year"."""
    number = calendar_dates.month_number(match["month"])
    if match["of"]:
        this = _count(ref.day, _STEPS.get(match["of"].lower(), 0), DateGranularity.YEAR)
        return this and Value(CalendarDate(this.date.year, number), DateGranularity.MONTH)
    if match["year"]:
        return Value(CalendarDate(int(match["year"]), number), DateGranularity.MONTH)
    if ref.day is None:
        return None
    which = (match["which"] or "").lower()
    start = ref.day.replace(day=1) + _STEPS.get(which, 0) * _LENGTHS[DateGranularity.MONTH]
    future = which == "next" or (ref.future and which != "last")
    return _of(_yearly(number, 1, replace(ref, day=start, future=future)), DateGranularity.MONTH)


def days(match: re.Match[str], ref: Reference) -> Value | None:
    """The month of several days in a row: "May 3-5", "May 3 to 5, 2019"."""
    number = calendar_dates.month_number(match["month"])
    if match["year"]:
        return Value(CalendarDate(int(match["year"]), number), DateGranularity.MONTH)
    first = int(match["day"])
    if not calendar_dates.is_day(0, number, first):
        return None
    return _of(_yearly(number, first, ref), DateGranularity.MONTH)


def season(match: re.Match[str], ref: Reference) -> Value | None:
    """The year of "last summer", the latest that is over, and of "this summer"."""
    if ref.day is None:
        return None
    which = match["which"].lower()
    ends = _SEASON_ENDS[match["season"].lower()]
    over, begun = ref.day.month > ends, ref.day.month > ends - 3
    step = {"last": 0 if over else -1, "next": 1 if begun else 0}.get(which, 0)
    return Value(CalendarDate(ref.day.year + step), DateGranularity.YEAR)


def year(match: re.Match[str], _: Reference) -> Value | None:
    """The year as written."""
    return Value(CalendarDate(int(match["year"])), DateGranularity.YEAR)


def weekday(match: re.Match[str], ref: Reference) -> Value | None:
    """The day in "Tuesday", "last Tuesday", "Tuesday of last week"."""
    if ref.day is None:
        return None
    name = _WEEKDAYS[match["weekday"][:3].lower()]
    which, week = (match["which"] or "").lower(), (match["week"] or "").lower()
    start = ref.day + _STEPS.get(which, 0) * _LENGTHS[DateGranularity.DAY]
    forward = which == "next" or (ref.future and which != "last")
    if week:
        start = ref.day + relativedelta(weeks=_STEPS.get(week, 0), weekday=MO(-1))
        forward = True
    return _of(start + relativedelta(weekday=name(1 if forward else -1)), DateGranularity.DAY)


def day_word(match: re.Match[str], ref: Reference) -> Value | None:
    """The day in "yesterday", "tonight", "last night", "the day after tomorrow"."""
    word = match["word"].lower()
    back = "yesterday" in word or word.startswith("last")
    count = -1 if back else 1 if "tomorrow" in word else 0
    return _count(ref.day, 2 * count if word.startswith("the") else count, DateGranularity.DAY)


def unit(match: re.Match[str], ref: Reference) -> Value | None:
    """The unit in "last week", "earlier this month", "over the weekend"."""
    name, count = match["unit"].lower(), _STEPS.get(match["which"].lower(), 0)
    if ref.day and name == "weekend" and count < 1 and not ref.future:
        # The one last past, which is this week's only while it lasts.
        count = 0 if count == 0 and ref.day.weekday() >= 5 else -1
    return _count(ref.day, count, UNITS[name])


def ago(match: re.Match[str], ref: Reference) -> Value | None:
    """The unit in "two weeks ago"."""
    return _count(ref.day, -_number(match["count"]), UNITS[match["unit"].lower()])


def recent_days(match: re.Match[str], ref: Reference) -> Value | None:
    """The finest unit that holds all of "the past few days", which are taken for four."""
    if ref.day is None:
        return None
    first = ref.day - datetime.timedelta(days=_number(match["count"]) if match["count"] else 4)
    units = (DateGranularity.WEEK, DateGranularity.MONTH, DateGranularity.YEAR)
    return next((_of(first, u) for u in units if _of(first, u) == _of(ref.day, u)), None)


def vague(_match: re.Match[str], _ref: Reference) -> Value | None:
    """None: "several weeks ago" and "in recent months" are not dates."""
    return None


def event_offset(match: re.Match[str], ref: Reference) -> Value | None:
    """The unit in "two days later", counted from the event mentioned before."""
    count = _number(match["count"])
    back = match["way"].lower() in ("earlier", "before")
    return _from_event(ref.event, -count if back else count, UNITS[match["unit"].lower()])


def event_unit(match: re.Match[str], ref: Reference) -> Value | None:
    """The unit in "the next day", "that week", "the day before", from the last event.

    "Earlier in the week" is the article's own week where no event is told.
    """
    which, unit = (match["which"] or "").lower(), UNITS[match["unit"].lower()]
    if ref.event is None and which == "earlier" and unit is not DateGranularity.DAY:
        return _count(ref.day, 0, unit)
    return _from_event(ref.event, _STEPS.get(which, 0), unit)


def event_time(_: re.Match[str], ref: Reference) -> Value | None:
    """The time of the event mentioned before: "at the time", "then"."""
    return ref.event


def _of(day: datetime.date | None, granularity: DateGranularity) -> Value | None:
    """The unit that the day lies in."""
    if day is None:
        return None
    if granularity is DateGranularity.YEAR:
        return Value(CalendarDate(day.year), granularity)
    if granularity is DateGranularity.MONTH:
        return Value(CalendarDate(day.year, day.month), granularity)
    if granularity is DateGranularity.WEEK:
        day += relativedelta(weekday=MO(-1))
    return Value(CalendarDate(day.year, day.month, day.day), granularity)


def _count(day: datetime.date | None, count: int, granularity: DateGranularity) -> Value | None:
    return None if day is None else _of(day + count * _LENGTHS[granularity], granularity)


def _yearly(month: int, day: int, ref: Reference) -> datetime.date | None:
    """That day of the year the last time it came, or will next come."""
    if ref.day is None:
        return None
    step = 1 if ref.future else -1
    for year in range(ref.day.year, ref.day.year + step * (_LEAP_DAY_GAP + 1), step):
        if calendar_dates.is_day(year, month, day):
            found = datetime.date(year, month, day)
            if (found - ref.day).days * step >= 0:
                return found
    return None


def _from_event(event: Value | None, count: int, granularity: DateGranularity) -> Value | None:
    """Counts from the event; never finer than its own date is known."""
    order = tuple(DateGranularity)
    if event is None or order.index(granularity) < order.index(event.granularity):
        return event
    date = event.date
    return _count(datetime.date(date.year, date.month or 1, date.day or 1), count, granularity)


def _number(text: str) -> int:
    text = text.lower()
    if text.isdigit():
        return int(text)
    tens, _, ones = text.partition("-")
    if tens in TENS:
        return 10 * (TENS.index(tens) + 2) + (ONES.index(ones) if ones else 0)
    return ONES.index(text) if text in ONES else 1  # "a", "an"
