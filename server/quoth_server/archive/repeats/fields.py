"""Repeats as plain values that JSON holds."""

from __future__ import annotations

import datetime
from typing import Any

from quoth_server.archive.repeats.repeat import Repeat

__all__ = ["fields"]


def fields(repeat: Repeat) -> dict[str, Any]:
    """The fields of a repeat, days as ISO 8601 texts; stories and wordings are counted from 0."""
    return {
        "text": repeat.text,
        "articles": repeat.articles,
        "stories": repeat.stories,
        "first_day": _day(repeat.first_day),
        "last_day": _day(repeat.last_day),
        "speakers": list(repeat.speakers),
        "wordings": [
            {
                "text": wording.text,
                "first_day": _day(wording.first_day),
                "statements": wording.statements,
                "changes": [
                    {"edit": each.edit.value, "was": each.was or None, "now": each.now or None}
                    for each in wording.changes
                ],
            }
            for wording in repeat.wordings
        ],
        "occurrences": [
            {
                "article_id": each.statement.article_id,
                "statement_id": each.statement.statement_id,
                "title": each.statement.title,
                "url": each.statement.url,
                "section": each.statement.section,
                "day": _day(each.day),
                "speaker": each.statement.speaker,
                "kind": each.statement.kind,
                "wording": each.wording,
                "story": each.story,
            }
            for each in repeat.occurrences
        ],
    }


def _day(day: datetime.date | None) -> str | None:
    return day.isoformat() if day else None
