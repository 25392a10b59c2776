"""Pages of hits: each leads to its place in the article."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from quoth_cli.headlines import headline_of
from quoth_cli.site.hits import hits_page
from tests.unit.table.statements import statement


def shown(
    *rows: dict[str, Any], site: str = "", folder: str = "/x", total: int = 0, asked: str = ""
) -> str:
    made = [statement(n, title=row.pop("title", None)) | row for n, row in enumerate(rows)]
    return hits_page(made, total or len(made), asked, Path(site) if site else None, Path(folder))


def links(page: str) -> list[str]:
    return re.findall(r'<li class="quoth-hit"><p><a href="([^"]*)"', page)


@pytest.mark.parametrize(
    ("folder", "expected"),
    [
        ("/x", "site/articles/000003-a%20b.html#s0"),
        ("/x/site", "articles/000003-a%20b.html#s0"),
        ("/y/z", "../../x/site/articles/000003-a%20b.html#s0"),
    ],
)
def test_into_a_site(folder: str, expected: str) -> None:
    page = shown({"position": 3, "article_id": "a b.txt"}, site="/x/site", folder=folder)
    assert links(page) == [expected.replace("a%20b", "a_b")]


def test_into_the_text_below() -> None:
    text = "Ada said <it> is late. “Go,” she said, “now.”"
    spans = [(9, 21), (24, 27)]
    page = shown(
        {"text": text, "content_spans": [{"start": 9, "end": 21}], "article_id": "one"},
        {"text": text, "content_spans": [{"start": 24, "end": 27}, {"start": 40, "end": 44}],
         "article_id": "one"},
        {"text": "Other.", "content_spans": [{"start": 0, "end": 90}], "article_id": "two"},
    )  # fmt: skip
    assert links(page) == ["#hit-0", "#hit-1", "#hit-2"]
    assert [text[start:end] for start, end in spans] == ["<it> is late", "Go,"]
    first, second = re.findall(r"<article>(.*?)</article>", page)
    assert first == (
        'Ada said <span id="hit-0"></span><mark>&lt;it&gt; is late</mark>. “'
        '<span id="hit-1"></span><mark>Go,</mark>” she said, “<mark>now.</mark>”'
    )
    assert second == '<span id="hit-2"></span><mark>Other.</mark>'


def test_statements_that_share_words() -> None:
    text = "a b c d"
    page = shown(
        {"text": text, "content_spans": [{"start": 0, "end": 5}]},
        {"text": text, "content_spans": [{"start": 2, "end": 7}]},
        {"text": text, "content_spans": [{"start": 2, "end": 3}]},
    )
    (body,) = re.findall(r"<article>(.*?)</article>", page)
    assert re.sub(r"<[^>]+>", "", body) == text
    assert [body.count(f'id="hit-{n}"') for n in range(3)] == [1, 1, 1]


@pytest.mark.parametrize(
    ("url", "content", "expected"),
    [
        (
            "https://x.example/a#top",
            "We go, well-read ones",
            "#:~:text=We%20go%2C%20well%2Dread%20ones",
        ),
        ("http://x.example/a", "one […] two", "#:~:text=one"),
        ("javascript:alert(1)", "one", None),
        ("", "one", None),
    ],
)
def test_to_the_address_of_the_article(url: str, content: str, expected: str | None) -> None:
    found = links(shown({"url": url, "content": content}))
    assert found == ([] if expected is None else [url.partition("#")[0] + expected])


def test_what_it_says() -> None:
    page = shown(
        {"content": "We load, […] and leave", "role": "harbor chief", "factuality": "denied",
         "date": "2019-05-25", "published": "2019-05-26T10:00Z", "title": "Quay"},
        {"speaker": None, "mention": "she", "kind": "indirect", "article_id": "b"},
        total=1234,
        asked="by “olsen”",
    )  # fmt: skip
    for words in (
        "<title>Statements by “olsen”</title>",
        "1,234 statements, the first 2 shown",
        "“We load,” […] “and leave”",
        "<b><bdi>Mara Olsen</bdi></b> · <bdi>harbor chief</bdi> · <bdi>direct</bdi> · "
        "<bdi>denied</bdi> · <bdi>2019-05-25</bdi>",
        "<bdi>Quay</bdi> · 2019-05-26",
        "<b><bdi>“she”</bdi></b>",
    ):
        assert words in page


def test_no_text_becomes_html() -> None:
    nasty = "</article><script>boom()</script><img src=x>"
    page = shown(
        {"content": nasty, "speaker": nasty, "role": nasty, "title": nasty, "text": nasty,
         "url": f"https://x.example/{nasty}", "published": nasty, "date": nasty,
         "content_spans": [{"start": 3, "end": 12}]},
        asked=nasty,
    )  # fmt: skip
    assert "<img" not in page
    assert "<script" not in page
    assert "script-src 'none'" in page


def test_an_article_without_a_title_is_called_by_its_headline() -> None:
    text = "Quay to close\n\n“We are full,” said Mara Olsen."
    page = shown({"text": text, "content_spans": [{"start": 16, "end": 28}], "article_id": "a.txt"})
    assert "<bdi>Quay to close</bdi>" in page
    assert "<h2><bdi>a.txt</bdi></h2>" in page  # above a text that has the headline
    assert "<bdi>a.txt</bdi></p>" in shown({"article_id": "a.txt"}).replace(" · 2019-05-25", "")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("\n Quay  to close \n\nThe quay will close.", "Quay to close"),
        ("The quay will close.\n\nNobody knows why.", ""),
        ("By Mara Olsen\n\nThe quay will close.", ""),
        ("SPORTS\n\nThe quay will close.", ""),
        ("Quay to close", ""),
        (f"{'Quay ' * 30}\nIt will.", ""),
        ("“Quay to close,”\nsaid Mara Olsen.", ""),
        ("", ""),
    ],
)
def test_headlines(body: str, expected: str) -> None:
    assert headline_of(body) == expected
