"""Calendar dates as English texts write them: "May 8, 2019", "8 May", "2019-05-08"."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass

from quoth_server.engine.types import Span

__all__ = ["DATE", "MONTH", "YEAR", "WrittenDate", "find", "is_day", "month_number", "read"]

_NAMES = tuple(calendar.month_name)[1:]

MONTH = (
    "(?:" + "|".join(rf"{n}\b|{n[:3]}{'t?' if n == 'September' else ''}\b\.?" for n in _NAMES) + ")"
)
YEAR = r"(?:1[5-9]|20)\d\d"
DATE = (
    rf"(?:(?P<iso>{YEAR}[-/.][01]?\d[-/.][0-3]?\d)(?=T\d|(?!\d))"
    rf"|(?P<slashed>[0-3]?\d[/.][0-3]?\d[/.]{YEAR})(?!\d)"
    rf"|(?P<m1>{MONTH})\s(?P<d1>[0-3]?\d)(?:st|nd|rd|th)?(?:,?\s(?P<y1>{YEAR}))?(?![\w-])(?![.,:]\d)"
    rf"|(?P<d2>[0-3]?\d)(?:st|nd|rd|th)?(?:\sof)?\s(?P<m2>{MONTH})(?:,?\s(?P<y2>{YEAR}))?(?!\w))"
)
"""Pattern of a day written with its month, for a match to be given to `read`."""

_DATE = re.compile(r"(?<![\w-])" + DATE, re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A month and day as written; `year` is 0 where the text leaves it out."""

    span: Span
    year: int
    month: int
    day: int


def month_number(name: str) -> int:
    """The month that a name or its abbreviation ("Sept.") stands for, 1 to 12."""
    start = name[:3].title()
    return next(number for number, full in enumerate(_NAMES, 1) if full.startswith(start))


def is_day(year: int, month: int, day: int) -> bool:
    """Whether the calendar has that day; without a year (0), whether a leap year has it."""
    return 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year or 2000, month)[1]


def read(match: re.Match[str]) -> WrittenDate | None:
    """Reads a match of `DATE`; None for no day of the calendar.

    Days in figures alone are read only where one order is possible: 25/05/2019, not 03/05/2019.
    """
    if match["iso"]:
        year, month, day = map(int, re.split("[-/.]", match["iso"]))
    elif match["slashed"]:
        first, second, year = map(int, re.split("[/.]", match["slashed"]))
        if first != second and max(first, second) <= 12:
            return None
        month, day = (second, first) if first > 12 else (first, second)
    else:
        month = month_number(match["m1"] or match["m2"])
        day = int(match["d1"] or match["d2"])
        year = int(match["y1"] or match["y2"] or 0)
    return WrittenDate(Span(*match.span()), year, month, day) if is_day(year, month, day) else None


def find(text: str, start: int = 0, end: int | None = None) -> Iterator[WrittenDate]:
    """Finds the days written in `text[start:end]` with their month and day, in text order."""
    for match in _DATE.finditer(text, start, len(text) if end is None else end):
        if date := read(match):
            yield date
