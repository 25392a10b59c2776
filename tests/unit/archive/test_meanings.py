"""What roles and titles mean."""

from __future__ import annotations

import pytest

from quoth_server.archive.people.meanings import NOTHING, Told, likeness, of

GOALKEEPER = of([Told("goalkeeper", "Cup final goes to penalties")])
COACH = of([Told("football coach", "Club fires coach after cup defeat")])
SURGEON = of([Told("heart surgeon", "Hospital opens new ward")])


def test_what_one_life_has_is_likelier() -> None:
    near, far = likeness(GOALKEEPER, COACH), likeness(GOALKEEPER, SURGEON)
    assert near["one life"] > 0 == near["two lives"]
    assert far["two lives"] > 0 == far["one life"]
    assert near["roles of one life"] > 0 == far["roles of one life"]


def test_likeness_has_no_order() -> None:
    one, other = of([Told("mayor", "Bridge closed")]), of([Told("", "Mayor resigns")])
    there, back = likeness(one, other), likeness(other, one)
    assert there == pytest.approx(back, abs=1e-5)


def test_nothing_is_known_of_somebody_without_articles() -> None:
    assert likeness(of([]), of([Told("mayor", "Bridge closed")])) == NOTHING


def test_no_role_tells_nothing_of_roles() -> None:
    found = likeness(of([Told("", "Bridge closed")]), of([Told("mayor", "Bridge closed")]))
    assert found["roles of one life"] == found["roles of two lives"] == 0
    assert found["one life"] > 0


def test_an_article_that_tells_nothing_tells_nothing() -> None:
    assert likeness(of([Told("", "")]), of([Told("mayor", "")])) == NOTHING
    both = of([Told("", ""), Told("mayor", "Bridge closed")])
    assert likeness(both, GOALKEEPER) == likeness(of([Told("mayor", "Bridge closed")]), GOALKEEPER)
