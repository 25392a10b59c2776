"""axe-core finds nothing in the report, in whatever state and size and light it is."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser import reports
from tests.browser.conftest import Show

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe")


def faults(view: Any) -> list[tuple[str, str, list[str]]]:
    found = axe.Axe().run(view).response["violations"]
    return [
        (each["id"], each["impact"], [node["html"][:200] for node in each["nodes"]])
        for each in found
    ]


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_found_in_any_state(show: Show, scheme: str, width: int) -> None:
    view = show(
        reports.everything(),
        color_scheme=scheme,
        viewport={"width": width, "height": 800},
        reduced_motion="reduce",
    )
    assert faults(view) == []
    for summary in view.locator(".quoth-speakers summary").all():
        summary.click()
    view.locator("[id='s9']").click()
    assert faults(view) == []
    view.get_by_role("button", name="Only Mira Sole").click()
    assert faults(view) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_found_with_many_speakers_in_several_articles(show: Show, scheme: str) -> None:
    view = show(
        reports.many_voices(),
        reports.everything(),
        reports.overlapping(),
        color_scheme=scheme,
        at="#article-1-s20",
        reduced_motion="reduce",
    )
    assert faults(view) == []


def test_nothing_is_found_with_more_contrast_and_forced_colors(show: Show) -> None:
    view = show(reports.everything(), contrast="more", at="#s1", reduced_motion="reduce")
    assert faults(view) == []
    view = show(reports.everything(), forced_colors="active", at="#s1", reduced_motion="reduce")
    assert faults(view) == []


def test_the_selection_is_read_out(show: Show) -> None:
    view = show(reports.everything())
    panel = view.locator(".quoth-details")
    assert panel.get_attribute("aria-live") == "polite"
    for role, name in (
        ("main", None),
        ("complementary", "Speakers of Quay, “shut”"),
        ("article", "Quay, “shut”"),
    ):
        assert view.get_by_role(role, name=name).count() == 1
