"""What a notebook shows of a result, in a real browser: isolated, and readable in any light."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest

from quoth_server.engine.types import (
    Article,
    Factuality,
    Reading,
    Span,
    Speaker,
    SpeakerType,
    Statement,
    StatementKind,
)
from quoth_server.engine.types import SpeakerMention as Mention
from quoth_server.results import Result

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe")

WORDS = [f"word{number}" for number in range(12)]
BODY = " ".join(WORDS) + "\n<script>parent.spoiled = true</script> <img src=x onerror=alert(1)>"


def result(speakers: int = 11) -> Result:
    """One statement for each speaker, and one of nobody; some unsure, some denied."""
    statements = tuple(
        Statement(
            f"s{number}",
            StatementKind.DIRECT,
            (Span(BODY.index(word), BODY.index(word) + len(word)),),
            speaker=Mention(None, f"p{number}"),
            factuality=list(Factuality)[number % len(Factuality)],
            confidence=0.3 if number % 3 == 0 else 0.9,
        )
        for number, word in enumerate(WORDS)
    )
    return Result.of(
        Reading(
            statements,
            tuple(Speaker(f"p{n}", f"Voice {n}", SpeakerType.PLACE) for n in range(speakers)),
        ),
        Article(BODY, title="A <b>title</b>"),
    )


@pytest.fixture
def page(browser: Any) -> Any:
    context = browser.new_context()
    yield context.new_page()
    context.close()


def test_it_keeps_to_its_frame(page: Any) -> None:
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.set_content(f"<style>mark {{ display: none }}</style>{result()._repr_html_()}")
    inside = page.frame_locator("iframe")
    inside.locator("mark").first.wait_for(state="visible")  # the page's style does not reach it
    assert inside.locator("mark").count() == len(WORDS)
    assert "<script>" in inside.locator("article").inner_text()
    assert page.evaluate("window.spoiled") is None
    assert [url for url in requests if not url.startswith("about:")] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(page: Any, scheme: str) -> None:
    # The frame runs no script, axe's neither: so its page is looked at by itself.
    (inside,) = re.findall(r'srcdoc="([^"]*)"', result()._repr_html_())
    policy = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')
    page.emulate_media(color_scheme=scheme)
    page.set_content(policy.sub("", html.unescape(inside)))
    found = axe.Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa"]})
    assert [each["id"] for each in found.response["violations"]] == []
