"""One self-contained page of HTML with some articles and what is said in them."""

from __future__ import annotations

import base64
import hashlib
import html
import json
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from google.protobuf.json_format import MessageToDict

from quoth import content_of, speaker_of
from quoth.v1 import Article, AttributeQuotesResponse
from quoth_cli.headlines import headline_of
from quoth_cli.site.layout import INDEX, SCRIPT, STYLE
from quoth_cli.web import script, style

__all__ = ["UNSAFE", "Attributed", "Head", "document", "page"]

_START = """\
for (const data of document.querySelectorAll("script.quoth-data")) {
  quothView.render(document.getElementById(data.dataset.view), JSON.parse(data.textContent));
}
"""

_PAGE = """\
<!DOCTYPE html>
<html lang="en" class="quoth-page">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="quoth">
<link rel="icon" href="data:,">
<title>{title}</title>
{style}
</head>
<body>
{skip}<header class="quoth-masthead">{masthead}</header>
<main>
{body}
</main>
{scripts}
</body>
</html>
"""

_SKIP = '<a class="quoth-skip" href="#article-1">Skip to the article</a>\n'

_SELF, _NONE = "'self'", "'none'"

# What ends a script or begins a comment in it, and the two line ends that old JavaScript refuses.
UNSAFE = {ord(each): f"\\u{ord(each):04x}" for each in "<>&\u2028\u2029"}


class Attributed(NamedTuple):
    """An article with what was found in it.

    Attributes:
        name: What to call the article where it has neither title nor headline, such as its file.
        article: The article as it was sent.
        response: The answer, with offsets in code points of the article's body.
    """

    name: str
    article: Article
    response: AttributeQuotesResponse


class Head(NamedTuple):
    """What a page has in its head.

    Attributes:
        title: Its title.
        script: Where the script of the view is; empty where it is in the page.
        style: Where the style of the view is; empty where it is in the page.
        is_plain: There is no script of the view at all.
    """

    title: str
    script: str = ""
    style: str = ""
    is_plain: bool = False


def page(articles: Sequence[Attributed], *, site: str = "") -> str:
    """A page that shows articles, in the order given, with who said what in them.

    It loads nothing: its policy forbids every request, and every script but its own two. Without
    JavaScript it shows the text and a plain list of the statements.

    Args:
        articles: The articles.
        site: Where the site is that the page is of, whose script and style it then loads and to
            whose index it leads; empty if it is of none.
    """
    head = Head(_title(articles))
    home = ""
    if site:
        head = Head(_title(articles), f"{site}/{SCRIPT}", f"{site}/{STYLE}")
        home = f'<a class="quoth-home" href="{site}/{INDEX}">All articles</a>'
    body = "\n".join(
        _article(number, each, alone=len(articles) == 1)
        for number, each in enumerate(articles, start=1)
    )
    return document(head, home + _masthead(articles), body, _START, skip=_SKIP)


def document(head: Head, masthead: str, body: str, start: str, *, skip: str = "") -> str:
    """A page of HTML in the look of the view.

    Args:
        head: What its head has.
        masthead: What stands above all else, as HTML.
        body: What it shows, as HTML.
        start: The script that begins, behind that of the view; empty for none.
        skip: A link for keys, before all else.
    """
    look = (
        f'<link rel="stylesheet" href="{head.style}">'
        if head.style
        else f"<style>{style()}</style>"
    )
    inline = [] if head.script or head.is_plain else [script()]
    scripts = [f'<script src="{head.script}"></script>'] if head.script else []
    codes = [*inline, *([start] if start else [])]
    return _PAGE.format(
        policy=_policy(codes, head),
        title=html.escape(head.title),
        style=look,
        skip=skip,
        masthead=masthead,
        body=body,
        scripts="\n".join([*scripts, *(f"<script>{code}</script>" for code in codes)]),
    )


def _policy(codes: Sequence[str], head: Head) -> str:
    """The policy of the page: nothing but its own scripts and style, and no HTML from text."""
    allowed = [*([_SELF] if head.script else []), *map(_digest, codes)]
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src {' '.join(allowed) or _NONE}",
            f"style-src {_SELF if head.style else _digest(style())}",
            "img-src data:",  # the empty icon, lest browsers ask a server for one
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        ]
    )


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _name(each: Attributed) -> str:
    return " ".join((each.article.title or headline_of(each.article.body) or each.name).split())


def _title(articles: Sequence[Attributed]) -> str:
    if len(articles) == 1:
        return f"Who said what: {_name(articles[0])}"
    return f"Who said what in {len(articles)} articles"


def _masthead(articles: Sequence[Attributed]) -> str:
    if len(articles) == 1:
        return "<h1>Who said what</h1>"
    links = "".join(
        f'<li><a href="#article-{number}"><bdi>{html.escape(_name(each))}</bdi></a></li>'
        for number, each in enumerate(articles, start=1)
    )
    return (
        f"<h1>Who said what in {len(articles)} articles</h1>"
        f'<nav aria-label="Articles"><ol>{links}</ol></nav>'
    )


def _article(number: int, each: Attributed, *, alone: bool) -> str:
    place = f"article-{number}"
    data = {
        "name": each.name,
        "prefix": "" if alone else f"{place}-",
        "article": MessageToDict(each.article, preserving_proto_field_name=True),
        "response": MessageToDict(each.response, preserving_proto_field_name=True),
    }
    return (
        f'<section id="{place}" tabindex="-1" aria-label="{html.escape(_name(each))}"></section>\n'
        f"<noscript>{_plain(each)}</noscript>\n"
        f'<script type="application/json" class="quoth-data" data-view="{place}">'
        f"{json.dumps(data, ensure_ascii=False).translate(UNSAFE)}</script>"
    )


def _plain(each: Attributed) -> str:
    """The article and its statements for browsers without JavaScript."""
    rows = "".join(_rows(each.response, each.article.body))
    return (
        f'<div class="quoth-plain"><h2>{html.escape(_name(each))}</h2>'
        "<p>With JavaScript this page marks every statement in the text.</p>"
        f"<article>{html.escape(each.article.body)}</article>"
        f"<h3>Statements</h3><ol>{rows}</ol></div>"
    )


def _rows(response: AttributeQuotesResponse, body: str) -> Iterator[str]:
    for statement in response.statements:
        speaker = speaker_of(response, statement)
        said = content_of(statement, body)
        name = speaker.display_name if speaker else "Speaker not known"
        yield f"<li><b>{html.escape(name)}</b>: {html.escape(said)}</li>"
