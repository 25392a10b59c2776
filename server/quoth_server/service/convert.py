"""What the engine found, as messages: the only module that knows both."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Any

from quoth import v1
from quoth_server.archive.statement import single
from quoth_server.engine import types
from quoth_server.service.offsets import converter
from quoth_server.service.validation import LANGUAGES, Job

__all__ = ["response"]


def _numbers(kind: type[StrEnum], prefix: str, wire: Any) -> dict[Any, Any]:
    """The number on the wire of each value; fails at import where one has none."""
    return {value: wire.Value(f"{prefix}_{value.name}") for value in kind}


_KIND = _numbers(types.StatementKind, "STATEMENT_KIND", v1.StatementKind)
_SPEAKER_TYPE = _numbers(types.SpeakerType, "SPEAKER_TYPE", v1.SpeakerType)
_ROLE_STATUS = _numbers(types.RoleStatus, "ROLE_STATUS", v1.RoleStatus)
_MEDIUM_TYPE = _numbers(types.MediumType, "MEDIUM_TYPE", v1.MediumType)
_GRANULARITY = _numbers(types.DateGranularity, "DATE_GRANULARITY", v1.DateGranularity)
_FACTUALITY = _numbers(types.Factuality, "FACTUALITY", v1.Factuality)
_NONRESPONSE_KIND = _numbers(types.NonresponseKind, "NONRESPONSE_KIND", v1.NonresponseKind)
_REJECTION_REASON = _numbers(types.RejectionReason, "REJECTION_REASON", v1.RejectionReason)
_DATE_BASIS = _numbers(types.DateBasis, "DATE_BASIS", v1.DateBasis)
_ANCHOR_BASIS = _numbers(types.AnchorBasis, "ANCHOR_BASIS", v1.AnchorBasis)
_NOTICE_REASON = _numbers(types.NoticeReason, "NOTICE_REASON", v1.NoticeReason)


def response(reading: types.Reading, job: Job, engine_version: str) -> v1.AttributeQuotesResponse:
    """The answer to a job: the statements it asks for and the speakers that they refer to.

    A statement whose parent is left out by the job's options has no parent in the answer.
    """
    options = job.options
    least = single(options.min_confidence)
    kept = [
        statement
        for statement in sorted(
            reading.statements, key=lambda each: each.content_spans[0].start_offset
        )
        if (not options.kinds or statement.kind in options.kinds)
        and single(statement.confidence) >= least
    ]
    ids = {statement.statement_id for statement in kept}
    speakers = {statement.speaker.speaker_id for statement in kept if statement.speaker}
    if options.full:  # the basic view has no relays
        speakers |= {relay.speaker_id for statement in kept for relay in statement.relays}
    silent = reading.nonresponses if options.nonresponses else ()
    speakers |= {each.speaker.speaker_id for each in silent if each.speaker}
    writer = _Writer(job)
    return v1.AttributeQuotesResponse(
        statements=[writer.statement(statement, ids) for statement in kept],
        speakers=[
            writer.speaker(speaker)
            for speaker in reading.speakers
            if speaker.speaker_id in speakers
        ],
        offset_encoding=options.encoding,
        language_code=LANGUAGES[0],
        notices=[writer.notice(notice) for notice in reading.notices],
        engine_version=engine_version,
        anchor_date=_anchor(reading.anchor_date) if reading.anchor_date else None,
        rejected_quotations=(
            [writer.rejected(each) for each in reading.rejected_quotations]
            if options.rejected
            else ()
        ),
        nonresponses=[writer.nonresponse(each) for each in silent],
        sentences=writer.sentences(reading.sentences, kept) if options.sentences else (),
    )


class _Writer:
    """Writes messages about one article in the unit and the view that its job asks for."""

    def __init__(self, job: Job) -> None:
        self._body = job.article.body
        self._full = job.options.full
        self._offset = converter(self._body, job.options.encoding)

    def span(self, span: types.Span) -> v1.TextSpan:
        return v1.TextSpan(
            start_offset=self._offset(span.start_offset),
            end_offset=self._offset(span.end_offset),
            text=span.of(self._body),
        )

    def spans(self, spans: Iterable[types.Span]) -> list[v1.TextSpan]:
        return [self.span(span) for span in spans]

    def statement(self, statement: types.Statement, ids: set[str]) -> v1.Statement:
        full = self._full
        medium, date = statement.medium, statement.date
        return v1.Statement(
            statement_id=statement.statement_id,
            kind=_KIND[statement.kind],
            content_spans=self.spans(statement.content_spans),
            quoted_spans=self.spans(statement.quoted_spans),
            speaker=self.mention(statement.speaker) if statement.speaker else None,
            confidence=statement.confidence,
            record_confidence=statement.record_confidence,
            # In every view: without these the words would seem to be the speaker's own.
            factuality=_FACTUALITY[statement.factuality],
            parent_statement_id=statement.parent_statement_id
            if statement.parent_statement_id in ids
            else "",
            cue=self.cue(statement.cue) if full and statement.cue else None,
            addressee=self.span(statement.addressee) if full and statement.addressee else None,
            medium=self.medium(medium) if full and medium else None,
            relays=[self.relay(relay) for relay in statement.relays] if full else (),
            date=self.date(date) if full and date else None,
        )

    def medium(self, medium: types.Medium) -> v1.Medium:
        return v1.Medium(span=self.span(medium.span), type=_MEDIUM_TYPE[medium.type])

    def cue(self, cue: types.Cue) -> v1.Cue:
        return v1.Cue(span=self.span(cue.span), lemma=cue.lemma)

    def relay(self, relay: types.Relay) -> v1.Relay:
        return v1.Relay(
            span=self.span(relay.span),
            speaker_id=relay.speaker_id,
            cue=self.cue(relay.cue) if relay.cue else None,
        )

    def rejected(self, rejected: types.RejectedQuotation) -> v1.RejectedQuotation:
        return v1.RejectedQuotation(
            span=self.span(rejected.span), reason=_REJECTION_REASON[rejected.reason]
        )

    def sentences(
        self, found: Sequence[types.Span], statements: Iterable[types.Statement]
    ) -> list[v1.Sentence]:
        """The sentences, each with the statements that it has a part of."""
        ends = [span.end_offset for span in found]
        ids: list[dict[str, None]] = [{} for _ in found]
        for statement in statements:
            for content in statement.content_spans:
                at = bisect_right(ends, content.start_offset)
                while at < len(found) and found[at].start_offset < content.end_offset:
                    ids[at][statement.statement_id] = None
                    at += 1
        return [
            v1.Sentence(span=self.span(span), statement_ids=held)
            for span, held in zip(found, ids, strict=True)
        ]

    def nonresponse(self, told: types.Nonresponse) -> v1.Nonresponse:
        return v1.Nonresponse(
            kind=_NONRESPONSE_KIND[told.kind],
            cue=self.cue(told.cue),
            speaker=self.mention(told.speaker) if told.speaker else None,
            date=self.date(told.date) if told.date and self._full else None,
        )

    def mention(self, mention: types.SpeakerMention) -> v1.SpeakerMention:
        return v1.SpeakerMention(
            span=self.span(mention.span) if mention.span else None,
            speaker_id=mention.speaker_id,
            role=self.role(mention.role) if mention.role and self._full else None,
            confidence=mention.confidence,
            role_confidence=mention.role_confidence if self._full else 0.0,
            known_role=(mention.known_role or None) if self._full else None,
        )

    def speaker(self, speaker: types.Speaker) -> v1.Speaker:
        return v1.Speaker(
            speaker_id=speaker.speaker_id,
            display_name=speaker.display_name,
            type=_SPEAKER_TYPE[speaker.type],
            roles=[self.role(role) for role in speaker.roles] if self._full else (),
            mentions=self.spans(speaker.mentions) if self._full else (),
            known_speaker_id=speaker.known_speaker_id or None,
            anonymity=(
                self.anonymity(speaker.anonymity) if speaker.anonymity and self._full else None
            ),
        )

    def anonymity(self, told: types.Anonymity) -> v1.Anonymity:
        return v1.Anonymity(
            span=self.span(told.span) if told.span else None,
            reason=self.span(told.reason) if told.reason else None,
        )

    def role(self, role: types.Role) -> v1.Role:
        return v1.Role(
            span=self.span(role.span),
            organization=role.organization,
            status=_ROLE_STATUS[role.status],
        )

    def date(self, date: types.StatementDate) -> v1.StatementDate:
        return v1.StatementDate(
            span=self.span(date.span) if date.span else None,
            date=_calendar_date(date.date) if date.date else None,
            granularity=_GRANULARITY[date.granularity],
            basis=_DATE_BASIS[date.basis],
            confidence=date.confidence,
        )

    def notice(self, notice: types.Notice) -> v1.Notice:
        return v1.Notice(
            reason=_NOTICE_REASON[notice.reason],
            message=notice.message,
            span=self.span(notice.span) if notice.span else None,
        )


def _anchor(anchor: types.AnchorDate) -> v1.AnchorDate:
    day = types.CalendarDate(anchor.date.year, anchor.date.month, anchor.date.day)
    return v1.AnchorDate(date=_calendar_date(day), basis=_ANCHOR_BASIS[anchor.basis])


def _calendar_date(date: types.CalendarDate) -> v1.CalendarDate:
    return v1.CalendarDate(year=date.year, month=date.month, day=date.day)
