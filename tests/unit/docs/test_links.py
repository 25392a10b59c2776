from __future__ import annotations

from pathlib import Path

import pytest

from docs.generate.links import Links


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for path, text in {
        "README.md": "## Limits\n\n[card](engine/CARD.md#mistakes)",
        "engine/CARD.md": "# Card",
        "engine/code.py": "",
        "docs/accuracy.md": "<!-- include README.md#limits -->",
        "docs/card.md": "<!-- include engine/CARD.md -->",
        "docs/operating.md": "",
    }.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    return tmp_path


@pytest.mark.parametrize(
    ("source", "page", "link", "led"),
    [
        # what a page includes is on that page, whole or in part
        ("README.md", "accuracy", "engine/CARD.md#mistakes", "card.md#mistakes"),
        ("docs/operating.md", "operating", "../README.md#limits", "accuracy.md"),
        ("README.md", "accuracy", "docs/operating.md#tls", "operating.md#tls"),
        # any other file comes along
        ("engine/CARD.md", "card", "code.py", "../engine/code.py"),
        ("docs/operating.md", "operating", "card.md", "card.md"),
        ("docs/operating.md", "operating", "#tls", "#tls"),
        ("docs/operating.md", "operating", "https://buf.build/x", "https://buf.build/x"),
    ],
)
def test_links_are_led_to_the_site(root: Path, source: str, page: str, link: str, led: str) -> None:
    links = Links.of(root, "docs", pytest.fail)
    assert links.lead(f"a [b\nc]({link}).", source, f"docs/{page}.md") == f"a [b\nc]({led})."


def test_folders_and_the_page_itself_are_not_links(root: Path) -> None:
    links = Links.of(root, "docs", pytest.fail)
    text = "[files](../engine) and [itself](card.md)"
    assert links.lead(text, "docs/card.md", "docs/card.md") == "files and itself"


def test_code_is_left_alone(root: Path) -> None:
    text = "```js\n[a](nowhere)\n```\n"
    assert Links.of(root, "docs", pytest.fail).lead(text, "README.md", "docs/card.md") == text


def test_a_link_to_nowhere_is_reported(root: Path) -> None:
    told: list[str] = []
    links = Links.of(root, "docs", told.append)
    assert links.lead("[a](gone.md)", "docs/operating.md", "docs/operating.md") == "a"
    assert told == ["docs/operating.md: the link to gone.md leads nowhere"]
