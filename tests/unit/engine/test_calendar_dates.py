"""Days as texts write them."""

from __future__ import annotations

import pytest

from quoth_server.engine import calendar_dates


def found(text: str) -> list[tuple[str, int, int, int]]:
    return [(d.span.of(text), d.year, d.month, d.day) for d in calendar_dates.find(text)]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("on May 8, 2019, he", ("May 8, 2019", 2019, 5, 8)),
        ("on May 8 he", ("May 8", 0, 5, 8)),
        ("MAY 8 2019", ("MAY 8 2019", 2019, 5, 8)),
        ("Sept. 5th", ("Sept. 5th", 0, 9, 5)),
        ("the 5th of September 2019", ("5th of September 2019", 2019, 9, 5)),
        ("05 Jan 2021", ("05 Jan 2021", 2021, 1, 5)),
        ("2019-05-08T06:00Z", ("2019-05-08", 2019, 5, 8)),
        ("2019/5/8", ("2019/5/8", 2019, 5, 8)),
        ("25/05/2019", ("25/05/2019", 2019, 5, 25)),
        ("05/25/2019", ("05/25/2019", 2019, 5, 25)),
        ("04/04/2019", ("04/04/2019", 2019, 4, 4)),
        ("Feb. 29", ("Feb. 29", 0, 2, 29)),
    ],
)
def test_days(text: str, written: tuple[str, int, int, int]) -> None:
    assert found(text) == [written]


@pytest.mark.parametrize(
    "text",
    [
        "03/05/2019",  # May 3 or March 5
        "Feb. 29, 2019",
        "Feb. 30",
        "May 32",
        "2019-13-01",
        "Maybe 8",
        "May 8.5 percent",
        "May 2019",
        "12019-05-08",
        "march 8-year-olds",
        "",
    ],
)
def test_no_days(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("name", "number"), [("January", 1), ("may", 5), ("SEPT.", 9), ("Sep", 9), ("Dec.", 12)]
)
def test_month_number(name: str, number: int) -> None:
    assert calendar_dates.month_number(name) == number
