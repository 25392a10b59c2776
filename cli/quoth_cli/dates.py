"""Dates of publication as programs and people write them, in ISO 8601."""

from __future__ import annotations

import datetime
import email.utils
import re
from pathlib import PurePath

__all__ = ["BadDate", "day_of_name", "iso_date", "since_1970"]

_LONGEST_DATE = 100
_ISO_DAY = len("2019-05-25")
# The unit of a point in time is what puts it between 1973 and 5138. What is less is none: a year,
# a day of some other epoch, or a mistake.
_LEAST_SECONDS = 10**8
_UNITS = ((10**11, 1), (10**14, 10**3), (10**17, 10**6), (10**20, 10**9))
_EPOCH = re.compile(r"-?\d{9,19}(?:\.\d{0,9})?", re.ASCII)
_COMPACT_DAY = re.compile(r"(?:1[89]|20|21)\d{6}", re.ASCII)
_NAMED_DAY = re.compile(r"(?<!\d)((?:1[89]|20)\d\d)([-_.]?)(\d\d)\2(\d\d)(?!\d)", re.ASCII)
_UTC = frozenset({"UTC", "GMT", "Z"})
_SLASHES = re.compile(r"(\d{4})/(\d{1,2})/(\d{1,2})\b", re.ASCII)
_UNIX_DATE = re.compile(
    r"[a-z]{3} ([a-z]{3}) +(\d{1,2}) (\d\d:\d\d:\d\d) (?:(utc|gmt|[+-]\d{4}) )?(\d{4})", re.ASCII
)

_MAIL = re.compile(
    r"(?:[a-z]{3,9}, ?)?\d{1,2}[ -][a-z]{3,9}[ -]\d{2,4} \d{1,2}:\d\d", re.ASCII | re.IGNORECASE
)

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            *("january jan", "february feb", "march mar", "april apr", "may", "june jun"),
            *("july jul", "august aug", "september sept sep", "october oct", "november nov"),
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH = f"({'|'.join(_MONTHS)})"
_DAY = r"(\d{1,2})(?:st|nd|rd|th)?"
_WRITTEN = re.compile(
    r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)? )?"
    rf"(?:{_MONTH} {_DAY}|(?:the )?{_DAY} (?:of )?{_MONTH}) (\d{{4}})"
    r"(?: (?:at )?(\d{1,2}):(\d\d)(?::(\d\d))? ?([ap]m)?(?: ?(utc|gmt|z|[+-]\d\d:?\d\d))?)?",
    re.ASCII,
)


class BadDate(ValueError):
    """A value is not a date that is read."""


def iso_date(value: str | int | float | datetime.date) -> str:
    """A day or a time in ISO 8601.

    Read are ISO 8601, dates of e-mails and feeds ("Wed, 08 May 2024 10:00:00 GMT"), of Unix ("Wed
    May 08 10:00:00 +0000 2024"), written out in English ("May 25, 2019", "25 May 2019 at 10:00"),
    2019/05/25 and 20190525, and points in time as seconds since 1970 or thousandths, millionths or
    billionths of them. What has the month in figures before or behind the day can mean two days,
    so it is not read.

    Raises:
        BadDate: It is none of these.
    """
    if isinstance(value, datetime.date):
        return value.isoformat()
    if not isinstance(value, str):
        return _number(value)
    text = " ".join(value.split()) if len(value) <= _LONGEST_DATE else ""
    for read in (_iso, _figures, _written, _unix, _mail):
        if found := read(text):
            return found
    raise BadDate


def day_of_name(name: str) -> str:
    """The day in the name of a file, such as 2019-05-25 of `2019-05-25-quake.txt`; empty if none.

    It is a year, a month and a day in figures, with the same divider or without any. Of several
    days none is meant.
    """
    found = {
        _iso(f"{year}-{month}-{day}")
        for year, _, month, day in _NAMED_DAY.findall(PurePath(name).name)
    } - {""}
    return found.pop() if len(found) == 1 else ""


def _number(value: float) -> str:
    if value == value // 1 and abs(value) < _LEAST_SECONDS:  # pandas has whole numbers as floats
        value = int(value)
    if _COMPACT_DAY.fullmatch(str(value)) and (day := _iso(str(value))):
        return day
    return _instant(value).isoformat()


def _instant(value: float) -> datetime.datetime:
    if abs(value) >= _LEAST_SECONDS:
        for most, unit in _UNITS:
            if abs(value) < most:
                found = since_1970(value / unit)
                if found is not None:
                    return found
    raise BadDate


def since_1970(seconds: float) -> datetime.datetime | None:
    """The instant, in UTC; None if it is outside the years 1 to 9999."""
    try:
        return datetime.datetime.fromtimestamp(0, datetime.UTC) + datetime.timedelta(
            seconds=seconds
        )
    except OverflowError:
        return None


def _iso(text: str) -> str:
    try:
        if len(text) <= _ISO_DAY:
            return datetime.date.fromisoformat(text).isoformat()
        return datetime.datetime.fromisoformat(text).isoformat()
    except ValueError:
        return ""


def _figures(text: str) -> str:
    if _EPOCH.fullmatch(text):
        return _instant(float(text) if "." in text else int(text)).isoformat()
    if found := _SLASHES.match(text):
        year, month, day = (int(part) for part in found.groups())
        text = f"{year}-{month:02}-{day:02}{text[found.end() :]}"
    # A zone behind a blank, as many programs write it.
    moment, _, zone = text.rpartition(" ")
    if moment and zone in _UTC:
        text = f"{moment}+00:00"
    elif moment and zone[0] in "+-":
        text = moment + zone
    return _iso(text)


def _written(text: str) -> str:
    words = text.casefold().replace(",", " ").replace(".", "")
    found = _WRITTEN.fullmatch(" ".join(words.split()))
    if not found:
        return ""
    month, day, other_day, other_month, year, hour, minute, second, half, zone = found.groups()
    date = f"{year}-{_MONTHS[month or other_month]:02}-{int(day or other_day):02}"
    if hour is None:
        return _iso(date)
    hours = int(hour)
    if half:
        if not 1 <= hours <= 12:
            return ""
        hours = hours % 12 + 12 * (half == "pm")
    offset = "+00:00" if zone in ("utc", "gmt", "z") else zone or ""
    return _iso(f"{date}T{hours:02}:{minute}:{second or '00'}{offset}")


def _unix(text: str) -> str:
    found = _UNIX_DATE.fullmatch(text.casefold())
    if not found or found[1] not in _MONTHS:
        return ""
    month, day, time, zone, year = found.groups()
    offset = "+00:00" if zone in ("utc", "gmt") else zone or ""
    return _iso(f"{year}-{_MONTHS[month]:02}-{int(day):02}T{time}{offset}")


def _mail(text: str) -> str:
    if not _MAIL.match(text):
        return ""
    try:
        return email.utils.parsedate_to_datetime(text).isoformat()
    except (ValueError, OverflowError):
        return ""
