"""What the engine found, as messages: the only module that knows both."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any, TypeVar

from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from quoth import v1
from quoth_server.archive.statement import single
from quoth_server.engine import types
from quoth_server.service.enums import words
from quoth_server.service.offsets import converter
from quoth_server.service.validation import LANGUAGES, Job

__all__ = ["response"]

M = TypeVar("M", bound=Message)
# What the basic view is without.
_FULL_ONLY: Mapping[type[Message], frozenset[str]] = {
    v1.Statement: frozenset(("cue", "addressee", "medium", "relays", "date")),
    v1.SpeakerMention: frozenset(("role", "role_confidence", "known_role")),
    v1.Speaker: frozenset(("roles", "mentions", "anonymity")),
    v1.Nonresponse: frozenset(("date",)),
}


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
    kept = [
        each if each.parent_statement_id in ids else replace(each, parent_statement_id="")
        for each in kept
    ]
    speakers = {statement.speaker.speaker_id for statement in kept if statement.speaker}
    if options.full:  # the basic view has no relays
        speakers |= {relay.speaker_id for statement in kept for relay in statement.relays}
    rejected = reading.rejected_quotations if options.rejected else ()
    silent = reading.nonresponses if options.nonresponses else ()
    speakers |= {each.speaker.speaker_id for each in silent if each.speaker}
    writer = _Writer(job)
    return v1.AttributeQuotesResponse(
        statements=writer.messages(v1.Statement, kept),
        speakers=writer.messages(
            v1.Speaker, [each for each in reading.speakers if each.speaker_id in speakers]
        ),
        offset_encoding=options.encoding,
        language_code=LANGUAGES[0],
        notices=writer.messages(v1.Notice, reading.notices),
        engine_version=engine_version,
        anchor_date=(
            writer.message(v1.AnchorDate, reading.anchor_date) if reading.anchor_date else None
        ),
        rejected_quotations=writer.messages(v1.RejectedQuotation, rejected),
        nonresponses=writer.messages(v1.Nonresponse, silent),
        sentences=_sentences(reading.sentences, kept, writer) if options.sentences else (),
    )


class _Writer:
    """Writes messages about one article in the unit and the view that its job asks for.

    The types of the engine have the names of the contract, so that all are written in one way.
    """

    def __init__(self, job: Job) -> None:
        self._body = job.article.body
        self._without = {} if job.options.full else _FULL_ONLY
        self._offset = converter(self._body, job.options.encoding)

    def messages(self, kind: type[M], found: Iterable[object]) -> list[M]:
        return [self.message(kind, each) for each in found]

    def message(self, kind: type[M], found: Any) -> M:
        """What was found as a message, whose fields that have nothing stay unset."""
        if kind is v1.TextSpan:
            return kind(
                start_offset=self._offset(found.start_offset),
                end_offset=self._offset(found.end_offset),
                text=found.of(self._body),
            )
        given = {}
        without = self._without.get(kind, ())
        for name, part, numbers in _fields(kind.DESCRIPTOR):
            value = getattr(found, name)
            if not value or name in without:
                continue
            if numbers:
                value = numbers[value]
            elif part:
                many = isinstance(value, tuple)
                value = self.messages(part, value) if many else self.message(part, value)
            given[name] = value
        return kind(**given)


@cache
def _fields(message: Any) -> Sequence[tuple[str, type[Message] | None, Mapping[str, int] | None]]:
    """The fields of a message: the name, the type if it is a message, the values of an enum."""
    return [
        (
            each.name,
            GetMessageClass(each.message_type) if each.message_type else None,
            words(each.enum_type) if each.enum_type else None,
        )
        for each in message.fields
    ]


def _sentences(
    found: Sequence[types.Span], statements: Iterable[types.Statement], writer: _Writer
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
        v1.Sentence(span=writer.message(v1.TextSpan, span), statement_ids=held)
        for span, held in zip(found, ids, strict=True)
    ]
