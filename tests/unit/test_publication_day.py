"""Whatever way an article comes in, the day that it was published on is the same."""

from __future__ import annotations

import csv
import datetime
import json
from collections.abc import Callable
from pathlib import Path

import pytest

import quoth
from quoth.v1 import Article, AttributeQuotesRequest
from quoth_cli.articles import item_of
from quoth_cli.options import ArticleOptions
from quoth_cli.pages.process import fields_of_page
from quoth_cli.readers.mapping import Defaults, FieldMap
from quoth_cli.readers.sources import Sources
from quoth_server.engine import attributor
from quoth_server.http import json_form
from quoth_server.service.validation import Rules, validate

pytestmark = pytest.mark.slow  # pages are read in a process of their own

SPELLINGS = [
    # A day, and an instant without an offset, is a day wherever that is.
    ("2019-05-25", "", "2019-05-25"),
    ("2019-05-25", "Pacific/Kiritimati", "2019-05-25"),
    ("2019-05-25T00:00:00", "Pacific/Kiritimati", "2019-05-25"),
    ("2019-05-25T23:30:00", "America/New_York", "2019-05-25"),
    ("2018-11-04", "America/Sao_Paulo", "2018-11-04"),  # which had no midnight
    # An instant with an offset is on the day at that offset.
    ("2019-05-25T23:30:00-04:00", "", "2019-05-25"),
    ("2019-05-26T01:30:00+05:30", "", "2019-05-26"),
    ("2019-05-26T00:10:00+14:00", "", "2019-05-26"),
    ("2019-05-25T23:50:00-12:00", "", "2019-05-25"),
    ("2019-05-25T23:30:00.250000-04:00", "", "2019-05-25"),
    ("2019-05-25T23:30:00Z", "", "2019-05-25"),
    ("2019-05-25T23:30:00+00:00", "", "2019-05-25"),
    # A time zone that is given beside it comes first.
    ("2019-05-26T02:00:00Z", "America/New_York", "2019-05-25"),
    ("2019-05-25T23:30:00-04:00", "Asia/Tokyo", "2019-05-26"),
    ("2019-05-25T23:30:00-04:00", "America/New_York", "2019-05-25"),
]
ENDS_OF_THE_CALENDAR = [
    ("0001-01-01", "Asia/Tokyo", "0001-01-01"),
    ("9999-12-31", "America/New_York", "9999-12-31"),
    ("0001-01-01T00:30:00+14:00", "", "0001-01-01"),
    ("9999-12-31T23:30:00-10:00", "", "9999-12-31"),
]

TEXT = "“We are full,” said Lena Holt, the mayor, who had been asked about the shelter. " * 3

Way = Callable[[str, str, Path], datetime.date | None]


def day_of(article: Article) -> datetime.date | None:
    """The day that the server takes."""
    return validate(AttributeQuotesRequest(article=article), Rules()).article.published


def client_text(text: str, zone: str, _folder: Path) -> datetime.date | None:
    return day_of(quoth.article(TEXT, published=text, time_zone=zone))


def client_datetime(text: str, zone: str, _folder: Path) -> datetime.date | None:
    published = datetime.datetime.fromisoformat(text)
    return day_of(quoth.article(TEXT, published=published, time_zone=zone))


def attributor_text(text: str, zone: str, _folder: Path) -> datetime.date | None:
    return attributor.article(TEXT, published=text, time_zone=zone).published


def attributor_datetime(text: str, zone: str, _folder: Path) -> datetime.date | None:
    published = datetime.datetime.fromisoformat(text)
    return attributor.article(TEXT, published=published, time_zone=zone).published


def json_row(text: str, zone: str, _folder: Path) -> datetime.date | None:
    row = {"body": TEXT, "published": text, "time_zone": zone}
    return day_of(FieldMap().article(row, "1")[1])


def option_of_bulk(text: str, zone: str, _folder: Path) -> datetime.date | None:
    return day_of(FieldMap(defaults=Defaults(text, zone)).article({"body": TEXT}, "1")[1])


def csv_column(text: str, zone: str, folder: Path) -> datetime.date | None:
    path = folder / "articles.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["body", "date", "time_zone"], [TEXT, text, zone]])
    ((_, record),) = Sources([str(path)], FieldMap()).records(0)
    return day_of(FieldMap().article(record.fields(), record.name)[1])


def page(text: str) -> bytes:
    data = json.dumps({"@type": "NewsArticle", "datePublished": text})
    return (
        f'<!doctype html><script type="application/ld+json">{data}</script>'
        f"<article><p>{TEXT}</p><p>{TEXT}</p></article>"
    ).encode()


def page_of_an_archive(text: str, zone: str, _folder: Path) -> datetime.date | None:
    fields = FieldMap(defaults=Defaults(time_zone=zone))
    return day_of(fields.article(fields_of_page(page(text)), "1", extracted=True)[1])


def page_of_the_command(text: str, zone: str, folder: Path) -> datetime.date | None:
    path = folder / "a.html"
    path.write_bytes(page(text))
    article = item_of(str(path), "a", Defaults(time_zone=zone)).article
    return day_of(article) if article else None


def option_of_the_command(text: str, zone: str, folder: Path) -> datetime.date | None:
    path = folder / "a.txt"
    path.write_text(TEXT, encoding="utf-8")
    defaults = ArticleOptions(published=text, time_zone=zone)
    defaults.check()
    article = item_of(str(path), "a", defaults).article
    return day_of(article) if article else None


def json_of_the_contract(text: str, zone: str, _folder: Path) -> datetime.date | None:
    """Where the contract has a field for it: an instant has an offset, a day has none."""
    article = {"body": TEXT, "timeZone": zone}
    if datetime.datetime.fromisoformat(text).tzinfo:
        article["publishTime"] = text
    else:
        year, month, day = map(int, text[:10].split("-"))
        article["publishDate"] = {"year": year, "month": month, "day": day}
    request = json_form.read(json.dumps({"article": article}).encode(), AttributeQuotesRequest)
    assert isinstance(request, AttributeQuotesRequest)
    return day_of(request.article)


EVERYWHERE = [
    client_text,
    client_datetime,
    attributor_text,
    attributor_datetime,
    json_row,
    option_of_bulk,
    csv_column,
    option_of_the_command,
]


@pytest.mark.parametrize(("text", "zone", "day"), SPELLINGS)
@pytest.mark.parametrize(
    "way", [*EVERYWHERE, page_of_an_archive, page_of_the_command, json_of_the_contract]
)
def test_every_way_in_gives_the_same_day(
    way: Way, text: str, zone: str, day: str, tmp_path: Path
) -> None:
    assert way(text, zone, tmp_path) == datetime.date.fromisoformat(day)


# A page of such a year means "not known", and Protobuf's JSON has no instants beyond these years.
@pytest.mark.parametrize(("text", "zone", "day"), ENDS_OF_THE_CALENDAR)
@pytest.mark.parametrize("way", EVERYWHERE)
def test_the_ends_of_the_calendar_are_days(
    way: Way, text: str, zone: str, day: str, tmp_path: Path
) -> None:
    assert way(text, zone, tmp_path) == datetime.date.fromisoformat(day)
