"""The documentation site builds without a warning, has no broken link, and needs no network."""

from __future__ import annotations

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

import quoth
from docs.generate.nav import toctrees
from tests.integration.server import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

LOADED = {"img": "src", "script": "src", "iframe": "src", "source": "src"}


class Page(HTMLParser):
    """The anchors of a page, its links, and what a browser loads with it."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.tags: list[dict[str, str]] = []
        self.title = ""
        self._in_title = False
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = {name: value for name, value in attributes if value is not None}
        self.tags.append(values)
        self.anchors |= {values[name] for name in ("id", "name") if name in values}
        self._in_title = tag == "h1" or (self._in_title and tag not in ("a", "p"))
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        if tag == "link" and "href" in values:
            self.loaded.append(values["href"])
        if LOADED.get(tag, "") in values:
            self.loaded.append(values[LOADED[tag]])

    def handle_endtag(self, tag: str) -> None:
        self._in_title = self._in_title and tag != "h1"

    def handle_data(self, data: str) -> None:
        self.title += data if self._in_title else ""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    options = ("--quiet", "--fail-on-warning", "--keep-going", "-d", folder / "trees")
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", *options, ROOT / "docs", folder / "html"],
        capture_output=True,
        text=True,
        timeout=170,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder / "html"


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, Page]:
    return {path: Page(path) for path in sorted(site.rglob("*.html"))}


def test_no_link_is_broken(pages: dict[Path, Page]) -> None:
    broken = []
    followed = 0
    for path, page in pages.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            anchor = unquote(parts.fragment)
            followed += 1
            there = pages[target].anchors if target in pages else {anchor}
            if not target.is_file() or (anchor and anchor not in there):
                broken.append(f"{path.name}: {link}")
    assert broken == []
    assert followed > 500


def test_a_browser_loads_nothing_from_elsewhere(pages: dict[Path, Page], site: Path) -> None:
    elsewhere = [u for page in pages.values() for u in page.loaded if urlsplit(u).netloc]
    assert elsewhere == []
    for sheet in site.rglob("*.css"):
        text = sheet.read_text(encoding="utf-8")
        assert "@import" not in text, sheet
        assert "url(http" not in text.replace('"', "").replace("'", ""), sheet


def test_every_page_is_in_the_navigation(pages: dict[Path, Page], site: Path) -> None:
    listed = {urlsplit(link).path for link in pages[site / "index.html"].links}
    written = {path.stem for path in (ROOT / "docs").glob("*.md")} - {"index"}
    assert {f"{name}.html" for name in written} <= listed


def test_every_page_is_the_one_that_was_written(pages: dict[Path, Page], site: Path) -> None:
    """Sphinx makes pages of its own, as of its search, and puts them over ours without a word."""
    for path in (ROOT / "docs").glob("*.md"):
        heading = re.search(r"^# (.+)$", path.read_text(encoding="utf-8"), re.M)
        title = pages[site / f"{path.stem}.html"].title
        assert title, path
        assert heading is None or title == heading[1].replace("`", ""), path


def test_headings_and_wide_tables_are_for_everybody(pages: dict[Path, Page]) -> None:
    """What axe-core finds in the theme: headings of no level, tables that no key can scroll."""
    tags = [tag for page in pages.values() for tag in page.tags]
    headings = [tag for tag in tags if tag.get("role") == "heading"]
    tables = [tag for tag in tags if "table-wrapper" in tag.get("class", "").split()]
    assert headings
    assert tables
    assert all("aria-level" in tag for tag in headings)
    assert all(tag.get("tabindex") == "0" for tag in tables)


def test_a_page_that_nobody_placed_is_listed_too() -> None:
    assert "\nunheard-of\n" in toctrees(["index", "quickstart", "unheard-of"])


def test_nothing_is_left_to_be_put_in(pages: dict[Path, Page]) -> None:
    for path in pages:
        text = path.read_text(encoding="utf-8")
        assert "<!-- include" not in text, path
        assert "<!-- generate" not in text, path


def test_every_public_name_of_the_client_is_in_the_reference(pages: dict[Path, Page], site: Path):
    names = {f"quoth.{name}" for name in quoth.__all__ if not name.startswith("_")}
    assert names <= pages[site / "python.html"].anchors


def test_every_command_is_in_the_reference(pages: dict[Path, Page], site: Path) -> None:
    from quoth_cli import app

    names = {command.name for command in app.application().registered_commands}
    assert names >= {"attribute", "bulk", "info", "health"}
    assert {f"quoth-{name}" for name in names} <= pages[site / "command.html"].anchors
