"""Texts that no design was drawn for: longer than a line, or from right to left."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser import reports
from tests.browser.conftest import Show


def left(view: Any, selector: str) -> float:
    """Where the words of an element begin."""
    place: float = view.evaluate(
        """(selector) => { const range = document.createRange();
             range.selectNodeContents(document.querySelector(selector));
             return range.getBoundingClientRect().left; }""",
        selector,
    )
    return place


@pytest.mark.parametrize("width", [320, 640, 1000, 1280])
def test_what_is_longer_than_a_line_is_broken(show: Show, width: int) -> None:
    view = show(
        reports.unwieldy(),
        reports.everything(),
        viewport={"width": width, "height": 800},
        at="#article-1-s1",
    )
    view.locator(".quoth-speakers summary").first.click()
    assert view.evaluate("document.documentElement.scrollWidth") <= width
    wider = view.evaluate(
        """() => [...document.querySelectorAll(".quoth-view :is(header, article, li, dd, h3)")]
             .filter((each) => each.checkVisibility() && each.scrollWidth > each.clientWidth + 1)
             .map((each) => each.outerHTML.slice(0, 90))"""
    )
    assert wider == []


@pytest.mark.parametrize("width", [320, 1280, 2560])
def test_the_name_of_the_page_stands_above_the_text(show: Show, width: int) -> None:
    view = show(reports.everything(), viewport={"width": width, "height": 800})
    assert left(view, ".quoth-masthead h1") == pytest.approx(left(view, ".quoth-facts span"), abs=1)


def test_a_paragraph_from_right_to_left_stands_so(show: Show) -> None:
    view = show(reports.unwieldy())
    directions = view.evaluate(
        """() => [...document.querySelectorAll("article > p")].map(
             (each) => getComputedStyle(each).direction)"""
    )
    assert directions == ["ltr", "ltr", "rtl", "ltr"]


def test_an_organization_named_by_the_role_is_not_repeated(show: Show) -> None:
    given = reports.everything()
    role = given.response.statements[0].speaker.role
    role.organization = "Harbor"
    view = show(given, at="#s1")
    fact = view.locator(".quoth-details dl > div", has=view.get_by_text("Role", exact=True))
    assert " ".join(fact.locator("dd").inner_text().split()) == "harbor chief current"


def test_a_role_that_is_the_name_is_shown_once(show: Show) -> None:
    given = reports.everything()
    speaker = given.response.speakers[0]
    speaker.roles[0].ClearField("organization")
    speaker.display_name = f"The {speaker.roles[0].span.text.title()}"
    view = show(given)
    assert view.locator(".quoth-who").first.inner_text() == speaker.display_name
    assert view.locator(".quoth-roles").count() == 0
