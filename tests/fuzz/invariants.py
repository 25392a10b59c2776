"""What holds of every answer, whatever the request was."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from google.protobuf.message import Message

from quoth import Slicer, v1

__all__ = ["problems", "spans", "without_offsets"]

_UTF32 = v1.OffsetEncoding.OFFSET_ENCODING_UTF32
_DIRECT = v1.StatementKind.STATEMENT_KIND_DIRECT
_MIXED = v1.StatementKind.STATEMENT_KIND_MIXED
_ANY_KIND = frozenset(v1.StatementKind.values()) - {0}
_ONLY_FULL = ("cue", "addressee", "medium", "date")


def problems(request: v1.AttributeQuotesRequest, response: v1.AttributeQuotesResponse) -> list[str]:
    """Everything about an answer that must not be, in words; empty for a sound one."""
    options = request.options
    encoding = options.offset_encoding or _UTF32
    found = []
    if response.offset_encoding != encoding:
        found.append(f"offset_encoding is {response.offset_encoding}, not {encoding}")
    if not response.engine_version:
        found.append("no engine_version")
    slicer = Slicer(request.article.body, encoding)
    for path, span in spans(response):
        found += [f"{path} {each}" for each in _of_span(slicer, span)]
    found += _of_certainties(response)
    if response.rejected_quotations and not options.include_rejected_quotations:
        found.append("rejected quotations were not asked for")
    if response.nonresponses and not options.include_nonresponses:
        found.append("nonresponses were not asked for")
    if response.sentences and not options.include_sentences:
        found.append("sentences were not asked for")
    found += [
        f"sentence {each}" for each in _of_order("spans", (s.span for s in response.sentences))
    ]
    if options.include_sentences:
        held = {each for sentence in response.sentences for each in sentence.statement_ids}
        if held != {each.statement_id for each in response.statements}:
            found.append("statements and those of the sentences differ")
    found += _of_ids(response)
    for statement in response.statements:
        found += [f"{statement.statement_id} {each}" for each in _of_statement(statement, options)]
    starts = [
        each.content_spans[0].start_offset for each in response.statements if each.content_spans
    ]
    if starts != sorted(starts):
        found.append("statements are not in text order")
    return found


def spans(message: Message, path: str = "") -> Iterator[tuple[str, v1.TextSpan]]:
    """Every span anywhere in a message, with its path."""
    for field, value in message.ListFields():
        if field.message_type is None or field.message_type.GetOptions().map_entry:
            continue
        for each in value if isinstance(value, Sequence) else [value]:
            if isinstance(each, v1.TextSpan):
                yield path + field.name, each
            else:
                yield from spans(each, f"{path}{field.name}.")


def without_offsets(response: v1.AttributeQuotesResponse) -> v1.AttributeQuotesResponse:
    """The same answer as it would be in every encoding."""
    bare = v1.AttributeQuotesResponse()
    bare.CopyFrom(response)
    bare.ClearField("offset_encoding")
    for _, span in spans(bare):
        span.ClearField("start_offset")
        span.ClearField("end_offset")
    return bare


def _of_span(slicer: Slicer, span: v1.TextSpan) -> Iterator[str]:
    if span.start_offset >= span.end_offset:
        yield f"[{span.start_offset}, {span.end_offset}) is empty"
    try:
        text = slicer.slice(span)
    except ValueError as error:  # UnicodeDecodeError too: a character is cut
        yield f"[{span.start_offset}, {span.end_offset}): {error}"
        return
    if text != span.text:
        yield f"[{span.start_offset}, {span.end_offset}) is {text!r}, not {span.text!r}"


def _of_certainties(message: Message, path: str = "") -> Iterator[str]:
    """Every confidence anywhere in a message must be a probability."""
    for field, value in message.ListFields():
        for each in value if isinstance(value, Sequence) else [value]:
            if isinstance(each, Message):
                yield from _of_certainties(each, f"{path}{field.name}.")
            elif field.name.endswith("confidence") and not 0 <= each <= 1:
                yield f"{path}{field.name} is {each}"


def _of_ids(response: v1.AttributeQuotesResponse) -> Iterator[str]:
    statements = Counter(each.statement_id for each in response.statements)
    speakers = Counter(each.speaker_id for each in response.speakers)
    for name, counted in (("statement", statements), ("speaker", speakers)):
        if "" in counted:
            yield f"a {name} has no id"
        yield from (f"{name} id {each!r} stands twice" for each, n in counted.items() if n > 1)
    used = set()
    for statement in response.statements:
        who = [statement.speaker.speaker_id, *(each.speaker_id for each in statement.relays)]
        used.update(who)
        yield from (
            f"{statement.statement_id} has speaker {each!r}, who is not there"
            for each in who
            if each and each not in speakers
        )
    silent = {each.speaker.speaker_id for each in response.nonresponses}
    yield from (
        f"a nonresponse has speaker {each!r}, who is not there"
        for each in silent
        if each and each not in speakers
    )
    used |= silent
    yield from (f"speaker {each!r} says nothing" for each in speakers if each not in used)
    parents = {each.statement_id: each.parent_statement_id for each in response.statements}
    for child, parent in parents.items():
        if parent and parent not in statements:
            yield f"{child} has parent {parent!r}, which is not there"
        seen = {child}
        above = parent
        while above in parents and above not in seen:
            seen.add(above)
            above = parents[above]
        if above in seen:
            yield f"{child} is its own ancestor"
            return


def _of_statement(statement: v1.Statement, options: v1.AttributionOptions) -> Iterator[str]:
    if statement.kind not in (options.kinds or _ANY_KIND):
        yield f"has kind {statement.kind}, which was not asked for"
    if not statement.content_spans:
        yield "has no content"
    yield from _of_order("content_spans", statement.content_spans)
    yield from _of_order("quoted_spans", statement.quoted_spans)
    for quoted in statement.quoted_spans:
        if not any(_covers(content, quoted) for content in statement.content_spans):
            yield f"quoted {quoted.text!r} is not in its content"
    # A line of a transcript is direct without marks.
    if bool(statement.quoted_spans) != (statement.kind == _MIXED) and statement.kind != _DIRECT:
        yield f"of kind {statement.kind} has {len(statement.quoted_spans)} quoted spans"
    if options.HasField("min_confidence") and statement.confidence < options.min_confidence:
        yield f"has confidence {statement.confidence}, under {options.min_confidence}"
    if options.view == v1.StatementView.STATEMENT_VIEW_BASIC:
        yield from (
            f"has {name} in the basic view" for name in _ONLY_FULL if statement.HasField(name)
        )
        if statement.relays:
            yield "has relays in the basic view"
    if statement.HasField("date"):
        yield from _of_date(statement.date)


def _of_order(name: str, found: Iterable[v1.TextSpan]) -> Iterator[str]:
    end = -1
    for span in found:
        if span.start_offset < end:
            yield f"has {name} out of order or overlapping at {span.start_offset}"
        end = span.end_offset


def _covers(outer: v1.TextSpan, inner: v1.TextSpan) -> bool:
    return outer.start_offset <= inner.start_offset and inner.end_offset <= outer.end_offset


def _of_date(told: v1.StatementDate) -> Iterator[str]:
    if not told.basis:
        yield "has a date without a basis"
    if not told.HasField("date"):
        return
    date: Any = told.date
    fine = {
        v1.DateGranularity.DATE_GRANULARITY_YEAR: (True, False, False),
        v1.DateGranularity.DATE_GRANULARITY_MONTH: (True, True, False),
        v1.DateGranularity.DATE_GRANULARITY_WEEK: (True, True, True),
        v1.DateGranularity.DATE_GRANULARITY_DAY: (True, True, True),
    }.get(told.granularity)
    if fine != (bool(date.year), bool(date.month), bool(date.day)):
        yield f"has date {date.year}-{date.month}-{date.day} of granularity {told.granularity}"
        return
    try:
        datetime.date(date.year, date.month or 1, date.day or 1)
    except ValueError:
        yield f"has date {date.year}-{date.month}-{date.day}, which is none"
