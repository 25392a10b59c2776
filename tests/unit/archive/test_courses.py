"""How likely two articles are the course of one life."""

from __future__ import annotations

import pytest

from quoth_server.archive.people import courses, meanings
from quoth_server.archive.people.courses import NOTHING, Course, course
from quoth_server.archive.people.meanings import Told


def of(told: list[Told]) -> Course:
    return courses.of(meanings.of(told))


def likely(one: Told, other: Told) -> float:
    found = course(of([one]), of([other]))
    return found["one course"] - found["two courses"]


def test_what_one_life_has_is_likelier() -> None:
    player = Told("striker", "Late goal wins derby", 2004.0)
    coach = Told("assistant coach", "Derby ends level", 2016.0)
    surgeon = Told("heart surgeon", "Hospital opens new ward", 2016.0)
    assert likely(player, coach) > 0 > likely(player, surgeon)


def test_careers_go_one_way() -> None:
    student, judge = "law student", "supreme court judge"
    onward = likely(Told(student, "", 1990.0), Told(judge, "", 2015.0))
    backward = likely(Told(judge, "", 1990.0), Told(student, "", 2015.0))
    assert onward > backward


def test_years_pass_before_a_career_has_changed() -> None:
    striker, coach = "striker", "national coach"
    soon = likely(Told(striker, "", 2010.0), Told(coach, "", 2010.1))
    late = likely(Told(striker, "", 2010.0), Told(coach, "", 2028.0))
    assert late > soon


@pytest.mark.parametrize("year", [None, 2001.0])
def test_it_has_no_order(year: float | None) -> None:
    one, other = of([Told("mayor", "Bridge closed", year)]), of([Told("clerk", "Fire", 1999.5)])
    assert course(one, other) == pytest.approx(course(other, one), abs=1e-5) or year is None


def test_nothing_is_known_of_somebody_without_articles() -> None:
    assert course(of([]), of([Told("mayor", "Bridge closed", 2001.0)])) == NOTHING


def test_several_articles_are_weighed_together() -> None:
    one = of([Told("mayor", "Bridge closed", 2001.0), Told("senator", "Budget", 2012.0)])
    assert course(one, of([Told("senator", "Budget vote", 2013.0)]))["one course"] > 0
