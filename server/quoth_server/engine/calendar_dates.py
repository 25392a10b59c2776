"""Calendar dates as English texts write them: "May 8, 2019", "8 May", "2019-05-08"."""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass

from quoth_server.engine.types import Span

__all__ = ["MONTH", "WrittenDate", "find", "is_day", "month_number"]

_NAMES = [name for name in calendar.month_name if name]
_SHORT = {name: name[:3] for name in _NAMES} | {"September": "Sept?"}

MONTH = "(?:" + "|".join(f"{n}|{_SHORT[n]}\\b\\.?" for n in _NAMES) + ")"
"""Pattern of a month's name, in full or as abbreviated by news agencies; case matters or not as the
whole pattern is compiled."""

_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
_YEAR = r"(?:1[5-9]|20)\d\d"
_PATTERN = re.compile(
    rf"(?<![\w-])(?:(?P<iso>{_YEAR}[-/.][01]?\d[-/.][0-3]?\d)(?=T\d|(?!\d))"
    rf"|(?P<slashed>[0-3]?\d[/.][0-3]?\d[/.]{_YEAR})(?!\d)"
    rf"|(?P<m1>{MONTH})\ (?P<d1>{_DAY})(?:,?\ (?P<y1>{_YEAR}))?(?![\w-])(?![.,:]\d)"
    rf"|(?P<d2>{_DAY})(?:\ of)?\ (?P<m2>{MONTH})(?:,?\ (?P<y2>{_YEAR}))?(?!\w))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A month and day as written; `year` is 0 where the text leaves it out."""

    span: Span
    year: int
    month: int
    day: int


def month_number(name: str) -> int:
    """The month that a name or its abbreviation ("Sept.") stands for, 1 to 12."""
    start = name[:3].casefold()
    return next(i for i, full in enumerate(_NAMES, 1) if full[:3].casefold() == start)


def is_day(year: int, month: int, day: int) -> bool:
    """Whether the calendar has that day; without a year (0), whether a leap year has it."""
    try:
        datetime.date(year or 2000, month, day)
    except ValueError:
        return False
    return True


def find(text: str, start: int = 0, end: int | None = None) -> Iterator[WrittenDate]:
    """Finds the days written in `text[start:end]` with their month and day, in text order.

    Days in figures alone are read only where no two orders are possible: 25/05/2019, not 03/05/2019.
    """
    for match in _PATTERN.finditer(text, start, len(text) if end is None else end):
        span = Span(*match.span())
        if match["iso"]:
            year, month, day = map(int, re.split("[-/.]", match["iso"]))
        elif match["slashed"]:
            first, second, year = map(int, re.split("[/.]", match["slashed"]))
            if first != second and first <= 12 and second <= 12:
                continue
            month, day = (second, first) if first > 12 else (first, second)
        else:
            month = month_number(match["m1"] or match["m2"])
            day = int((match["d1"] or match["d2"]).rstrip("stndrhSTNDRH"))
            year = int(match["y1"] or match["y2"] or 0)
        if is_day(year, month, day):
            yield WrittenDate(span, year, month, day)
