"""Answers of the service in the two formats that the scorers read.

The scorers live beside the corpora: `score_records.py` wants who, role and date of each
statement; `score_attributions.py` wants spans of source, cue and content, where the corpora count
quotation marks as content and the API leaves the outer ones out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from quoth import v1

__all__ = ["as_attributions", "as_records", "widened"]

_OPENING = re.compile(r"(?:[“„«»‹›‘‚\"'`]|``|'')$")
_CLOSING = re.compile(r"[.,!?…;:—–-]*(?:''|[”“»«›‹’\"'])")


def widened(body: str, start: int, end: int) -> tuple[int, int]:
    """The span with the quotation marks that stand beside it, and stops before the closing one."""
    before = _OPENING.search(body[max(0, start - 2) : start])
    after = _CLOSING.match(body, end)
    return start - len(before.group()) if before else start, after.end() if after else end


def as_attributions(body: str, response: v1.AttributeQuotesResponse) -> list[dict[str, Any]]:
    """The statements as attributions with widened content.

    Those that another statement reports are left out: PolNeAR annotates nothing nested.
    """
    return [
        {
            "id": statement.statement_id,
            "content": [widened(body, s, e) for s, e in _pairs(statement.content_spans)],
            "cue": _pairs([statement.cue.span]) if statement.HasField("cue") else [],
            "source": (
                _pairs([statement.speaker.span]) if statement.speaker.HasField("span") else []
            ),
        }
        for statement in response.statements
        if not statement.parent_statement_id
    ]


def as_records(response: v1.AttributeQuotesResponse) -> list[dict[str, Any]]:
    """The statements as records: content, kind, speaker, the role at this statement, date."""
    speakers = {speaker.speaker_id: speaker for speaker in response.speakers}
    records = []
    for statement in response.statements:
        speaker = speakers.get(statement.speaker.speaker_id)
        role = statement.speaker.role.span.text
        records.append(
            {
                "content": _pairs(statement.content_spans),
                "kind": _tail(v1.StatementKind.Name(statement.kind), "STATEMENT_KIND_"),
                "speaker": speaker
                and {
                    "name": speaker.display_name,
                    "kind": _tail(v1.SpeakerType.Name(speaker.type), "SPEAKER_TYPE_"),
                },
                "roles": [role] if role else [],
                "date": _iso(statement.date),
            }
        )
    return records


def _pairs(spans: Sequence[v1.TextSpan]) -> list[tuple[int, int]]:
    return [(span.start_offset, span.end_offset) for span in spans]


def _tail(name: str, prefix: str) -> str:
    return name.removeprefix(prefix)


def _iso(told: v1.StatementDate) -> str | None:
    """The date as the scorer writes it: `2019-05-23`, `2019-05` (a week by its month), `2019`."""
    date = told.date
    known = {
        v1.DateGranularity.DATE_GRANULARITY_DAY: 3,
        v1.DateGranularity.DATE_GRANULARITY_WEEK: 2,
        v1.DateGranularity.DATE_GRANULARITY_MONTH: 2,
        v1.DateGranularity.DATE_GRANULARITY_YEAR: 1,
    }.get(told.granularity if date.year else 0, 0)
    parts = (f"{date.year:04}", f"{date.month:02}", f"{date.day:02}")
    return "-".join(parts[:known]) or None
