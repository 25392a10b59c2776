"""The worst articles as a page: gold and answer side by side, and what is wrong.

The page is built as a tree and never put together from strings, so markup in a text stays text.
"""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterable, Iterator, Sequence
from xml.etree.ElementTree import Element, SubElement, tostring

from quoth_cli.evaluation.documents import Document, Span
from quoth_cli.evaluation.judgment import Judgment, Row
from quoth_cli.evaluation.scoring import Score
from quoth_cli.evaluation.table import table
from quoth_cli.printable import Shown

__all__ = ["page", "worst_of"]

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_STYLE = """
body { font: 1rem/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 80rem; padding: 0 1rem;
  color-scheme: light dark }
.sides { display: grid; grid-template-columns: 1fr 1fr; gap: 2rem }
.text { white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: isolate }
mark { background: #8884; color: inherit; border-bottom: 2px solid #7a7 }
mark.wrong { border-bottom: 3px double #c55; background: #c553 }
table { border-collapse: collapse; width: 100% }
th, td { text-align: start; vertical-align: top; padding: .3rem .6rem; border-top: 1px solid #8886 }
td { unicode-bidi: isolate; overflow-wrap: anywhere }
article { border-top: 2px solid #8888; margin-top: 2rem }
"""

Marked = tuple[Span, tuple[str, ...]]
"""A span and what is wrong with it."""


def page(engine: str, scores: Iterable[Score], most: int) -> str:
    """The page, with as many articles of each score as `most`, the worst first."""
    html = Element("html", lang="en")
    head = SubElement(html, "head")
    SubElement(head, "meta", charset="utf-8")
    SubElement(head, "meta", {"http-equiv": "Content-Security-Policy", "content": _POLICY})
    SubElement(head, "meta", name="viewport", content="width=device-width, initial-scale=1")
    _add(head, "title", "quoth evaluate: the worst articles")
    _add(head, "style", _STYLE)
    body = SubElement(html, "body")
    _add(body, "h1", "The worst articles")
    _add(body, "p", f"Engine {engine}" if engine else "Predictions of a file")
    for score in scores:
        section = SubElement(body, "section")
        _add(section, "h2", score.gold.title)
        _add(section, "pre", "\n".join(table(score)))
        for document, judgment in worst_of(score, most):
            _add_article(section, document, judgment)
    made = io.StringIO()
    Shown(made).write("<!DOCTYPE html>\n" + tostring(html, encoding="unicode", method="html"))
    return made.getvalue()


def worst_of(score: Score, most: int) -> list[tuple[Document, Judgment]]:
    """The articles with the smallest share of right statements; of equal ones, most errors."""
    pairs = zip(score.gold.documents, score.judgments, strict=True)
    wrong = [(document, judgment) for document, judgment in pairs if judgment.errors]
    return sorted(wrong, key=lambda pair: (pair[1].share, -pair[1].errors))[:most]


def _add_article(parent: Element, document: Document, judgment: Judgment) -> None:
    article = SubElement(parent, "article")
    _add(article, "h3", document.title or document.id)
    right = len(judgment.rows) - judgment.errors
    published = f", published {document.published}" if document.published else ""
    _add(article, "p", f"{document.id}{published}: {right} of {len(judgment.rows)} right")
    sides = SubElement(article, "div", {"class": "sides"})
    for name, spans in (
        ("Gold", [(span, row.wrong) for row in judgment.rows for span in row.gold_spans]),
        ("Answer", [(span, row.wrong) for row in judgment.rows for span in row.answer_spans]),
    ):
        side = SubElement(sides, "div")
        _add(side, "h4", name)
        _add_text(SubElement(side, "div", {"class": "text"}), document.text, spans)
    _add_rows(article, document.text, [row for row in judgment.rows if row.wrong])


def _add_rows(parent: Element, text: str, rows: Iterable[Row]) -> None:
    whole = SubElement(parent, "table")
    line = SubElement(SubElement(whole, "thead"), "tr")
    for name in ("Wrong", "Gold", "Answer", "Content"):
        _add(line, "th", name)
    body = SubElement(whole, "tbody")
    for row in rows:
        line = SubElement(body, "tr")
        content = " … ".join(text[s:e] for s, e in row.gold_spans or row.answer_spans)
        for cell in (", ".join(dict.fromkeys(row.wrong)), row.gold, row.answer, content):
            _add(line, "td", cell)


def _add_text(parent: Element, text: str, spans: Sequence[Marked]) -> None:
    """Adds the text with the spans marked."""
    last: Element | None = None
    for part, wrong in _segments(text, spans):
        if wrong is None:
            if last is None:
                parent.text = part
            else:
                last.tail = part
            continue
        last = _add(parent, "mark", part)
        if wrong:
            last.set("class", "wrong")
            last.set("title", ", ".join(wrong))


def _segments(text: str, spans: Sequence[Marked]) -> Iterator[tuple[str, tuple[str, ...] | None]]:
    """Yields pieces of the text with what is wrong there; None is a piece outside all spans."""
    edges = sorted({0, len(text), *(edge for span, _ in spans for edge in span)})
    for start, end in itertools.pairwise(edges):
        here = [wrong for (s, e), wrong in spans if s <= start and end <= e]
        marks = tuple(dict.fromkeys(word for wrong in here for word in wrong))
        yield text[start:end], marks if here else None


def _add(parent: Element, tag: str, text: str) -> Element:
    element = SubElement(parent, tag)
    element.text = text
    return element
