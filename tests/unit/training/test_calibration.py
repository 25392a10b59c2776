"""What makes probabilities of scores: fitting, tables, and what counts as right."""

from __future__ import annotations

import random

import pytest
from training import calibration
from training.calibration import Point
from training.gold_records import Gold, same_date, same_role, same_speaker

from quoth_server.engine.types import Span

BODY = "Ana Ruiz said that it rained. The mayor hopes for sun."


def points(count: int) -> list[Point]:
    """Points that are right as often as their feature says."""
    chance = random.Random(7)
    out = []
    for number in range(count):
        sure = chance.random()
        out.append(Point(number, {"bias": 1.0, "sure": sure}, chance.random() < sure))
    return out


def test_what_is_fitted_is_calibrated_on_documents_held_out() -> None:
    pairs = calibration.held_out(points(3000))
    assert len(pairs) == 3000
    assert calibration.error(pairs) < 0.05


def test_what_does_not_tell_gets_the_share() -> None:
    flat = [Point(n, {"bias": 1.0}, n % 4 > 0) for n in range(4000)]
    assert calibration.fit(flat)["bias"] == pytest.approx(1.1, abs=0.05)  # log 3


def test_a_point_may_count_for_more() -> None:
    mixed = [Point(n, {"bias": 1.0}, n % 2 > 0, 3.0 if n % 2 else 1.0) for n in range(8000)]
    assert calibration.fit(mixed)["bias"] == pytest.approx(1.1, abs=0.05)


@pytest.mark.parametrize(
    ("pairs", "error"),
    [
        ([(1.0, True), (0.0, False)], 0.0),
        ([(0.95, False)], 0.95),
        ([(0.75, True), (0.75, True), (0.75, True), (0.75, False)], 0.0),
        ([(0.25, True), (0.95, True)], 0.4),
    ],
)
def test_the_error_is_the_distance_of_expected_and_observed(
    pairs: list[tuple[float, bool]], error: float
) -> None:
    assert calibration.error(pairs) == pytest.approx(error)


def test_tables_have_every_bin_that_has_any() -> None:
    lines = list(calibration.reliability("link", [(0.95, True), (0.91, False), (0.2, False)]))
    assert [line.split()[:3] for line in lines[2:]] == [["0.2", "to", "0.3"], ["0.9", "to", "1.0"]]
    bought = list(calibration.thresholds("link", [(0.95, True), (0.55, False)]))
    assert bought[-1].split() == ["0.95", "95.0%", "100.0%", "50%"]


@pytest.mark.parametrize(
    ("content", "paired", "touches"),
    [
        ("that it rained", True, True),
        ("it rained", True, True),
        ("Ana Ruiz said that it", False, True),
        ("for sun", False, True),
        ("Ana Ruiz", False, False),
    ],
)
def test_pairing(content: str, paired: bool, touches: bool) -> None:
    gold = Gold.of(
        {
            "text": BODY,
            "records": [{"content": [[BODY.index("that"), BODY.index(". The")]]}],
            "other": [[[BODY.index("for sun"), BODY.index("sun") + 3]]],
        }
    )
    start = BODY.index(content)
    spans = (Span(start, start + len(content)),)
    assert (gold.record(spans) is not None) is paired
    assert gold.touches(spans) is touches


@pytest.mark.parametrize(
    ("speaker", "name", "same"),
    [
        ({"names": ["Ana Ruiz"], "kind": "PERSON"}, "Sen. Ana Ruiz", True),
        ({"names": ["Ana Ruiz"], "kind": "PERSON"}, "Ruiz", False),
        ({"names": ["city officials"], "kind": "GROUP"}, "the city officials there", True),
        ({"names": ["city officials"], "kind": "GROUP"}, "drivers", False),
        (None, None, True),
        (None, "Ruiz", False),
        ({"names": ["Ana Ruiz"], "kind": "PERSON"}, None, False),
    ],
)
def test_the_same_speaker(speaker: dict | None, name: str | None, same: bool) -> None:
    assert same_speaker(speaker, name) is same


def test_the_same_role_and_date() -> None:
    record = {"roles": ["mayor of Leeds"], "date": "2024-05-06", "date_scope": "cue"}
    assert same_role(record, "the mayor of Leeds")
    assert not same_role(record, "a driver")
    assert same_date(record, "2024-05-06")
    assert not same_date(record, None)
    assert same_date({**record, "date_scope": "context"}, None)
    assert not same_date({**record, "date": None, "date_scope": None}, "2024-05-06")
