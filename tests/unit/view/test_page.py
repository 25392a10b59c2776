"""The page as a file: it holds all it needs, its data is the messages, and text stays text."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
from html.parser import HTMLParser
from importlib import resources

import pytest
from google.protobuf.json_format import ParseDict

from quoth.v1 import Article, AttributeQuotesResponse
from quoth_cli.formats import Format, renderer
from quoth_cli.report import Attributed, page
from quoth_cli.table.rows import ArticleMeta
from quoth_cli.web import script, site_script
from tests.unit.cli import example

NASTY = [
    "</script><script>boom()</script>",
    "<!--<script>",
    "</noscript><img src=x onerror=boom()>",
    "<img src=x onerror=boom()>",
    "]]>--></style><style>*{display:none}",
    '" autofocus onfocus="boom()',
    "\u2028\u2029\x00\x0c\ufeff\u202e",
    "{title}{policy} %s $x \\u003c/script",
]


class Document(HTMLParser):
    """The elements of a page: tags with attributes in order, and the text in scripts and styles."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.raw: list[tuple[str, dict[str, str | None], str]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag in ("script", "style"):
            self.raw.append((tag, dict(attrs), ""))

    def handle_data(self, data: str) -> None:
        if self.cdata_elem:
            tag, attributes, before = self.raw[-1]
            self.raw[-1] = (tag, attributes, before + data)

    def code(self, tag: str) -> list[str]:
        return [text for name, attributes, text in self.raw if name == tag and not attributes]

    def data(self) -> list[dict[str, object]]:
        return [json.loads(text) for _, attributes, text in self.raw if attributes.get("type")]


def attributed(name: str = "quay.txt") -> Attributed:
    return Attributed(name, example.article(), example.answer())


def nasty(text: str) -> Attributed:
    """An article with the text in every place that is shown."""
    body = f"{text} “Yes,” said {text} {text}"
    article = Article(article_id=text, title=text, body=body, source_uri=f"javascript:{text}")
    response = AttributeQuotesResponse(engine_version=text)
    response.speakers.add(speaker_id=text, display_name=text)
    made = response.statements.add(statement_id=text)
    start = body.index("Yes")
    made.content_spans.add(start_offset=start, end_offset=start + 3, text=text)
    made.speaker.speaker_id = text
    return Attributed(text, article, response)


def test_the_page_loads_nothing() -> None:
    text = page([attributed()])
    document = Document(text)
    for tag, attributes in document.tags:
        assert "src" not in attributes, tag
        assert tag not in ("iframe", "object", "embed", "base", "form", "img"), tag
        if tag == "link":
            assert attributes == {"rel": "icon", "href": "data:,"}
        elif "href" in attributes:
            assert str(attributes["href"]).startswith("#")
        assert not any(name.startswith("on") or name == "style" for name in attributes)
    (style,) = document.code("style")
    assert not re.search(r"@import|url\(|image-set\(|@font-face", style)


def test_the_policy_allows_its_own_scripts_and_style_and_nothing_else() -> None:
    document = Document(page([attributed()]))
    (policy,) = (
        str(attributes["content"])
        for tag, attributes in document.tags
        if tag == "meta" and attributes.get("http-equiv") == "Content-Security-Policy"
    )
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))

    def digest(text: str) -> str:
        return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"

    assert rules.pop("script-src").split() == [digest(each) for each in document.code("script")]
    assert rules.pop("style-src").split() == [digest(each) for each in document.code("style")]
    assert rules == {
        "default-src": "'none'",
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "'none'",
    }


@pytest.mark.parametrize("made", [attributed(), *map(nasty, NASTY)], ids=lambda made: made.name)
def test_the_data_are_the_messages(made: Attributed) -> None:
    (data,) = Document(page([made])).data()
    assert ParseDict(data["article"], Article()) == made.article
    assert ParseDict(data["response"], AttributeQuotesResponse()) == made.response
    assert data["name"] == made.name


@pytest.mark.parametrize("text", NASTY)
def test_text_adds_no_element(text: str) -> None:
    harmless, harmful = Document(page([nasty("plain")])), Document(page([nasty(text)]))
    assert [tag for tag, _ in harmful.tags] == [tag for tag, _ in harmless.tags]
    assert harmful.code("script") == harmless.code("script")
    assert harmful.code("style") == harmless.code("style")


def test_articles_have_places_and_links_of_their_own() -> None:
    text = page([attributed("a.txt"), attributed("b.txt")])
    document = Document(text)
    assert [each["prefix"] for each in document.data()] == ["article-1-", "article-2-"]
    ids = [str(attributes["id"]) for _, attributes in document.tags if "id" in attributes]
    assert ids == ["article-1", "article-2"]
    links = [attributes.get("href") for tag, attributes in document.tags if tag == "a"]
    assert links == ["#article-1", "#article-1", "#article-2"]
    assert "<title>Who said what in 2 articles</title>" in text


def test_without_javascript_there_are_text_and_statements() -> None:
    text = page([attributed()])
    (plain,) = re.findall(r"<noscript>(.*?)</noscript>", text, re.DOTALL)
    assert "Dockers told reporters" in plain
    assert "<li><b>Mira Sole</b>: We load at dawn, […] And we\r\nleave at noon.</li>" in plain
    assert plain.count("<li>") == len(example.answer().statements)
    assert "<li><b>Speaker not known</b>: =SUM(1;2)</li>" in plain


def test_the_script_never_makes_html_of_text() -> None:
    text = script()
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b", text)
    assert not re.search(r"\bfetch\b|XMLHttpRequest|WebSocket|\bimport\b|sendBeacon", text)


def test_the_script_has_every_file_of_it() -> None:
    files = [
        each for each in resources.files("quoth_cli.web").iterdir() if each.name.endswith(".js")
    ]
    assert len(files) > 1
    for each in files:
        assert each.read_text(encoding="utf-8") in script() + site_script()


def test_the_renderer_writes_one_page_of_all_articles_at_its_end() -> None:
    out = io.StringIO()
    writer = renderer(Format.HTML, out)
    writer.write(example.META, example.article(), example.answer())
    writer.write(ArticleMeta("b.txt"), Article(body=example.BODY), example.answer())
    assert out.getvalue() == ""
    writer.close()
    first, second = Document(out.getvalue()).data()
    assert (first["name"], second["name"]) == ("news/quay.txt", "b.txt")
    assert out.getvalue().count("<!DOCTYPE html>") == 1


def test_the_renderer_gives_the_address_that_the_input_has() -> None:
    out = io.StringIO()
    writer = renderer(Format.HTML, out)
    article = Article(body=example.BODY)
    writer.write(example.META, article, example.answer())
    writer.close()
    (data,) = Document(out.getvalue()).data()
    assert ParseDict(data["article"], Article()).source_uri == example.META.url
    assert not article.source_uri


def test_without_an_article_there_is_no_page() -> None:
    out = io.StringIO()
    renderer(Format.HTML, out).close()
    assert out.getvalue() == ""
