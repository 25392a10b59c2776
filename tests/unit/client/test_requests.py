from __future__ import annotations

import datetime

import pytest

import quoth
from quoth.v1 import CalendarDate

UTC = datetime.UTC
NEW_YORK = "America/New_York"


MAY_25 = CalendarDate(year=2019, month=5, day=25)


@pytest.mark.parametrize(
    ("published", "time_zone"),
    [
        ("2019-05-25", ""),
        ("20190525", ""),
        ("2019-05-25", NEW_YORK),
        ("2019-05-25T22:30", NEW_YORK),
        ("2019-05-25T22:30:00+02:00", ""),
        (datetime.date(2019, 5, 25), NEW_YORK),
        (datetime.datetime(2019, 5, 25, 8, tzinfo=UTC), ""),
        (datetime.datetime(2019, 5, 25, 8), NEW_YORK),  # noqa: DTZ001
    ],
)
def test_a_day_is_sent_where_it_is_known(published, time_zone):
    message = quoth.article("Text.", published=published, time_zone=time_zone)
    assert (message.publish_date, message.time_zone) == (MAY_25, time_zone)


@pytest.mark.parametrize(
    ("published", "instant"),
    [
        ("2019-05-25T22:30:00+02:00", "2019-05-25T20:30:00Z"),
        (datetime.datetime(2019, 5, 25, 8, tzinfo=UTC), "2019-05-25T08:00:00Z"),
    ],
)
def test_the_day_of_an_instant_in_a_zone_is_left_to_the_server(published, instant):
    message = quoth.article("Text.", published=published, time_zone=NEW_YORK)
    assert (message.publish_time.ToJsonString(), message.time_zone) == (instant, NEW_YORK)


def test_published_is_unset_unless_given():
    assert quoth.article("Text.").WhichOneof("publication") is None


@pytest.mark.parametrize(
    ("arguments", "field", "reason"),
    [
        ({"published": "yesterday"}, "article.publish_date", "INVALID_PUBLISH_DATE"),
        ({"published": "2019-13-01"}, "article.publish_date", "INVALID_PUBLISH_DATE"),
        ({"published": "2019-05-25T25:00"}, "article.publish_date", "INVALID_PUBLISH_DATE"),
        ({"published": ""}, "article.publish_date", "INVALID_PUBLISH_DATE"),
        (
            {"published": "0001-01-01T00:00+14:00", "time_zone": "Asia/Tokyo"},
            "article.publish_time",
            "INVALID_PUBLISH_TIME",
        ),
        ({"title": "cut \ud83d"}, "article", "INVALID_TEXT"),
    ],
)
def test_bad_value_is_named_before_anything_is_sent(arguments, field, reason):
    with pytest.raises(quoth.InvalidArticle) as caught:
        quoth.article("Text.", **arguments)
    (violation,) = caught.value.violations
    assert (violation.field, violation.reason) == (field, reason)
    assert caught.value.reason == reason
    assert field in str(caught.value)


def test_a_zone_is_left_to_the_server():
    assert quoth.article("Text.", time_zone="Mars/Olympus").time_zone == "Mars/Olympus"


@pytest.mark.parametrize("body", ["", "\0", "a\r\rb", "\N{GRINNING FACE}", "e\u0301", "\u202eabc"])
def test_body_is_sent_as_it_is(body):
    assert quoth.article(body).body == body
