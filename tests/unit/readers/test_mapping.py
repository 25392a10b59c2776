from __future__ import annotations

import datetime
import json
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quoth import InvalidArticle
from quoth.v1 import CalendarDate
from quoth_cli.readers.base import BadRow
from quoth_cli.readers.mapping import ALIASES, Defaults, FieldMap

MAY_14 = CalendarDate(year=2026, month=5, day=14)


def test_a_row_with_everything() -> None:
    row = {
        "id": "a1",
        "text": "Body.",
        "title": "Head",
        "published": "2026-05-14T23:30",
        "updated": "2026-05-15",
        "time_zone": "America/New_York",
        "language": "en",
        "url": "https://quaypost.example/1",
        "author": ["Ada Reed", 7, "Jon Pell"],
        "section": "Harbor",
        "views": {"any": "thing"},
    }
    name, article, meta = FieldMap().article(row, "1")
    assert name == meta.id == article.article_id == "a1"
    assert (article.title, article.body) == ("Head", "Body.")
    assert article.publish_date == MAY_14
    assert (article.time_zone, article.language_code) == ("America/New_York", "en")
    assert article.source_uri == meta.url == "https://quaypost.example/1"
    assert (meta.published, meta.updated) == ("2026-05-14T23:30:00", "2026-05-15")
    assert (meta.author, meta.section) == ("Ada Reed, Jon Pell", "Harbor")


@pytest.mark.parametrize("name", ALIASES["text"])
def test_names_of_a_text(name: str) -> None:
    assert FieldMap().article({"other": "No.", name: "Body."}, "1")[1].body == "Body."


@pytest.mark.parametrize("name", ALIASES["date"])
def test_names_of_a_date(name: str) -> None:
    _, article, _ = FieldMap().article({"body": "x", name: "2026-05-14"}, "1")
    assert article.publish_date == MAY_14


def test_an_empty_field_is_none() -> None:
    row = {"body": "", "content": "Body.", "title": None, "headline": "Head", "id": ""}
    name, article, meta = FieldMap().article(row, "7")
    assert (name, article.body, article.title, meta.id) == ("7", "Body.", "Head", "7")


def test_a_column_of_numbers_with_one_missing() -> None:
    for number, name in ((12.0, 12), (math.nan, "1")):
        row = {"body": "x", "id": number, "title": math.nan, "published": math.nan}
        found, article, meta = FieldMap().article(row, "1")
        assert (found, article.title, meta.id, meta.published) == (name, "", str(name), "")


def test_a_name_that_is_given_is_the_only_one() -> None:
    fields = FieldMap({"text": "main", "title": "top"})
    _, article, _ = fields.article({"main": "Body.", "body": "No.", "title": "No."}, "1")
    assert (article.body, article.title) == ("Body.", "")


def test_defaults_give_what_a_row_leaves_out() -> None:
    fields = FieldMap(defaults=Defaults("2026-05-14", "Asia/Tokyo", "en"))
    _, article, meta = fields.article({"body": "x", "published": None}, "1")
    assert (article.publish_date, article.time_zone) == (MAY_14, "Asia/Tokyo")
    assert (article.language_code, meta.published) == ("en", "2026-05-14")
    _, article, _ = fields.article({"body": "x", "time_zone": "UTC"}, "1")
    assert (article.publish_date, article.time_zone) == (MAY_14, "UTC")


def test_ids_keep_their_type() -> None:
    assert FieldMap().article({"id": 7, "body": "x"}, "1")[0] == 7


@pytest.mark.parametrize(
    ("value", "published"),
    [
        ("2024-05-08", "2024-05-08"),
        (" 2024-05-08 ", "2024-05-08"),
        ("Wed, 08 May 2024 10:00:00 GMT", "2024-05-08T10:00:00+00:00"),
        ("Wed, 08 May 2024 10:00:00 -0430", "2024-05-08T10:00:00-04:30"),
        ("2024-05-08T10:00Z", "2024-05-08T10:00:00+00:00"),
        ("2024-05-08 10:00:00 UTC", "2024-05-08T10:00:00+00:00"),
        ("2024-05-08 10:00:00 +0200", "2024-05-08T10:00:00+02:00"),
        ("2024/5/8", "2024-05-08"),
        ("2024/05/08 10:00", "2024-05-08T10:00:00"),
        ("20240508", "2024-05-08"),
        (20240508, "2024-05-08"),
        ("Wed May 08 10:00:00 +0000 2024", "2024-05-08T10:00:00+00:00"),
        ("Wed May  8 10:00:00 2024", "2024-05-08T10:00:00"),
        ("May 8, 2024", "2024-05-08"),
        ("8 May 2024", "2024-05-08"),
        ("Wednesday, May 8th, 2024", "2024-05-08"),
        ("Sept. 8, 2024", "2024-09-08"),
        ("the 8th of May 2024", "2024-05-08"),
        ("May 8, 2024 at 1:05 PM", "2024-05-08T13:05:00"),
        ("May 8, 2024 12:05 a.m.", "2024-05-08T00:05:00"),
        ("8 May 2024 10:00 GMT", "2024-05-08T10:00:00+00:00"),
        (1715162400, "2024-05-08T10:00:00+00:00"),
        (1715162400.0, "2024-05-08T10:00:00+00:00"),
        ("1715162400", "2024-05-08T10:00:00+00:00"),
        (1715162400000, "2024-05-08T10:00:00+00:00"),
        ("1715162400000", "2024-05-08T10:00:00+00:00"),
        (1715162400000000, "2024-05-08T10:00:00+00:00"),
        ({"$date": "2024-05-08T10:00:00Z"}, "2024-05-08T10:00:00+00:00"),
        ({"$date": 1715162400000}, "2024-05-08T10:00:00+00:00"),
        ({"$date": {"$numberLong": "1715162400000"}}, "2024-05-08T10:00:00+00:00"),
        ({"$date": {"$numberLong": "-86400000"}}, "1969-12-31T00:00:00+00:00"),
        (datetime.date(2024, 5, 8), "2024-05-08"),
        (datetime.datetime(2024, 5, 8, 10, tzinfo=datetime.UTC), "2024-05-08T10:00:00+00:00"),
    ],
    ids=repr,
)
def test_forms_of_a_date(value: Any, published: str) -> None:
    assert FieldMap().article({"body": "x", "date": value}, "1")[2].published == published


@pytest.mark.parametrize(
    "date",
    [
        "yesterday",
        "May 2019",
        "May 25",
        "May 32, 2019",
        "May 25, 2019 13:00 PM",
        "05/25/2019",
        "Wed, 99 May 2024 10:00 GMT",
        f"Wed, 08 May 2024 10:00 +{'9' * 30}",
        "2019-05-25" * 1_000_000,
        "9" * 1_000_000,
        5,
        2019,
        -1,
        float("inf"),
        10**30,
        99999999,
    ],
    ids=lambda value: repr(value)[:20],
)
def test_a_bad_date_is_reported_with_field_value_and_remedy(date: Any) -> None:
    with pytest.raises(InvalidArticle) as bad:
        FieldMap().article({"body": "x", "date": date}, "1")
    told = bad.value.violations[0].description
    assert told.startswith(f'"date" is {str(date)[:20]}') or told.startswith(
        f'"date" is "{str(date)[:20]}'
    )
    assert "make it an ISO 8601 date, such as" in told
    assert len(told) < 300


def test_a_bad_date_of_a_change_is_kept_as_it_is() -> None:
    meta = FieldMap().article({"body": "x", "updated": "last week"}, "1")[2]
    assert meta.updated == "last week"


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ({"$oid": "507f191e810c19729de860ea"}, "507f191e810c19729de860ea"),
        ({"$numberLong": "17"}, 17),
        ({"$uuid": "a-b"}, "a-b"),
    ],
)
def test_ids_of_mongodb(value: Any, name: str | int) -> None:
    assert FieldMap().article({"body": "x", "_id": value}, "1")[0] == name


@pytest.mark.parametrize(
    "value", [{"$oid": 5}, {"$numberLong": "x"}, {"$numberLong": "9" * 5000}, {"$date": []}, {}]
)
def test_what_mongodb_does_not_write_is_reported(value: Any) -> None:
    with pytest.raises(BadRow, match=r'"_id" is an? (object|list)'):
        FieldMap().article({"body": "x", "_id": value, "date": value}, "1")


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({}, 'has no "body" or "text"; its fields are none'),
        ({"main": "x", "day": 1}, 'has no "body" or "text"; its fields are "main", "day"'),
        (
            {"body": "x", "text": "x"},
            'has both "body" and "text"; give the one to read as --text-field',
        ),
        ({"body": 5}, '"body" is a number (5); make it a text'),
        ({"body": "x", "title": {}}, '"title" is an object'),
        ({"body": "x", "id": 1.5}, '"id" is a number'),
        ({"body": "x", "id": [1]}, '"id" is a list'),
        ({"body": "x", "id": True}, '"id" is true or false'),
        ({"body": "x", "date": [1]}, '"date" is a list ([1]); make it a text such as'),
        (
            {str(n): 1 for n in range(5000)},
            'has no "body" or "text"; its fields are "0", "1"',
        ),
    ],
)
def test_bad_rows(row: dict[str, Any], why: str) -> None:
    with pytest.raises(BadRow) as bad:
        FieldMap().article(row, "1")
    assert str(bad.value).startswith(why)
    assert len(str(bad.value)) < 500


NAMES = sorted({name for names in ALIASES.values() for name in names} - {"text"})
ANY = st.text(st.characters(exclude_categories=[]), max_size=30)
VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), ANY, st.lists(ANY, max_size=3)
)


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=8), ANY.filter(bool))
def test_no_row_does_harm(row: dict[str, Any], body: str) -> None:
    try:
        name, article, meta = FieldMap().article({**row, "body": body}, "1")
    except (BadRow, InvalidArticle):
        return
    assert article.body == body
    told = (name, meta.id, meta.title, meta.published, meta.updated, meta.url, meta.author)
    json.dumps([*told, meta.section], ensure_ascii=False).encode()
