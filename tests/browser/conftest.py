"""A real browser: Chromium as it is installed, driven by Playwright; nothing is downloaded."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from quoth_cli.report import Attributed, page

sync_api = pytest.importorskip("playwright.sync_api", reason="needs the package playwright")

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = (
    "--no-sandbox",  # it cannot be had in containers; the pages are our own
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

Show = Callable[..., Any]


# Of a module: as long as Playwright runs, no test of another module may use asyncio.
@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium without a window."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip(f"needs a browser: none of {', '.join(NAMES)} is installed")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def complaints() -> list[str]:
    """What pages have logged, and errors and dialogs of theirs; nothing may be left at the end."""
    return []


@pytest.fixture
def show(browser: Any, tmp_path: Path, complaints: list[str]) -> Iterator[Show]:
    """Shows a report as a file; in the end it must have asked no network and gone wrong nowhere."""
    contexts = []
    requests: list[str] = []

    def shown(*articles: Attributed, at: str = "", **options: Any) -> Any:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        contexts.append(context)
        view = context.new_page()
        view.on("request", lambda request: requests.append(request.url))
        view.on("console", lambda message: complaints.append(message.text))
        view.on("pageerror", lambda error: complaints.append(str(error)))
        view.on("dialog", lambda dialog: complaints.append(dialog.message))
        path = tmp_path / "report.html"
        path.write_text(page(articles), encoding="utf-8")
        view.goto(path.as_uri() + at)
        return view

    yield shown
    for context in contexts:
        context.close()
    assert all(url.startswith(("file:", "data:")) for url in requests), requests
    assert complaints == []
