"""The page of an archive in a real browser: from a server, and through `quoth serve`."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.test_live import Pages, faults
from tests.integration.server import Server, python_path
from tests.unit.archive.made import EVIL, archive

TOKEN = "desk-desk-desk-desk"
_PATIENCE = 200.0  # seconds; less than a test has


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    path = archive(tmp_path_factory.mktemp("page") / "a.parquet")
    with Server("--workers", "1", "--http", "0", "--archive", str(path)) as server:
        yield server


@pytest.fixture(scope="module")
def without_text(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    path = archive(tmp_path_factory.mktemp("page") / "a.parquet", text=False)
    with Server("--workers", "1", "--http", "0", "--archive", str(path)) as server:
        yield server


@pytest.fixture
def pages(browser: Any) -> Iterator[Pages]:
    pages = Pages(browser)
    yield pages
    pages.close()
    left = [each for each in pages.complaints if "Failed to load resource" not in each]
    assert left == []
    assert all(url.startswith("http://127.0.0.1:") for url in pages.requests)


def opened(pages: Pages, url: str, **options: Any) -> Any:
    page = pages.open_at(f"{url}/archive", **options)
    page.get_by_text("An archive of 5 statements in 3 articles").wait_for()
    page.get_by_text("5 found, 5 shown.").wait_for()
    return page


def view(page: Any, name: str) -> None:
    page.get_by_role("navigation", name="Views").get_by_role("button", name=name).click()


def test_statements_are_searched_and_opened_at_their_place(pages: Pages, server: Server) -> None:
    page = opened(pages, server.url)
    page.get_by_label("Words said").first.fill("repair*")
    page.get_by_role("button", name="Search", exact=True).last.click()
    page.get_by_text("1 found, 1 shown.").wait_for()
    hit = page.locator("#hits > li")
    assert "repairs would take a month" in hit.inner_text()
    assert "characters 16–42" in hit.inner_text()
    assert hit.locator("blockquote").inner_text() == "repairs would take a month"
    page.get_by_role("button", name="Open the article here").click()
    page.get_by_text("The article as the archive has it.").wait_for()
    chosen = page.locator("#article .quoth-chip[aria-pressed=true]")
    assert chosen.count() == 1
    assert "Never again" in page.locator("#article article").inner_text()  # the whole text
    assert "repairs would take a month" in page.locator(".quoth-details blockquote").inner_text()
    page.get_by_role("button", name="Back").click()
    page.wait_for_function("document.activeElement.textContent === 'Open the article here'")


def test_only_what_is_quoted_has_quotation_marks_and_a_role_is_not_said_twice(
    pages: Pages, server: Server
) -> None:
    page = opened(pages, server.url)
    spans = [{"text": "We load,"}, {"text": "and leave"}]
    speaker = {"displayName": "Federal officials", "roles": [{"span": {"text": "officials"}}]}
    said = [
        {"statement": {"kind": f"STATEMENT_KIND_{kind}", "contentSpans": spans}, "speaker": speaker}
        for kind in ("DIRECT", "INDIRECT")
    ]
    answer = {"statements": said, "totalSize": 2}
    page.route("**/SearchStatements", lambda route: route.fulfill(json=answer))
    page.get_by_role("button", name="Search", exact=True).last.click()
    page.get_by_text("2 found, 2 shown.").wait_for()
    assert page.locator("#hits blockquote").all_inner_texts() == [
        "“We load,” […] “and leave”",
        "We load, […] and leave",
    ]
    assert page.locator("#hits .who").all_inner_texts() == ["Federal officials"] * 2


def test_every_filter_is_asked_for(pages: Pages, server: Server) -> None:
    page = opened(pages, server.url)
    page.get_by_label("Speaker", exact=True).first.fill("olsen")
    page.get_by_label("Role").fill("engineer")
    page.get_by_label("Kind").select_option("STATEMENT_KIND_DIRECT")
    page.get_by_label("Type of speaker").select_option("SPEAKER_TYPE_PERSON")
    page.get_by_label("Was it said?").select_option("FACTUALITY_ASSERTED")
    page.get_by_label("From").first.fill("2026-05-01")
    page.get_by_label("Until").first.fill("2026-05-31")
    page.get_by_label("How sure").select_option("0.75")
    with page.expect_request("**/SearchStatements") as request:
        page.keyboard.press("Enter")
    assert request.value.post_data_json["filter"] == {
        "speaker": "olsen",
        "role": "engineer",
        "kinds": ["STATEMENT_KIND_DIRECT"],
        "speakerTypes": ["SPEAKER_TYPE_PERSON"],
        "factualities": ["FACTUALITY_ASSERTED"],
        "since": {"year": 2026, "month": 5, "day": 1},
        "until": {"year": 2026, "month": 5, "day": 31},
        "minConfidence": 0.75,
    }
    page.get_by_text("1 found, 1 shown.").wait_for()


def test_people_have_roles_and_statements(pages: Pages, server: Server) -> None:
    page = opened(pages, server.url)
    view(page, "People")
    page.locator("#people-list").get_by_role("button", name="Mara Olsen").click()
    person = page.locator("#person")
    person.get_by_text("Roles over time").first.wait_for()
    assert "the chief engineer" in person.inner_text()
    assert "2026-06" in person.inner_text()
    person.get_by_role("button", name="Their statements").click()
    page.get_by_text("2 found, 2 shown.").wait_for()
    page.get_by_text("Only statements of Mara Olsen.").wait_for()


def test_the_browser_leads_back_and_forward(pages: Pages, server: Server) -> None:
    page = opened(pages, server.url)
    view(page, "People")
    page.locator("#people-list").get_by_role("button", name="Mara Olsen").click()
    page.locator("#person").get_by_role("button", name="Their statements").click()
    page.get_by_text("Only statements of Mara Olsen.").wait_for()
    page.get_by_role("button", name="Open the article here").first.click()
    page.get_by_text("The article as the archive has it.").wait_for()
    page.go_back()
    page.get_by_text("Only statements of Mara Olsen.").wait_for()
    page.go_back()
    page.locator("#person").get_by_text("Roles over time").first.wait_for()
    page.go_back()
    page.locator("#people-list").wait_for()
    page.locator("#person").wait_for(state="hidden")
    page.go_forward()
    page.locator("#person").get_by_text("Roles over time").first.wait_for()


def test_on_a_small_screen_no_word_of_a_table_is_broken(pages: Pages, server: Server) -> None:
    page = opened(pages, server.url, viewport={"width": 320, "height": 900})
    view(page, "People")
    page.locator("#people-list").get_by_role("button", name="Mara Olsen").click()
    page.locator("#person").get_by_text("Roles over time").first.wait_for()
    broken = """() => [...document.querySelectorAll("#person td, #person th")].filter((cell) => {
      const text = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
      while (text.nextNode()) {
        for (const word of text.currentNode.data.matchAll(/\\S+/g)) {
          const range = document.createRange();
          range.setStart(text.currentNode, word.index);
          range.setEnd(text.currentNode, word.index + word[0].length);
          if (new Set([...range.getClientRects()].map(({ top }) => top)).size > 1) return true;
        }
      }
      return false;
    }).map((cell) => cell.textContent)"""
    assert page.evaluate(broken) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_sources_are_audited_and_counted_by_month(pages: Pages, server: Server) -> None:
    page = opened(pages, server.url)
    view(page, "Who speaks")
    page.get_by_text("5 counted.").wait_for()
    rows = page.locator("#tables tr").all_inner_texts()
    told = [re.sub(r"\s+", " ", row).strip() for row in rows]
    assert "All named sources 4 80%" in told
    assert "Unnamed sources 1 20%" in told
    assert "Organizations 1 20%" in told
    assert "Speaker All 2026-05 2026-06" in told
    assert "Mara Olsen 2 1 1" in told
    page.get_by_label("Words said").last.fill("nobody said this")
    page.get_by_role("button", name="Count").click()
    page.locator("#counts-message").get_by_text("Nothing matches.").wait_for()


def test_a_quotation_is_verified(pages: Pages, server: Server) -> None:
    page = opened(pages, server.url)
    view(page, "Verify")
    page.get_by_role("button", name="Look it up").click()
    page.get_by_text("No quotation yet.").wait_for()
    page.get_by_label("Quotation").fill("The bridge is unsafe")
    page.get_by_label("Speaker optional").fill("Olsen")
    page.get_by_role("button", name="Look it up").click()
    page.get_by_text("Altered: the articles have most of these words.").wait_for()
    assert "unsafe for safe" in page.locator("#places").inner_text()
    assert "“The bridge is safe,” said" in page.locator("#places .context").inner_text()
    page.get_by_label("Quotation").fill("Completely different zebra")
    page.get_by_role("button", name="Look it up").click()
    page.get_by_text("which does not mean that it is false").wait_for()


def test_without_text_the_passage_is_shown_and_said_to_be(
    pages: Pages, without_text: Server
) -> None:
    page = opened(pages, without_text.url)
    page.get_by_label("Words said").first.fill("repairs")
    page.keyboard.press("Enter")
    page.get_by_text("1 found, 1 shown.").wait_for()
    page.get_by_role("button", name="Show the passage").click()
    page.get_by_text("The archive does not include article texts.").wait_for()
    shown = page.locator("#article").inner_text()
    assert shown.index("repairs would take a month") < shown.index("Never again,")
    link = page.get_by_role("link", name="https://news.example/a2")
    assert link.get_attribute("rel") == "noreferrer noopener"


def test_nothing_of_an_article_becomes_html(pages: Pages, server: Server) -> None:
    page = opened(pages, server.url)
    hit = page.locator("#hits > li").filter(has_text="onerror")
    assert EVIL in hit.inner_text()
    hit.get_by_role("button", name="Open the article here").click()
    page.get_by_text("The article as the archive has it.").wait_for()
    assert EVIL in page.locator("#article article").inner_text()
    assert page.evaluate("window.hurt") is None
    assert page.locator("main :is(img, script, iframe, svg, [onerror])").count() == 0


def test_an_answer_that_means_harm_does_none(pages: Pages, server: Server) -> None:
    page = opened(pages, server.url)
    evil = {
        "statements": [
            {
                "archiveStatementId": EVIL,
                "personId": EVIL,
                "article": {"title": EVIL, "sourceUri": "javascript:window.hurt='a'"},
                "statement": {"kind": EVIL, "contentSpans": [{"text": EVIL}], "confidence": 1},
                "speaker": {"displayName": EVIL, "type": EVIL},
            }
        ],
        "totalSize": 1,
        "article": {"title": EVIL, "sourceUri": "javascript:window.hurt='a'"},
    }
    for method in ("SearchStatements", "GetArchivedArticle"):
        page.route(f"**/{method}", lambda route: route.fulfill(json=evil))
    page.get_by_role("button", name="Search", exact=True).last.click()
    page.get_by_text("1 found, 1 shown.").wait_for()
    page.get_by_role("button", name="Open the article here").click()
    page.get_by_text("The archive does not include article texts.").wait_for()
    assert page.evaluate("window.hurt") is None
    assert page.locator("main :is(img, script, iframe, a)").count() == 0


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(pages: Pages, server: Server, scheme: str, width: int) -> None:
    size = {"width": width, "height": 900}
    page = opened(pages, server.url, color_scheme=scheme, viewport=size)
    assert faults(page) == []
    page.get_by_role("button", name="Open the article here").first.click()
    page.get_by_text("The article as the archive has it.").wait_for()
    assert faults(page) == []
    view(page, "People")
    page.locator("#people-list").get_by_role("button", name="Mara Olsen").click()
    page.locator("#person").get_by_text("Roles over time").first.wait_for()
    assert faults(page) == []
    view(page, "Who speaks")
    page.get_by_text("5 counted.").wait_for()
    assert faults(page) == []
    view(page, "Verify")
    page.get_by_label("Quotation").fill("The bridge is unsafe")
    page.get_by_role("button", name="Look it up").click()
    page.get_by_text("Altered:").wait_for()
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_all_can_be_done_by_keyboard(pages: Pages, server: Server) -> None:
    page = opened(pages, server.url)
    reached = []
    for _ in range(30):  # a date has several fields
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.id || document.activeElement.name"))
    wanted = [
        "words-said",
        "speaker",
        "said-role",
        "organization",
        "kind",
        "type",
        "since",
        "until",
    ]
    assert [each for each in dict.fromkeys(reached) if each in wanted] == wanted
    page.locator("#words-said").focus()
    page.keyboard.type("bridge")
    page.keyboard.press("Enter")
    page.get_by_text("1 found, 1 shown.").wait_for()
    page.locator("#hits button").last.focus()
    page.keyboard.press("Enter")
    page.get_by_text("The article as the archive has it.").wait_for()
    assert page.evaluate("document.activeElement.id") == "opened"


def test_a_server_without_an_archive_says_so(pages: Pages) -> None:
    with Server("--workers", "1", "--http", "0") as server:
        page = pages.open_at(f"{server.url}/archive")
        page.get_by_text("This server has no archive.").wait_for()


def test_quoth_serve_hands_calls_on_and_wants_the_token_of_its_address(
    pages: Pages, tmp_path: Path
) -> None:
    """From a server of the network that has its own token, which the page never sees."""
    path = archive(tmp_path / "a.parquet")
    tokens = tmp_path / "tokens"
    tokens.write_text(f"desk:{TOKEN}\n")
    tokens.chmod(0o600)
    flags = ("--workers", "1", "--archive", str(path), "--token-file", str(tokens))
    with Server(*flags) as server:
        process = subprocess.Popen(
            [sys.executable, "-m", "quoth_cli", "serve", "--server", server.address],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": python_path(), "QUOTH_TOKEN": TOKEN},
        )
        try:
            assert process.stdout is not None
            address = process.stdout.readline().strip()
            assert re.fullmatch(r"http://127\.0\.0\.1:\d+/archive#token=[\w-]{43}", address)
            page = pages.open_at(address)
            page.get_by_text("5 found, 5 shown.").wait_for()
            assert page.evaluate("location.hash") == ""
            stored = "JSON.stringify([localStorage, sessionStorage, document.cookie])"
            assert page.evaluate(stored) == '[{},{},""]'
            page.get_by_role("button", name="Open the article here").first.click()
            page.get_by_text("The article as the archive has it.").wait_for()
            assert TOKEN not in "".join(pages.requests)
            other = pages.open_at(address.partition("#")[0])
            other.get_by_text("The server requires a token.").wait_for()
            assert faults(other) == []
            other.get_by_label("Token").fill(address.partition("=")[2])
            other.get_by_role("button", name="Continue").click()
            other.get_by_text("5 found, 5 shown.").wait_for()
        finally:
            process.send_signal(signal.SIGINT)
            ended = process.wait(_PATIENCE)
            assert process.stdout
            process.stdout.close()
        assert ended == 0
