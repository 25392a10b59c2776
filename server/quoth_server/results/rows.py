"""Readings as flat rows of plain values, under the names that `quoth bulk` has for its columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from quoth_server.engine.types import Reading, Span, Speaker, Statement, StatementDate

__all__ = ["COLUMNS", "statement_rows"]

COLUMNS = (
    *("statement_id", "kind", "content", "content_spans", "quoted_spans"),
    *("cue", "cue_lemma", "speaker_id", "speaker", "speaker_type", "mention"),
    *("role", "role_organization", "role_status"),
    *("date_text", "date", "date_granularity", "date_basis"),
    *("addressee", "medium", "medium_type", "parent_statement_id", "factuality"),
    *("confidence", "speaker_confidence", "role_confidence", "date_confidence"),
    "record_confidence",
)
"""The names of the values of a row, in order."""


def statement_rows(reading: Reading, body: str) -> list[dict[str, Any]]:
    """One row for each statement that was found in a text."""
    speakers = {speaker.speaker_id: speaker for speaker in reading.speakers}
    return [_row(statement, speakers, body) for statement in reading.statements]


def _row(statement: Statement, speakers: Mapping[str, Speaker], body: str) -> dict[str, Any]:
    cue, medium = statement.cue, statement.medium
    row: dict[str, Any] = {
        "statement_id": statement.statement_id,
        "kind": statement.kind.value,
        "content": statement.content_of(body),
        "content_spans": _places(statement.content_spans),
        "quoted_spans": _places(statement.quoted_spans),
        "cue": cue.span.of(body) if cue else None,
        "cue_lemma": (cue.lemma or None) if cue else None,
        **_speaker(statement, speakers, body),
        **_date(statement.date, body),
        "addressee": statement.addressee.of(body) if statement.addressee else None,
        "medium": medium.span.of(body) if medium else None,
        "medium_type": medium.type.value if medium else None,
        "parent_statement_id": statement.parent_statement_id or None,
        "factuality": statement.factuality.value,
        "confidence": round(statement.confidence, 6),
        "record_confidence": round(statement.record_confidence, 6),
    }
    return {name: row[name] for name in COLUMNS}


def _places(spans: Iterable[Span]) -> list[dict[str, int]]:
    return [{"start": span.start_offset, "end": span.end_offset} for span in spans]


def _speaker(
    statement: Statement, speakers: Mapping[str, Speaker], body: str
) -> dict[str, str | float | None]:
    mention = statement.speaker
    speaker = speakers.get(mention.speaker_id) if mention else None
    role = mention.role if mention else None
    return {
        "speaker_id": speaker.speaker_id if speaker else None,
        "speaker": speaker.display_name if speaker else None,
        "speaker_type": speaker.type.value if speaker else None,
        "mention": mention.span.of(body) if mention and mention.span else None,
        "role": role.span.of(body) if role else None,
        "role_organization": (role.organization or None) if role else None,
        "role_status": role.status.value if role else None,
        "speaker_confidence": round(mention.confidence, 6) if mention and speaker else None,
        "role_confidence": round(mention.role_confidence, 6) if mention and role else None,
    }


def _date(date: StatementDate | None, body: str) -> dict[str, str | float | None]:
    known = date.date if date else None
    return {
        "date_text": date.span.of(body) if date and date.span else None,
        "date": str(known) if known else None,
        "date_granularity": date.granularity.value if date else None,
        "date_basis": date.basis.value if date else None,
        "date_confidence": round(date.confidence, 6) if date and known else None,
    }
