"""The time expressions of English news: one grammar table, and what each row means as a date.

The calendar is dateutil's. What the words mean follows news practice: a bare weekday, month or
month and day told as past is the latest one up to and including the day of the article.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum, auto

from dateutil.relativedelta import FR, MO, SA, SU, TH, TU, WE, relativedelta

from quoth_server.engine import calendar_dates
from quoth_server.engine.calendar_dates import DATE, MONTH, YEAR
from quoth_server.engine.types import Granularity, PartialDate, Span

__all__ = ["Expression", "Form", "Reference", "Value", "find"]


@dataclass(frozen=True, slots=True)
class Value:
    """A date as fine as its granularity says; the date of a week is its Monday."""

    date: PartialDate
    granularity: Granularity


@dataclass(frozen=True, slots=True)
class Reference:
    """What expressions count from; None where it is not known.

    `day` is the day of the article, `event` the time of the event told just before, and `future`
    says that the expression tells what is to come.
    """

    day: datetime.date | None
    event: Value | None = None
    future: bool = False


class Form(Enum):
    """What makes sure that words that look like an expression are one."""

    CERTAIN = auto()
    NAME = auto()  # a weekday or month, unless it is a person's or a paper's name
    YEAR = auto()  # a figure that is a year, unless it counts things
    SET = auto()  # "every Friday": no one date


@dataclass(frozen=True, slots=True)
class Expression:
    """Words that tell a time; `granularity` is the unit that they name."""

    span: Span
    form: Form
    granularity: Granularity
    _match: re.Match[str]
    _meaning: _Meaning

    def resolve(self, reference: Reference) -> Value | None:
        """The date that is meant, None where it is vague or what it counts from is missing."""
        return self._meaning(self._match, reference)

    @property
    def follows_event(self) -> bool:
        """Whether it counts from the event told before, not from the day of the article."""
        return self._meaning in (_event_offset, _event_unit, _event_time)


_Meaning = Callable[[re.Match[str], Reference], "Value | None"]

_WEEKDAYS = dict(zip(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), (MO, TU, WE, TH, FR, SA, SU), strict=True))
_NUMBERS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty"
).split()
_TENS = "_ _ twenty thirty forty fifty sixty seventy eighty ninety".split()
_UNITS = {
    "day": Granularity.DAY,
    "night": Granularity.DAY,
    "morning": Granularity.DAY,
    "afternoon": Granularity.DAY,
    "evening": Granularity.DAY,
    "week": Granularity.WEEK,
    "weekend": Granularity.WEEK,
    "month": Granularity.MONTH,
    "year": Granularity.YEAR,
}
_HOLIDAYS = {
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


# ---- meanings -------------------------------------------------------------------------


def _value(day: datetime.date, granularity: Granularity) -> Value:
    if granularity is Granularity.WEEK:
        day += relativedelta(weekday=MO(-1))
    month = 0 if granularity is Granularity.YEAR else day.month
    exact = granularity in (Granularity.DAY, Granularity.WEEK)
    return Value(PartialDate(day.year, month, day.day if exact else 0), granularity)


def _shift(day: datetime.date, count: int, granularity: Granularity) -> Value | None:
    """`count` units after the day, as a date no finer than the unit."""
    try:
        return _value(day + relativedelta(**{f"{granularity.value}s": count}), granularity)
    except (OverflowError, ValueError):  # before year 1 or after 9999
        return None


def _nearest(ref: Reference, candidates: Callable[[int], datetime.date | None]) -> datetime.date | None:
    """Of a date that comes once a year, the one last past, or next to come."""
    if ref.day is None:
        return None
    step = 1 if ref.future else -1
    for year in range(ref.day.year, ref.day.year + 9 * step, step):  # 29 February may be 8 years off
        day = candidates(year)
        if day and (day >= ref.day if ref.future else day <= ref.day):
            return day
    return None


def _month_day(month: int, day: int, ref: Reference) -> Value | None:
    def candidate(year: int) -> datetime.date | None:
        known = calendar_dates.is_day(year, month, day)
        return datetime.date(year, month, day) if known else None

    found = _nearest(ref, candidate)
    return found and _value(found, Granularity.DAY)


def _written(match: re.Match[str], ref: Reference) -> Value | None:
    date = calendar_dates.read(match)
    if date and date.year:
        return Value(PartialDate(date.year, date.month, date.day), Granularity.DAY)
    return date and _month_day(date.month, date.day, ref)


def _holiday(match: re.Match[str], ref: Reference) -> Value | None:
    return _month_day(*_HOLIDAYS[match[0].casefold().replace("’", "'")], ref)


def _month(match: re.Match[str], ref: Reference) -> Value | None:
    month = calendar_dates.month_number(match["month"])
    if match["year"]:
        return Value(PartialDate(int(match["year"]), month), Granularity.MONTH)
    if ref.day is None:
        return None
    this_month = ref.day.replace(day=1)
    which = (match["which"] or "").lower()
    start = {"last": relativedelta(months=-1), "next": relativedelta(months=1)}.get(which)
    start_day = this_month + start if start else this_month
    counted = Reference(start_day, future=which == "next" or (which != "last" and ref.future))
    found = _nearest(counted, lambda year: datetime.date(year, month, 1))
    return found and _value(found, Granularity.MONTH)


def _year(match: re.Match[str], ref: Reference) -> Value | None:
    return Value(PartialDate(int(match["year"])), Granularity.YEAR)


def _weekday(match: re.Match[str], ref: Reference) -> Value | None:
    if ref.day is None:
        return None
    day = _WEEKDAYS[match["weekday"][:3].lower()]
    which = (match["which"] or "").lower()
    if week := (match["week"] or "").lower():
        monday = ref.day + relativedelta(weekday=MO(-1), weeks={"last": -1, "next": 1}.get(week, 0))
        return _value(monday + relativedelta(weekday=day(1)), Granularity.DAY)
    if which == "next" or (ref.future and which != "last"):
        start = ref.day + relativedelta(days=1 if which == "next" else 0)
        return _value(start + relativedelta(weekday=day(1)), Granularity.DAY)
    start = ref.day - relativedelta(days=1 if which == "last" else 0)
    return _value(start + relativedelta(weekday=day(-1)), Granularity.DAY)


def _day_word(match: re.Match[str], ref: Reference) -> Value | None:
    word = match["word"].lower()
    back = "yesterday" in word or word.startswith("last") or (word == "overnight" and not ref.future)
    count = 1 if "tomorrow" in word else -1 if back else 0
    if "day before yesterday" in word or "day after tomorrow" in word:
        count *= 2
    return ref.day and _shift(ref.day, count, Granularity.DAY)


def _unit(match: re.Match[str], ref: Reference) -> Value | None:
    unit = match["unit"].lower()
    count = {"last": -1, "next": 1}.get(match["which"].lower(), 0)
    if ref.day and unit == "weekend" and count < 1 and not ref.future:
        # The weekend last past; "last weekend" of a Saturday is the one before.
        count = 0 if count == 0 and ref.day.weekday() >= 5 else -1
    return ref.day and _shift(ref.day, count, _UNITS[unit])


def _ago(match: re.Match[str], ref: Reference) -> Value | None:
    return ref.day and _shift(ref.day, -_number(match["count"]), _UNITS[match["unit"].lower()])


def _recent_days(match: re.Match[str], ref: Reference) -> Value | None:
    """The finest unit that holds all of "the past few days"; they are taken for four."""
    if ref.day is None:
        return None
    count = 4 if match["count"] is None else _number(match["count"])
    first = ref.day - datetime.timedelta(days=count)
    for unit in (Granularity.WEEK, Granularity.MONTH, Granularity.YEAR):
        if _value(first, unit) == _value(ref.day, unit):
            return _value(ref.day, unit)
    return None


def _vague(match: re.Match[str], ref: Reference) -> Value | None:
    return None


def _event_offset(match: re.Match[str], ref: Reference) -> Value | None:
    later = match["way"].lower() in ("later", "after", "afterward", "afterwards")
    count = _number(match["count"])
    return _from_event(ref.event, count if later else -count, _UNITS[match["unit"].lower()])


def _event_unit(match: re.Match[str], ref: Reference) -> Value | None:
    way = match["which"].lower()
    count = {"next": 1, "following": 1, "after": 1, "previous": -1, "before": -1}.get(way, 0)
    return _from_event(ref.event, count, _UNITS[match["unit"].lower()])


def _event_time(match: re.Match[str], ref: Reference) -> Value | None:
    return ref.event


def _from_event(event: Value | None, count: int, unit: Granularity) -> Value | None:
    """Counts from the event; never finer than its own date is known."""
    order = tuple(Granularity)
    if event is None or order.index(unit) < order.index(event.granularity):
        return event
    date = event.date
    return _shift(datetime.date(date.year, date.month or 1, date.day or 1), count, unit)


def _number(text: str) -> int:
    text = text.lower()
    if text.isdigit():
        return int(text)
    tens, _, ones = text.partition("-")
    if tens in _TENS:
        return 10 * _TENS.index(tens) + (_NUMBERS.index(ones) if ones else 0)
    return _NUMBERS.index(text) if text in _NUMBERS else 1  # "a", "an", "one"


# ---- the grammar ----------------------------------------------------------------------

_MOD = r"(?:(?:early|earlier|late|later|mid)(?:\son)?[\s-])?"
_PART = r"(?:\s(?:(?:early|late)\s)?(?:morning|afternoon|evening|night|lunchtime)\b)?"
_WEEKDAY = (
    r"(?P<weekday>(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|(?:Mon|Tues?|Weds?|Thurs?|Fri|Sat)\.)"
)
_COUNT = r"(?P<count>\d{1,3}|" + "|".join(f"{n}" for n in _NUMBERS[1:]) + (
    "|(?:" + "|".join(_TENS[2:]) + ")(?:-(?:" + "|".join(_NUMBERS[1:10]) + r"))?|an?)\b"
)
_ABOUT = r"(?:nearly|almost|about|around|roughly|some|over|than|least|just\sunder)\s"
_SPAN = r"(?P<unit>day|week|month|year)s?\b"
_TIME = r"(?P<unit>day|night|morning|afternoon|evening|week|weekend|month|year)\b"
_HERE = r"(?=\s*(?:[.,;:!?)”’\"—–]|$))"  # nothing follows that it could count from

_GRAMMAR: tuple[tuple[Form, Granularity | None, _Meaning, str], ...] = (
    (Form.CERTAIN, Granularity.DAY, _written, rf"(?:{_MOD}{_WEEKDAY},?\s\(?)?{DATE}\)?"),
    (Form.CERTAIN, Granularity.DAY, _holiday, "|".join(map(re.escape, _HOLIDAYS)).replace("'", "['’]")),
    (
        Form.NAME,
        Granularity.MONTH,
        _month,
        rf"(?:(?:early|late|mid)[\s-](?:in\s)?)?(?:(?P<which>last|this|next)\s)?(?P<month>{MONTH})"
        rf"(?:(?:,|\sof)?\s(?P<year>{YEAR})\b)?(?!\s\d)",
    ),
    (
        Form.NAME,
        Granularity.DAY,
        _weekday,
        rf"{_MOD}(?:(?P<which>last|this(?:\spast)?|next)\s)?{_WEEKDAY}{_PART}"
        r"(?:\s(?:of\s)?(?P<week>last|this|next)\sweek\b)?",
    ),
    (Form.SET, Granularity.DAY, _vague, rf"(?:every|each|most|alternate)\s(?:other\s)?{_WEEKDAY}"),
    (
        Form.NAME,
        Granularity.DAY,
        _day_word,
        rf"{_MOD}(?P<word>yesterday|today|tonight|tomorrow|last\s(?:night|evening)"
        rf"|this\s(?:morning|afternoon|evening)|the\sday\s(?:before\syesterday|after\stomorrow))\b{_PART}",
    ),
    (
        Form.CERTAIN,
        None,
        _unit,
        rf"{_MOD}(?:in\s)?(?P<which>last|this|next)\s(?P<unit>week|weekend|month|year)\b",
    ),
    (Form.CERTAIN, Granularity.WEEK, _unit, r"(?P<which>over)\sthe\s(?P<unit>weekend)\b"),
    (Form.CERTAIN, None, _ago, rf"{_COUNT}\s{_SPAN}\sago\b"),
    (Form.CERTAIN, None, _vague, rf"(?:{_ABOUT}{_COUNT}|few|several|many|couple\sof|some)\s{_SPAN}\sago\b"),
    (
        Form.CERTAIN,
        Granularity.WEEK,
        _recent_days,
        rf"(?:(?:in|over|during|within)\s)?(?:the\s)?(?:past|last)\s(?:few\s|{_COUNT}\s)days\b",
    ),
    (
        Form.CERTAIN,
        None,
        _vague,
        rf"(?:(?:in|over|during|within)\s)?(?:the\s)?(?:past|last|recent|coming|next)\s(?:few\s|several\s|couple\sof\s|{_COUNT}\s)?"
        r"(?P<unit>day|week|month|year)s\b|(?:(?:in|over|during|within)\s)?(?:this|the)\spast\s(?P<unit2>week|weekend|month|year)\b",
    ),
    (Form.CERTAIN, None, _event_offset, rf"{_COUNT}\s{_SPAN}\s(?P<way>earlier|later|afterwards?)\b"),
    (Form.CERTAIN, None, _event_offset, rf"{_COUNT}\s{_SPAN}\s(?P<way>before|after){_HERE}"),
    (Form.CERTAIN, None, _event_unit, rf"the\s(?P<which>previous|next|following|same)\s{_TIME}"),
    (Form.CERTAIN, None, _event_unit, rf"(?P<which>that)\s(?:same\s)?{_TIME}"),
    (Form.CERTAIN, None, _event_unit, rf"the\s{_TIME}\s(?P<which>before|after){_HERE}"),
    (Form.CERTAIN, Granularity.DAY, _event_time, r"at\s(?:the|that)\stime\b(?!\sof\b)|back\sthen\b|(?-i:then)(?=[.,])"),
    (Form.YEAR, Granularity.YEAR, _year, rf"(?:(?:early|late|mid)[\s-](?:in\s)?)?(?P<year>{YEAR})\b(?![-–/’']?\w|[.,:]\d|%)"),
)
_COMPILED = tuple(
    (form, granularity, meaning, re.compile(rf"(?<![\w$€£.,:/–-])(?:{pattern})", re.IGNORECASE))
    for form, granularity, meaning, pattern in _GRAMMAR
)


def find(text: str) -> Iterator[Expression]:
    """Finds the time expressions of a text, in text order; of two that overlap, the longer one."""
    found = sorted(
        (match.start(), -match.end(), row, match)
        for row, (_, _, _, pattern) in enumerate(_COMPILED)
        for match in pattern.finditer(text)
    )
    end = 0
    for start, _, row, match in found:
        if start >= end:
            form, granularity, meaning, _ = _COMPILED[row]
            end = match.end()
            unit = granularity or _UNITS[(match["unit"] or match["unit2"]).lower()]
            yield Expression(Span(start, end), form, unit, match, meaning)
