"""The first page of a site: all statements to be searched, speakers over all articles, articles."""

from __future__ import annotations

import html
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from quoth_cli.formats.wording import count, counted
from quoth_cli.headlines import headline_of
from quoth_cli.likely import LEAST
from quoth_cli.report import UNSAFE, Head, document
from quoth_cli.site.layout import SCRIPT, STYLE, page_of
from quoth_cli.table.hits import said_words

__all__ = ["MOST_STATEMENTS", "Index", "index_page"]

MOST_STATEMENTS = 100_000
"""How many statements a page can search; of more the first ones are there, and the page says so."""

_START = (
    'quothSite.index(document.getElementById("site"), '
    'JSON.parse(document.getElementById("quoth-site").textContent));'
)


@dataclass(slots=True)
class Index:
    """What the index tells, as it comes about article by article.

    Attributes:
        articles: Page, title, day of publication, number of likely statements, of each.
        speakers: Name and type, of each.
        statements: Article, id, speaker (-1 is not known), role, content, whether it is likely, and
            kind, whether it was said (in words; empty where it was) and date, of each that can be
            searched.
        number: How many statements there are.
    """

    articles: list[tuple[str, str, str, int]] = field(default_factory=list)
    speakers: list[tuple[str, str]] = field(default_factory=list)
    statements: list[tuple[Any, ...]] = field(default_factory=list)
    number: int = 0
    _numbers: dict[tuple[str, str], int] = field(default_factory=dict)

    def add(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Adds rows of articles, as Parquet has them."""
        for row in rows:
            likely = 0
            for each in row["statements"] or ():
                is_likely = each["confidence"] is None or each["confidence"] >= LEAST
                likely += is_likely
                self.number += 1
                if len(self.statements) < MOST_STATEMENTS:
                    self.statements.append(self._statement(each, is_likely))
            name = row["title"] or headline_of(row.get("text") or "") or row["article_id"]
            title = " ".join(name.split())
            day = (row["published"] or "")[:10]
            page = page_of(row["position"], row["article_id"])
            self.articles.append((page, title, day, likely))

    def _statement(self, row: Mapping[str, Any], is_likely: bool) -> tuple[Any, ...]:
        return (
            len(self.articles),
            row["statement_id"],
            self._speaker(row),
            " ".join((row["role"] or "").split()),
            " ".join((row["content"] or "").split()),
            int(is_likely),
            row["kind"] or "",
            said_words(row),
            row["date"] or "",
        )

    def _speaker(self, row: Mapping[str, Any]) -> int:
        """The number of a speaker; those of the same name and type are one."""
        if not row["speaker"]:
            return -1
        name, type_ = " ".join(row["speaker"].split()), row["speaker_type"] or ""
        number = self._numbers.setdefault((name.casefold(), type_), len(self.speakers))
        if number == len(self.speakers):
            self.speakers.append((name, type_))
        return number


def index_page(index: Index) -> str:
    """The page. Without JavaScript it lists the articles."""
    data = {
        "articles": index.articles,
        "speakers": index.speakers,
        "statements": index.statements,
        "number": index.number,
    }
    told = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(UNSAFE)
    heading = f"Who said what in {counted(len(index.articles), 'article')}"
    head = Head(heading, script=SCRIPT, style=STYLE)
    body = (
        f'<div id="site" class="quoth-view quoth-site"></div>\n'
        f'<noscript><ol class="quoth-plain">{"".join(_links(index))}</ol></noscript>\n'
        f'<script type="application/json" id="quoth-site">{told}</script>'
    )
    return document(head, f"<h1>{heading}</h1>", body, _START)


def _links(index: Index) -> Iterator[str]:
    for page, title, day, number in index.articles:
        yield (
            f'<li><a href="{html.escape(page)}"><bdi>{html.escape(title)}</bdi></a> '
            f"{html.escape(day)} {count(number, 'statement')}</li>"
        )
