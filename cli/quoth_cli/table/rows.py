"""Answers as flat rows: plain values that JSON, CSV and Parquet all hold.

What each field means is said once, in `quoth_cli.table.schema`.
"""

from __future__ import annotations

import calendar
import datetime
from dataclasses import dataclass
from typing import Any

from quoth import content_of
from quoth.v1 import (
    AnchorBasis,
    AttributeQuotesResponse,
    CalendarDate,
    Cue,
    DateBasis,
    DateGranularity,
    Factuality,
    MediumType,
    Nonresponse,
    NonresponseKind,
    Notice,
    NoticeReason,
    Relay,
    Role,
    RoleStatus,
    Speaker,
    SpeakerMention,
    SpeakerType,
    Statement,
    StatementDate,
    StatementKind,
    TextSpan,
)
from quoth_cli.enum_words import word

__all__ = ["GIVEN", "ArticleMeta", "Row", "article_row", "calendar_text", "statement_rows"]

Row = dict[str, Any]
"""A row; every field of its schema is there, None where it does not hold."""


GIVEN = ("title", "published", "updated", "url", "author", "section")
"""What an input may say of an article beside its text, in the order of every output."""


@dataclass(frozen=True, slots=True)
class ArticleMeta:
    """What the input says of an article beside its text; empty where it says nothing.

    Attributes:
        id: The caller's name for it.
        title: The headline.
        published: The day or the instant of publication, in ISO 8601.
        url: Where it is found.
        author: Who wrote it.
        section: The part of the paper it stood in.
        updated: The day or the instant of its last change, in ISO 8601.
        extracted: The text was extracted from a page, so that nobody but quoth has it as the
            offsets count it: every output is to have it.
    """

    id: str
    title: str = ""
    published: str = ""
    url: str = ""
    author: str = ""
    section: str = ""
    updated: str = ""
    extracted: bool = False


def statement_rows(
    position: int,
    meta: ArticleMeta,
    response: AttributeQuotesResponse,
    body: str,
    *,
    with_text: bool = False,
) -> list[Row]:
    """One row for each statement of an article.

    Args:
        position: The place of the article in its input, from 0.
        meta: What the input says of it.
        response: The answer, with offsets in code points.
        body: The text of the article.
        with_text: Whether the rows are to have it.
    """
    head = _head(position, meta, response)
    tail: Row = {"engine_version": response.engine_version}
    if with_text:
        tail["text"] = body
    return [{**head, **fields, **tail} for fields in _statements(response, body)]


def article_row(
    position: int,
    meta: ArticleMeta,
    response: AttributeQuotesResponse,
    body: str,
    *,
    with_text: bool = False,
) -> Row:
    """The row of an article, its statements in it; arguments as for `statement_rows`."""
    row = {
        **_head(position, meta, response),
        "statements": _statements(response, body),
        "nonresponses": _nonresponses(response),
        "sentences": [
            {
                "start": each.span.start_offset,
                "end": each.span.end_offset,
                "statement_ids": list(each.statement_ids),
            }
            for each in response.sentences
        ],
        "speakers": [_speaker(speaker) for speaker in response.speakers],
        "notices": [_notice(notice) for notice in response.notices],
        "engine_version": response.engine_version,
    }
    if with_text:
        row["text"] = body
    return row


def calendar_text(date: CalendarDate) -> str:
    """A date as fine as it is known: `2019`, `2019-05` or `2019-05-25`; empty if it is not."""
    if not date.year:
        return ""
    parts = [f"{date.year:04}"]
    if date.month:
        parts.append(f"{date.month:02}")
        if date.day:
            parts.append(f"{date.day:02}")
    return "-".join(parts)


def _head(position: int, meta: ArticleMeta, response: AttributeQuotesResponse) -> Row:
    anchor = response.anchor_date
    has_anchor = anchor.HasField("date")
    return {
        "position": position,
        "article_id": meta.id,
        **{name: getattr(meta, name) or None for name in GIVEN},
        "anchor_date": calendar_text(anchor.date) if has_anchor else None,
        "anchor_basis": word(AnchorBasis, anchor.basis) if has_anchor else None,
        "language": response.language_code or None,
    }


def _statements(response: AttributeQuotesResponse, body: str) -> list[Row]:
    speakers = {speaker.speaker_id: speaker for speaker in response.speakers}
    return [_statement(statement, speakers, body) for statement in response.statements]


def _statement(statement: Statement, speakers: dict[str, Speaker], body: str) -> Row:
    return {
        "statement_id": statement.statement_id,
        "kind": word(StatementKind, statement.kind),
        "content": content_of(statement, body),
        "content_spans": _spans(statement.content_spans),
        "quoted_spans": _spans(statement.quoted_spans),
        **_cue(statement.cue if statement.HasField("cue") else None),
        **_mention(statement.speaker if statement.HasField("speaker") else None, speakers),
        **_date(statement.date if statement.HasField("date") else None),
        "addressee": statement.addressee.text or None,
        "medium": statement.medium.span.text or None,
        "medium_type": word(MediumType, statement.medium.type),
        "parent_statement_id": statement.parent_statement_id or None,
        "factuality": word(Factuality, statement.factuality),
        "relays": [_relay(relay) for relay in statement.relays],
        "confidence": _short(statement.confidence),
        **_confidences(statement),
        "record_confidence": _short(statement.record_confidence),
    }


def _nonresponses(response: AttributeQuotesResponse) -> list[Row]:
    speakers = {speaker.speaker_id: speaker for speaker in response.speakers}
    return [
        {
            "kind": word(NonresponseKind, told.kind),
            **_cue(told.cue),
            **_mention(told.speaker if told.HasField("speaker") else None, speakers),
            **_date(told.date if told.HasField("date") else None),
            **_confidences(told),
        }
        for told in response.nonresponses
    ]


def _spans(spans: Any) -> list[Row]:
    return [{"start": span.start_offset, "end": span.end_offset} for span in spans]


def _place(name: str, span: TextSpan | None) -> Row:
    return {
        f"{name}_start": span.start_offset if span else None,
        f"{name}_end": span.end_offset if span else None,
    }


def _cue(cue: Cue | None) -> Row:
    return {
        "cue": cue.span.text if cue else None,
        "cue_lemma": (cue.lemma or None) if cue else None,
        **_place("cue", cue.span if cue else None),
    }


def _mention(mention: SpeakerMention | None, speakers: dict[str, Speaker]) -> Row:
    speaker = speakers.get(mention.speaker_id) if mention else None
    span = mention.span if mention and mention.HasField("span") else None
    role = mention.role if mention and mention.HasField("role") else None
    return {
        "speaker_id": speaker.speaker_id if speaker else None,
        "speaker": speaker.display_name if speaker else None,
        "speaker_type": word(SpeakerType, speaker.type) if speaker else None,
        "mention": span.text if span else None,
        **_place("mention", span),
        **_role(role),
        **_place("role", role.span if role else None),
    }


def _role(role: Role | None) -> Row:
    return {
        "role": role.span.text if role else None,
        "role_organization": (role.organization or None) if role else None,
        "role_status": word(RoleStatus, role.status) if role else None,
    }


def _date(date: StatementDate | None) -> Row:
    known = date.date if date and date.HasField("date") else None
    first, last = _range(known, date.granularity) if known and date else (None, None)
    return {
        "date_text": (date.span.text or None) if date else None,
        "date": calendar_text(known) if known else None,
        "date_from": first.isoformat() if first else None,
        "date_to": last.isoformat() if last else None,
        "date_granularity": (word(DateGranularity, date.granularity) if date else None),
        "date_basis": word(DateBasis, date.basis) if date else None,
    }


def _range(
    date: CalendarDate, granularity: DateGranularity.ValueType
) -> tuple[datetime.date, datetime.date]:
    """The first and the last day that a date can mean."""
    if not date.month:
        return datetime.date(date.year, 1, 1), datetime.date(date.year, 12, 31)
    if not date.day:
        last = calendar.monthrange(date.year, date.month)[1]
        first = datetime.date(date.year, date.month, 1)
        return first, first.replace(day=last)
    first = datetime.date(date.year, date.month, date.day)
    if granularity != DateGranularity.DATE_GRANULARITY_WEEK:
        return first, first
    days = min(6, (datetime.date.max - first).days)
    return first, first + datetime.timedelta(days=days)


def _relay(relay: Relay) -> Row:
    return {
        "mention": relay.span.text or None,
        "speaker_id": relay.speaker_id or None,
        "cue": relay.cue.span.text or None,
    }


def _confidences(statement: Statement | Nonresponse) -> Row:
    """How sure speaker, role and date are; None where there is nothing to be sure of."""
    mention, date = statement.speaker, statement.date
    return {
        "speaker_confidence": _short(mention.confidence) if mention.speaker_id else None,
        "role_confidence": _short(mention.role_confidence) if mention.HasField("role") else None,
        "date_confidence": _short(date.confidence) if date.HasField("date") else None,
    }


def _short(confidence: float) -> float:
    # A float of 32 bits, which Python would print with digits that mean nothing.
    return round(confidence, 6)


def _speaker(speaker: Speaker) -> Row:
    return {
        "speaker_id": speaker.speaker_id,
        "speaker": speaker.display_name or None,
        "speaker_type": word(SpeakerType, speaker.type),
        "roles": [_role(role) for role in speaker.roles],
        "mentions": _spans(speaker.mentions),
        "anonymity": speaker.anonymity.span.text or None,
        "anonymity_reason": speaker.anonymity.reason.text or None,
    }


def _notice(notice: Notice) -> Row:
    span = notice.span if notice.HasField("span") else None
    return {
        "reason": word(NoticeReason, notice.reason),
        "message": notice.message,
        "start": span.start_offset if span else None,
        "end": span.end_offset if span else None,
    }
