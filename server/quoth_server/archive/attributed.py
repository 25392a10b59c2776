"""The statements of one article that was attributed, as those of an archive."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator

from quoth import v1
from quoth_server.archive.statement import Relay, Span, Statement
from quoth_server.engine.joining import joined
from quoth_server.service.enums import word

__all__ = ["statements"]


def statements(article: v1.Article, response: v1.AttributeQuotesResponse) -> Iterator[Statement]:
    """Yields the statements of an answer whose offsets are code points."""
    speakers = {speaker.speaker_id: speaker for speaker in response.speakers}
    for found in response.statements:
        mention, role = found.speaker, found.speaker.role
        speaker = speakers.get(mention.speaker_id)
        has_role = mention.HasField("role")
        yield Statement(
            article_id=article.article_id,
            title=article.title or None,
            url=article.source_uri or None,
            anchor_date=_day(response.anchor_date.date),
            language=response.language_code or None,
            statement_id=found.statement_id,
            kind=word(v1.StatementKind, found.kind),
            content=joined(
                [(span.start_offset, span.end_offset) for span in found.content_spans], article.body
            ),
            content_spans=_spans(found.content_spans),
            quoted_spans=_spans(found.quoted_spans),
            cue=found.cue.span.text or None,
            cue_lemma=found.cue.lemma or None,
            cue_start=found.cue.span.start_offset if found.HasField("cue") else None,
            cue_end=found.cue.span.end_offset if found.HasField("cue") else None,
            speaker_id=speaker.speaker_id if speaker else None,
            speaker=speaker.display_name if speaker else None,
            speaker_type=word(v1.SpeakerType, speaker.type) if speaker else None,
            mention=mention.span.text or None,
            mention_start=mention.span.start_offset if mention.HasField("span") else None,
            mention_end=mention.span.end_offset if mention.HasField("span") else None,
            role=role.span.text if has_role else None,
            role_organization=role.organization or None,
            role_status=word(v1.RoleStatus, role.status),
            role_start=role.span.start_offset if has_role else None,
            role_end=role.span.end_offset if has_role else None,
            date_text=found.date.span.text or None,
            date=_text(found.date.date),
            date_granularity=word(v1.DateGranularity, found.date.granularity),
            date_basis=word(v1.DateBasis, found.date.basis),
            addressee=found.addressee.text or None,
            medium=found.medium.span.text or None,
            medium_type=word(v1.MediumType, found.medium.type),
            parent_statement_id=found.parent_statement_id or None,
            factuality=word(v1.Factuality, found.factuality),
            relays=tuple(
                Relay(
                    relay.span.text or None, relay.speaker_id or None, relay.cue.span.text or None
                )
                for relay in found.relays
            ),
            confidence=found.confidence,
            speaker_confidence=mention.confidence,
            role_confidence=mention.role_confidence,
            date_confidence=found.date.confidence,
            record_confidence=found.record_confidence,
            engine_version=response.engine_version,
        )


def _spans(spans: Iterable[v1.TextSpan]) -> tuple[Span, ...]:
    return tuple(Span(span.start_offset, span.end_offset) for span in spans)


def _day(date: v1.CalendarDate) -> datetime.date | None:
    return datetime.date(date.year, date.month, date.day) if date.day else None


def _text(date: v1.CalendarDate) -> str | None:
    """A date as fine as it is known."""
    parts = [f"{date.year:04}", f"{date.month:02}", f"{date.day:02}"]
    known = 3 if date.day else 2 if date.month else 1
    return "-".join(parts[:known]) if date.year else None
