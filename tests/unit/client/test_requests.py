from __future__ import annotations

import datetime

import pytest

import quoth

UTC = datetime.UTC
NEW_YORK = "America/New_York"


@pytest.mark.parametrize(
    ("published", "time_zone", "expected"),
    [
        ("2019-05-25", "", "2019-05-25T00:00:00Z"),
        ("20190525", "", "2019-05-25T00:00:00Z"),
        ("2019-05-25", NEW_YORK, "2019-05-25T04:00:00Z"),
        ("2019-05-25T22:30", NEW_YORK, "2019-05-26T02:30:00Z"),
        ("2019-05-25T22:30:00+02:00", NEW_YORK, "2019-05-25T20:30:00Z"),
        ("2019-05-25T22:30:00Z", "", "2019-05-25T22:30:00Z"),
        (datetime.date(2019, 5, 25), NEW_YORK, "2019-05-25T04:00:00Z"),
        (datetime.date(2019, 12, 25), NEW_YORK, "2019-12-25T05:00:00Z"),
        (datetime.datetime(2019, 5, 25, 8, tzinfo=UTC), NEW_YORK, "2019-05-25T08:00:00Z"),
        (datetime.datetime(2019, 5, 25, 8), NEW_YORK, "2019-05-25T12:00:00Z"),  # noqa: DTZ001
        # That night has no midnight: clocks went from 24:00 to 01:00.
        (datetime.date(2018, 11, 4), "America/Sao_Paulo", "2018-11-04T03:00:00Z"),
        (datetime.date(1, 1, 1), "", "0001-01-01T00:00:00Z"),
        (datetime.date(9999, 12, 31), "", "9999-12-31T00:00:00Z"),
    ],
)
def test_published(published, time_zone, expected):
    message = quoth.article("Text.", published=published, time_zone=time_zone)
    assert message.publish_time.ToJsonString() == expected
    assert message.time_zone == time_zone


def test_published_is_unset_unless_given():
    assert not quoth.article("Text.").HasField("publish_time")


@pytest.mark.parametrize(
    ("arguments", "field", "reason"),
    [
        ({"published": "yesterday"}, "article.publish_time", "INVALID_PUBLISH_TIME"),
        ({"published": "2019-13-01"}, "article.publish_time", "INVALID_PUBLISH_TIME"),
        ({"published": "2019-05-25T25:00"}, "article.publish_time", "INVALID_PUBLISH_TIME"),
        ({"published": ""}, "article.publish_time", "INVALID_PUBLISH_TIME"),
        (
            {"published": datetime.date(1, 1, 1), "time_zone": "Asia/Tokyo"},
            "article.publish_time",
            "INVALID_PUBLISH_TIME",
        ),
        (
            {"published": "2019-05-25", "time_zone": "Mars/Olympus"},
            "article.time_zone",
            "INVALID_TIME_ZONE",
        ),
        (
            {"published": "2019-05-25", "time_zone": "../etc/passwd"},
            "article.time_zone",
            "INVALID_TIME_ZONE",
        ),
        (
            {"published": "2019-05-25", "time_zone": "America"},
            "article.time_zone",
            "INVALID_TIME_ZONE",
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


def test_a_zone_alone_is_left_to_the_server():
    assert quoth.article("Text.", time_zone="Mars/Olympus").time_zone == "Mars/Olympus"


@pytest.mark.parametrize("body", ["", "\0", "a\r\rb", "\N{GRINNING FACE}", "e\u0301", "\u202eabc"])
def test_body_is_sent_as_it_is(body):
    assert quoth.article(body).body == body
