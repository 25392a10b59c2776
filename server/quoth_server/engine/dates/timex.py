"""The time expressions of English news: one grammar table, each row with its meaning."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from quoth_server.engine.calendar_dates import DATE, MONTH, YEAR
from quoth_server.engine.dates import time_meanings as meaning
from quoth_server.engine.dates.time_meanings import (
    HOLIDAYS,
    ONES,
    TENS,
    UNITS,
    Meaning,
    Reference,
    Value,
)
from quoth_server.engine.types import DateGranularity, Span

__all__ = ["Expression", "Form", "find"]


class Form(Enum):
    """How sure it is that the words of an expression tell a time wherever they stand."""

    CERTAIN = auto()
    NAME = auto()  # a day or month, unless it is part of a person's or a paper's name
    YEAR = auto()  # a figure that is a year, unless it counts things
    SET = auto()  # "every Friday": no one date


@dataclass(frozen=True, slots=True)
class Expression:
    """Words that tell a time; `granularity` is the unit that they name."""

    span: Span
    form: Form
    granularity: DateGranularity
    match: re.Match[str]
    meaning: Meaning

    def resolve(self, reference: Reference) -> Value | None:
        """The date that is meant, None where it is vague or what it counts from is missing."""
        try:
            return self.meaning(self.match, reference)
        except (OverflowError, ValueError):  # before year 1 or after year 9999
            return None

    @property
    def follows_event(self) -> bool:
        """Whether it counts from the event mentioned before, not from the day of the article."""
        return self.meaning in (meaning.event_offset, meaning.event_time, meaning.event_unit)


_MOD = r"(?:(?:early|earlier|late|later|mid)(?:\son)?[\s-])?"
_PART = r"(?:\s(?:(?:early|late)\s)?(?:morning|afternoon|evening|night|lunchtime)\b)?"
_WEEKDAY = (
    r"(?P<weekday>(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|(?:Mon|Tues?|Wed|Thurs?|Fri|Sat)\.)"
)
_ONES = "|".join(ONES[1:10])
_COUNT = (
    rf"(?P<count>\d{{1,3}}|(?:{'|'.join(TENS)})(?:-(?:{_ONES}))?|{'|'.join(reversed(ONES))}|an?)\b"
)
_ABOUT = r"(?:nearly|almost|about|around|roughly|some|over|(?:more|less)\sthan|at\sleast)\s"
_LENGTH = r"(?P<unit>day|week|month|year)s?\b"
_UNIT = r"(?P<unit>day|night|morning|afternoon|evening|week|weekend|month|year)\b"
_OVER = r"(?:(?:in|over|during|within)\s)?"
_END = r"(?=\s*(?:[.,;:!?)”’\"—–]|$))"  # no event follows that it counts from

_DAY, _WEEK, _MONTH, _YEAR = DateGranularity
_GRAMMAR: tuple[tuple[Form, DateGranularity | None, Meaning, str], ...] = (
    # Form, granularity (None: of the group `unit`), meaning, pattern
    (Form.CERTAIN, _DAY, meaning.written, rf"(?:{_MOD}{_WEEKDAY},?\s\(?)?{DATE}\)?"),
    (Form.CERTAIN, _DAY, meaning.holiday, "|".join(HOLIDAYS).replace("'", "['’]")),
    (
        *(Form.NAME, _MONTH, meaning.month),
        rf"(?:(?:early|late|mid)[\s-](?:in\s)?)?(?:(?P<which>last|this|next)\s)?(?P<month>{MONTH})"
        rf"(?:(?:,|\sof)?\s(?P<year>{YEAR})\b|\sof\s(?P<of>last|this|next)\syear\b)?(?!\s\d)",
    ),
    (
        *(Form.CERTAIN, _MONTH, meaning.days),
        rf"(?P<month>{MONTH})\s(?P<day>[0-3]?\d)(?:\s?[-–—]\s?|\s(?:to|through|until)\s)[0-3]?\d"
        rf"(?:,?\s(?P<year>{YEAR}))?(?![\w-])(?![.,:]\d)(?!\s(?:of\s)?{MONTH})",
    ),
    (
        *(Form.CERTAIN, _YEAR, meaning.season),
        r"(?P<which>last|this|next)\s(?P<season>spring|summer|fall|autumn)\b",
    ),
    (
        *(Form.NAME, _DAY, meaning.weekday),
        rf"{_MOD}(?:(?P<which>last|this(?:\spast)?|next)\s)?{_WEEKDAY}{_PART}"
        r"(?:\s(?:of\s)?(?P<week>last|this|next)\sweek\b)?",
    ),
    (Form.SET, _DAY, meaning.vague, rf"(?:every|each|most|alternate)\s(?:other\s)?{_WEEKDAY}"),
    (
        *(Form.NAME, _DAY, meaning.day_word),
        rf"{_MOD}(?P<word>yesterday|today|tonight|tomorrow|last\s(?:night|evening)|this\s(?:morning"
        rf"|afternoon|evening)|the\sday\s(?:before\syesterday|after\stomorrow))\b{_PART}",
    ),
    (
        *(Form.CERTAIN, None, meaning.unit),
        rf"{_MOD}(?P<which>last|this|next)\s(?P<unit>week|weekend|month|year)\b",
    ),
    (
        *(Form.CERTAIN, None, meaning.unit),
        r"(?P<which>over|during|at|on)\sthe\s(?P<unit>weekend)\b",
    ),
    (Form.CERTAIN, None, meaning.ago, rf"{_COUNT}\s{_LENGTH}\sago\b"),
    (
        *(Form.CERTAIN, None, meaning.vague),
        rf"(?:{_ABOUT}{_COUNT}|(?:a\s)?(?:few|couple\sof)|several|many|some)\s{_LENGTH}\sago\b",
    ),
    (
        *(Form.CERTAIN, _WEEK, meaning.recent_days),
        rf"{_OVER}(?:the\s)?(?:past|last)\s(?:few\s|{_COUNT}\s)days\b",
    ),
    (
        *(Form.CERTAIN, None, meaning.vague),
        rf"{_OVER}(?:the\s)?(?:past|last|recent|coming|next)\s"
        rf"(?:few\s|several\s|couple\sof\s|{_COUNT}\s)?(?P<unit>day|week|month|year)s\b",
    ),
    (
        *(Form.CERTAIN, None, meaning.vague),
        rf"{_OVER}(?:this|the)\spast\s(?P<unit>week|weekend|month|year)\b",
    ),
    (
        *(Form.CERTAIN, None, meaning.event_offset),
        rf"{_COUNT}\s{_LENGTH}\s(?P<way>earlier|later|afterwards?)\b",
    ),
    (
        *(Form.CERTAIN, None, meaning.event_offset),
        rf"{_COUNT}\s{_LENGTH}\s(?P<way>before|after){_END}",
    ),
    (
        *(Form.CERTAIN, None, meaning.event_unit),
        rf"{_MOD}(?:the\s(?P<which>previous|next|following|same)|that(?:\ssame)?)\s{_UNIT}",
    ),
    (Form.CERTAIN, None, meaning.event_unit, rf"the\s{_UNIT}\s(?P<which>before|after){_END}"),
    (
        *(Form.CERTAIN, None, meaning.event_unit),
        r"(?P<which>earlier|later)\sin\sthe\s(?P<unit>day|week|month|year)\b",
    ),
    (
        *(Form.CERTAIN, _DAY, meaning.event_time),
        r"at\s(?:the|that)\stime\b(?!\sof\b)|back\sthen\b|(?-i:then)(?=[.,])",
    ),
    (
        *(Form.YEAR, _YEAR, meaning.year),
        rf"(?:(?:early|late|mid)[\s-](?:in\s)?)?(?P<year>{YEAR})\b(?![-–/’']?\w|[.,:]\d|%)",
    ),
)
_COMPILED = tuple(
    (form, granularity, meant, re.compile(rf"(?<![\w$€£.,:/–-])(?:{pattern})", re.IGNORECASE))
    for form, granularity, meant, pattern in _GRAMMAR
)


def find(text: str) -> Iterator[Expression]:
    """Finds the time expressions of a text, in text order, the longest from where each begins."""
    found = sorted(
        (match.start(), -match.end(), row, match)
        for row, (_, _, _, pattern) in enumerate(_COMPILED)
        for match in pattern.finditer(text)
    )
    end = 0
    for start, _, row, match in found:
        if start >= end:
            form, granularity, meant, _ = _COMPILED[row]
            end = match.end()
            unit = granularity or UNITS[match["unit"].lower()]
            yield Expression(Span(start, end), form, unit, match, meant)
