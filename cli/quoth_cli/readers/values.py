"""Values of an input as programs write them: MongoDB's extended JSON, and dates of many forms."""

from __future__ import annotations

import datetime
import email.utils
import re
from typing import Any

__all__ = ["BadDate", "iso_date", "plain"]

# https://www.mongodb.com/docs/manual/reference/mongodb-extended-json/
_TEXTS = frozenset({"$oid", "$uuid", "$numberDecimal", "$symbol"})
_WHOLE = frozenset({"$numberLong", "$numberInt"})
_LONGEST_NUMBER = 20

_LONGEST_DATE = 100
_ISO_DAY = len("2019-05-25")
# The unit of a point in time is what puts it between 1973 and 5138. What is less is none: a year,
# a day of an epoch of its own, or a mistake.
_LEAST_SECONDS = 10**8
_UNITS = ((10**11, 1), (10**14, 10**3), (10**17, 10**6), (10**20, 10**9))
_EPOCH = re.compile(r"-?\d{9,19}(?:\.\d{0,9})?", re.ASCII)
_COMPACT_DAY = re.compile(r"(?:1[89]|20|21)\d{6}", re.ASCII)
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
    """A value is no date that is read."""


def plain(value: Any) -> Any:
    """A value of MongoDB's extended JSON as what it stands for; any other as it is."""
    if not isinstance(value, dict) or len(value) != 1:
        return value
    ((kind, inner),) = value.items()
    if kind == "$date":
        inner = plain(inner)
        if isinstance(inner, int) and not isinstance(inner, bool):
            return _moment(inner / 1000) or value  # of milliseconds always
        return inner
    if kind in _TEXTS and isinstance(inner, str):
        return inner
    if kind in _WHOLE and isinstance(inner, str) and len(inner) <= _LONGEST_NUMBER:
        try:
            return int(inner)
        except ValueError:
            return value
    return value


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


def _number(value: float) -> str:
    if value == value // 1 and abs(value) < _LEAST_SECONDS:  # pandas has whole numbers as floats
        value = int(value)
    if _COMPACT_DAY.fullmatch(str(value)) and (day := _iso(str(value))):
        return day
    return _since_1970(value).isoformat()


def _since_1970(value: float) -> datetime.datetime:
    if abs(value) >= _LEAST_SECONDS:
        for most, unit in _UNITS:
            if abs(value) < most:
                found = _moment(value / unit)
                if found is not None:
                    return found
    raise BadDate


def _moment(seconds: float) -> datetime.datetime | None:
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
        datetime.datetime.fromisoformat(text)
    except ValueError:
        return ""
    return text


def _figures(text: str) -> str:
    if _EPOCH.fullmatch(text):
        return _since_1970(float(text) if "." in text else int(text)).isoformat()
    if found := _SLASHES.match(text):
        year, month, day = (int(part) for part in found.groups())
        text = f"{year}-{month:02}-{day:02}{text[found.end() :]}"
    # A zone behind a blank, as many programs write it.
    moment, _, zone = text.rpartition(" ")
    if moment and zone in _UTC:
        text = f"{moment}+00:00"
    elif moment and zone[0] in "+-":
        text = moment + zone
    return _exact(text)


def _exact(text: str) -> str:
    """The one form of a date that is in ISO 8601; empty if it is not."""
    if len(text) <= _ISO_DAY:
        return _iso(text)
    return datetime.datetime.fromisoformat(text).isoformat() if _iso(text) else ""


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
    return _exact(f"{date}T{hours:02}:{minute}:{second or '00'}{offset}")


def _unix(text: str) -> str:
    found = _UNIX_DATE.fullmatch(text.casefold())
    if not found or found[1] not in _MONTHS:
        return ""
    month, day, time, zone, year = found.groups()
    offset = "+00:00" if zone in ("utc", "gmt") else zone or ""
    return _exact(f"{year}-{_MONTHS[month]:02}-{int(day):02}T{time}{offset}")


def _mail(text: str) -> str:
    if not _MAIL.match(text):
        return ""
    try:
        return email.utils.parsedate_to_datetime(text).isoformat()
    except (ValueError, OverflowError):
        return ""
