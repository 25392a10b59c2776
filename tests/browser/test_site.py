"""The site of an archive in a browser: found, filtered, and led into the articles."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from quoth_cli.bulk.kept import kept_row
from quoth_cli.reading import Item
from quoth_cli.site.writing import write_site
from tests.unit.cli import example

Open = Callable[..., Any]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    rows = []
    for position in range(2):
        item = Item("here", "a", example.article(), meta=example.META, position=position)
        rows.append(json.loads(json.dumps(kept_row(item, example.answer()))))
    rows[0]["response"]["statements"][1]["confidence"] = 0.2
    write_site(folder, 0, iter(rows))
    return folder


@pytest.fixture
def at(browser: Any, site: Path, complaints: list[str]) -> Iterator[Open]:
    """Opens the index; at the end nothing may have been asked of a network or gone wrong."""
    contexts = []
    requests: list[str] = []

    def opened(hash_: str = "", **options: Any) -> Any:
        context = browser.new_context(**options)
        contexts.append(context)
        view = context.new_page()
        view.on("request", lambda request: requests.append(request.url))
        view.on("console", lambda message: complaints.append(message.text))
        view.on("pageerror", lambda error: complaints.append(str(error)))
        view.goto((site / "index.html").as_uri() + hash_)
        return view

    yield opened
    for context in contexts:
        context.close()
    assert all(url.startswith(("file:", "data:")) for url in requests), requests
    assert complaints == []


def found(view: Any) -> list[str]:
    texts: list[str] = view.locator(".quoth-hit p:first-child").all_inner_texts()
    return texts


def test_words_find_statements_and_a_hit_leads_to_its_place(at: Open) -> None:
    view = at()
    assert view.locator(".quoth-status").inner_text() == "19 statements"
    view.get_by_label("Find").fill("DAWN sole")
    assert found(view) == ["“We load at dawn,” […] “And we leave at noon.”"] * 2
    view.locator(".quoth-hit a").nth(1).click()
    assert "/articles/000001-quay.html#s1" in view.url
    assert view.locator("[id='s1']").get_attribute("aria-pressed") == "true"
    view.get_by_role("link", name="All articles").click()
    assert view.url.endswith("/index.html")


def test_less_likely_ones_are_behind_a_switch(at: Open) -> None:
    view = at("#q=crane+must+go")
    assert len(found(view)) == 1
    view.get_by_label("and 1 less likely").check()
    assert len(found(view)) == 2
    assert view.url.endswith("#q=crane+must+go&all=1")


def test_a_speaker_filters_and_is_in_the_address(at: Open) -> None:
    view = at()
    speaker = view.get_by_role("button", name="Mira Sole", exact=True)
    assert "in 2 articles" in view.locator(".quoth-speakers li").first.inner_text()
    speaker.click()
    assert speaker.get_attribute("aria-pressed") == "true"
    number = len(found(view))
    assert 0 < number < 19
    again = at("#" + view.url.partition("#")[2])
    assert len(found(again)) == number
    again.get_by_role("button", name="Only Mira Sole ×").click()
    assert len(found(again)) == 19


def test_without_javascript_the_articles_are_listed(at: Open) -> None:
    view = at(java_script_enabled=False)
    assert view.locator("noscript a").count() == 2


def test_it_is_accessible(at: Open) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    for width in (320, 1280):
        view = at(viewport={"width": width, "height": 900})
        # It would fetch the style, which the policy of the page refuses.
        results = axe.Axe().run(view, options={"preload": False})
        assert results.response["violations"] == []
        assert view.evaluate("document.documentElement.scrollWidth") <= width
