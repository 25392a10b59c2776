"""The repeats of a server's archive, with the values that those of an archive here have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from quoth import Client
from quoth.v1 import (
    ArchivedStatement,
    DifferenceKind,
    ListRepeatsRequest,
    Repeat,
    StatementKind,
    WordingChange,
)
from quoth_cli.enum_words import word
from quoth_cli.table.rows import calendar_text

__all__ = ["served_repeats"]

_MOST_PLACES = 1_000
"""Places of one quotation that a server tells of."""
_PAGE = 10  # with all their places, quotations are large
_EDITS = {
    DifferenceKind.DIFFERENCE_KIND_REPLACED: "replaced",
    DifferenceKind.DIFFERENCE_KIND_ADDED: "added",
    DifferenceKind.DIFFERENCE_KIND_MISSING: "left out",
}


def served_repeats(server: Client, least: int) -> Iterator[dict[str, Any]]:
    """The quotations that at least this many articles have, those of most first, as plain values.

    Raises:
        QuothError: A call failed.
    """
    request = ListRepeatsRequest(min_articles=least, max_occurrences=_MOST_PLACES, page_size=_PAGE)
    while True:
        page = server.ask(request)
        yield from map(_fields, page.repeats)
        if not page.next_page_token:
            return
        request.page_token = page.next_page_token


def _fields(repeat: Repeat) -> dict[str, Any]:
    return {
        "text": repeat.text,
        "articles": repeat.articles,
        "stories": repeat.stories,
        "first_day": calendar_text(repeat.first_day) or None,
        "last_day": calendar_text(repeat.last_day) or None,
        "speakers": list(repeat.speakers),
        "wordings": [
            {
                "text": each.text,
                "first_day": calendar_text(each.first_day) or None,
                "statements": each.statements,
                "changes": [_change(change) for change in each.changes],
            }
            for each in repeat.wordings
        ],
        "occurrences": [
            {**_place(each.statement), "wording": each.wording, "story": each.story}
            for each in repeat.occurrences
        ],
    }


def _place(given: ArchivedStatement) -> dict[str, Any]:
    article, statement = given.article, given.statement
    return {
        "article_id": article.article_id,
        "statement_id": statement.statement_id,
        "title": article.title or None,
        "url": article.source_uri or None,
        "section": article.section or None,
        "day": calendar_text(article.anchor_date) or None,
        "speaker": given.speaker.display_name or None,
        "kind": word(StatementKind, statement.kind),
    }


def _change(change: WordingChange) -> dict[str, Any]:
    edit = _EDITS.get(change.kind, "replaced")
    return {"edit": edit, "was": change.was or None, "now": change.now or None}
