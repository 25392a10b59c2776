"""What roles and titles mean."""

from __future__ import annotations

import pytest

from quoth_server.archive.people.meanings import NOTHING, Told, likeness, of


def test_what_one_life_has_is_nearer() -> None:
    goalkeeper = of([Told("goalkeeper", "Cup final goes to penalties")])
    coach = of([Told("football coach", "Club fires coach after cup defeat")])
    surgeon = of([Told("heart surgeon", "Hospital opens new ward")])
    near, far = likeness(goalkeeper, coach), likeness(goalkeeper, surgeon)
    assert all(near[key] > far[key] for key in near)


def test_likeness_has_no_order() -> None:
    one, other = of([Told("mayor", "Bridge closed")]), of([Told("", "Mayor resigns")])
    there, back = likeness(one, other), likeness(other, one)
    assert there == pytest.approx(back, abs=1e-5)


def test_nothing_is_known_of_somebody_without_articles() -> None:
    assert likeness(of([]), of([Told("mayor", "Bridge closed")])) == NOTHING


def test_no_role_is_as_usual() -> None:
    one, other = of([Told("", "Bridge closed")]), of([Told("mayor", "Bridge closed")])
    assert likeness(one, other)["roles alike"] == pytest.approx(0, abs=1e-5)
    assert likeness(of([Told("", "")]), of([Told("", "")]))["role like title"] < 0
