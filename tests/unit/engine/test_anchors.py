"""The anchor date: from the request, a header line or the dateline."""

from __future__ import annotations

import datetime

import pytest

from quoth_server.engine import anchors
from quoth_server.engine.paragraphs import divide
from quoth_server.engine.types import AnchorBasis, AnchorDate, Article

STORY = "The harbor reopened on Monday, the port authority said."


def found(body: str, published: datetime.date | None = None) -> AnchorDate | None:
    return anchors.find(Article(body, published=published), divide(body))


def test_the_request_goes_first() -> None:
    day = datetime.date(2020, 1, 2)
    assert found(f"Published May 8, 2019\n{STORY}", day) == AnchorDate(day, AnchorBasis.REQUEST)


@pytest.mark.parametrize(
    ("head", "day"),
    [
        ("Published May 8, 2019\nUpdated May 9, 2019\n", "2019-05-08"),
        ("Updated May 9, 2019\nPublished May 8, 2019\n", "2019-05-08"),
        ("Published May 8, 2019 | Updated May 9, 2019\n", "2019-05-08"),
        ("Posted 10:30 a.m. May 8, 2019\n", "2019-05-08"),
        ("By Ana Ruiz | May 8, 2019\n", "2019-05-08"),
        ("Wednesday, May 8, 2019\n\n", "2019-05-08"),
        ("2019-05-08T23:30:00+02:00\n", "2019-05-08"),
        ("Harbor reopens\nUpdated May 9, 2019\n", "2019-05-09"),
        ("GENEVA, May 8, 2019 (Agency) — ", "2019-05-08"),
        ("GENEVA, 8 May 2019 -- ", "2019-05-08"),
        ("(May 8, 2019) ", "2019-05-08"),
        ("Port of Spain, May 8, 2019 – ", "2019-05-08"),
        # a dateline without a year takes it from the "Updated" line
        ("Updated Jan. 2, 2020\nGENEVA, Dec. 30 (Agency) — ", "2019-12-30"),
        ("Updated May 9, 2019\nGENEVA, May 8 (Agency) — ", "2019-05-08"),
        # a "Published" line goes before the dateline
        ("Published May 9, 2019\nGENEVA, May 8, 2019 (Agency) — ", "2019-05-09"),
    ],
)
def test_days_in_the_text(head: str, day: str) -> None:
    expected = AnchorDate(datetime.date.fromisoformat(day), AnchorBasis.TEXT)
    assert found(head + STORY) == expected


@pytest.mark.parametrize(
    "head",
    [
        "",
        "GENEVA, May 8 (Agency) — ",  # of which year?
        "GENEVA (Agency) — ",
        "Published by the Harbor News\n",
        "It closed on May 8, 2019 — for good. ",
        "Ana Ruiz, born May 8, 1970, has run the port since 2010 and likes it. ",
        "Updated daily\n",
        "Published Feb. 30, 2019\n",
    ],
)
def test_none_where_the_text_gives_none(head: str) -> None:
    assert found(head + STORY) is None


def test_any_blank_body_has_none() -> None:
    assert found(" \n") is None


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("GENEVA, May 8 (Agency) — The harbor reopened.", "GENEVA, May 8 (Agency)"),
        ("NEW YORK (Agency) -- The harbor reopened.", "NEW YORK (Agency)"),
        ("KYIV, Ukraine — The harbor reopened.", "KYIV, Ukraine"),
        ("(May 8, 2019) The harbor reopened.", "(May 8, 2019)"),
        ("(Geneva, May 8) The harbor reopened.", "(Geneva, May 8)"),
        ("The harbor — open since May 8 — is busy.", None),
        ("(May 8, 2019 was a rainy day.) The harbor reopened.", None),
        ("(Ruiz) The harbor reopened.", None),
        ("The harbor (May 8, 2019) reopened.", None),
        ("The well-known harbor reopened.", None),
    ],
)
def test_datelines(body: str, line: str | None) -> None:
    span = anchors.dateline(body, divide(body))
    assert (span.of(body) if span else None) == line
