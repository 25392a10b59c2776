"""A page of what was found, whose hits lead to their place in the article."""

from __future__ import annotations

import html
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from quoth_cli.content import GAP
from quoth_cli.formats.wording import counted
from quoth_cli.headlines import headline_of
from quoth_cli.printable import clean
from quoth_cli.report import Head, document
from quoth_cli.site.layout import page_of
from quoth_cli.table.hits import content_words, said_words

__all__ = ["hits_page"]

_Row = Mapping[str, Any]
_WEB = re.compile(r"https?://", re.IGNORECASE)
# As much of a statement as finds it on the page where the article was.
_WORDS = 8


def hits_page(rows: Sequence[_Row], total: int, asked: str, site: Path | None, folder: Path) -> str:
    """The page: the statements, and below them their articles where the archive has the texts.

    A hit leads into the page of its article in the site, else to its words in the text below, else
    to them at the address of the article.

    Args:
        rows: The statements that are shown.
        total: How many were found.
        asked: What was asked for, to stand behind “Statements”; empty if all was.
        site: The site that was searched; None if it was another archive.
        folder: Where the page will be.
    """
    texts = {} if site else _texts(rows)
    parts = [f'<ol class="quoth-hits">{"".join(_hits(rows, texts, site, folder))}</ol>']
    if texts:
        parts.append('<div class="quoth-texts">')
        parts += [_article(numbers, rows) for numbers in texts.values()]
        parts.append("</div>")
    shown = counted(total, "statement")
    if len(rows) < total:
        shown += f", the first {len(rows):,} shown"
    status = f'<p class="quoth-status">{html.escape(shown)}</p>'
    body = f'<div class="quoth-view">{status}{"".join(parts)}</div>'
    heading = f"Statements {asked}" if asked else "All statements"
    head = Head(heading, is_plain=True)
    return document(head, f"<h1>{html.escape(heading)}</h1>", body, "")


def _texts(rows: Sequence[_Row]) -> dict[tuple[int, str, str], list[int]]:
    """The numbers of the hits in each article whose text is there."""
    found: dict[tuple[int, str, str], list[int]] = {}
    for number, row in enumerate(rows):
        if row.get("text"):
            key = (row["position"] or 0, row["article_id"], row["text"])
            found.setdefault(key, []).append(number)
    return found


def _hits(
    rows: Sequence[_Row], texts: Mapping[Any, Sequence[int]], site: Path | None, folder: Path
) -> Iterator[str]:
    below = {number for numbers in texts.values() for number in numbers}
    for number, row in enumerate(rows):
        if site:
            page = Path(os.path.relpath(site, folder), page_of(row["position"], row["article_id"]))
            link = f"{quote(page.as_posix())}#{quote(row['statement_id'] or '')}"
        else:
            link = f"#hit-{number}" if number in below else _address(row)
        words = f"<bdi>{html.escape(content_words(row))}</bdi>"
        if link:
            words = f'<a href="{html.escape(link)}">{words}</a>'
        yield f'<li class="quoth-hit"><p>{words}</p>{_facts(row)}</li>\n'


def _facts(row: _Row) -> str:
    speaker = row["speaker"] or (f"“{row['mention']}”" if row["mention"] else "Speaker not known")
    role = row["role"] if row["role"] and row["role"].casefold() not in speaker.casefold() else ""
    facts = [role, row["kind"], said_words(row), row["date"]]
    title = row["title"] or headline_of(row.get("text") or "") or row["article_id"] or ""
    told = "".join(f" · <bdi>{html.escape(clean(each))}</bdi>" for each in facts if each)
    day = f" · {html.escape(row['published'][:10])}" if row["published"] else ""
    return (
        f'<p class="quoth-remark"><b><bdi>{html.escape(clean(speaker))}</bdi></b>{told}</p>'
        f'<p class="quoth-remark"><bdi>{html.escape(clean(title))}</bdi>{day}</p>'
    )


def _address(row: _Row) -> str:
    """The article where it was found, at the words of the statement; empty without an address."""
    url = row["url"] or ""
    if not _WEB.match(url):
        return ""
    words = " ".join((row["content"] or "").partition(f" {GAP} ")[0].split()[:_WORDS])
    # A dash, as a comma, divides the parts of such a fragment.
    return f"{url.partition('#')[0]}#:~:text={quote(words, safe='').replace('-', '%2D')}"


def _article(numbers: Sequence[int], rows: Sequence[_Row]) -> str:
    """The text of an article with the words of its hits marked."""
    first = rows[numbers[0]]
    text: str = first["text"]
    starts: dict[int, list[int]] = {}
    marked: set[int] = set()
    for number in numbers:
        for part, span in enumerate(rows[number]["content_spans"] or ()):
            start, end = max(0, span["start"]), min(len(text), span["end"])
            marked.update(range(start, end))
            if part == 0:
                starts.setdefault(start, []).append(number)
    made = []
    at = 0
    edges = {at for at in marked if at - 1 not in marked}  # where marks begin
    edges |= {at + 1 for at in marked if at + 1 not in marked}  # and end
    for end in [*sorted(edges.union(starts)), len(text)]:
        if at < end:
            piece = html.escape(text[at:end])
            made.append(f"<mark>{piece}</mark>" if at in marked else piece)
        made += [f'<span id="hit-{number}"></span>' for number in starts.get(end, ())]
        at = end
    title = html.escape(clean(first["title"] or first["article_id"] or ""))
    return f"<h2><bdi>{title}</bdi></h2><article>{''.join(made)}</article>\n"
