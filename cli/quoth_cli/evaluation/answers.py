"""Answers of the service as predictions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from quoth.v1 import (
    AttributeQuotesResponse,
    DateGranularity,
    Factuality,
    RejectionReason,
    SpeakerType,
    StatementDate,
    StatementKind,
    TextSpan,
)
from quoth_cli.evaluation.documents import (
    Answered,
    Attribution,
    NotStatement,
    Prediction,
    Span,
    Statement,
)

__all__ = ["prediction_of", "widened"]

_OPENING = re.compile(r"(?:[“„«‟»‹›‘‚\"'`]|``|'')$")
_CLOSING = re.compile(r"[.,!?…;:—–-]*(?:''|[”“»«›‹’\"'])")
_PARTS = {
    DateGranularity.DATE_GRANULARITY_DAY: 3,
    DateGranularity.DATE_GRANULARITY_WEEK: 2,
    DateGranularity.DATE_GRANULARITY_MONTH: 2,
    DateGranularity.DATE_GRANULARITY_YEAR: 1,
}
"""How many of year, month and day a record has; a week is given as its month."""


def prediction_of(key: str, body: str, response: AttributeQuotesResponse) -> Prediction:
    """The answer for the article with the id `key`; its offsets must be code points."""
    return Prediction(
        id=key,
        statements=tuple(_statements(response)),
        attributions=tuple(_attributions(body, response)),
        rejected=tuple(
            NotStatement(
                _pair(each.span),
                RejectionReason.Name(each.reason).removeprefix("REJECTION_REASON_"),
            )
            for each in response.rejected_quotations
        ),
    )


def widened(body: str, start: int, end: int) -> Span:
    """The span with the quotation marks beside it, and the stops before the closing one.

    The corpora count them as content, and the contract leaves the outer ones out.
    """
    before = _OPENING.search(body[max(0, start - 2) : start])
    after = _CLOSING.match(body, end)
    return start - len(before.group()) if before else start, after.end() if after else end


def _statements(response: AttributeQuotesResponse) -> Iterator[Statement]:
    speakers = {speaker.speaker_id: speaker for speaker in response.speakers}
    for each in response.statements:
        speaker = speakers.get(each.speaker.speaker_id)
        role = each.speaker.role.span.text
        yield Statement(
            content=_pairs(each.content_spans),
            kind=StatementKind.Name(each.kind).removeprefix("STATEMENT_KIND_"),
            speaker=speaker
            and Answered(
                speaker.display_name, SpeakerType.Name(speaker.type).removeprefix("SPEAKER_TYPE_")
            ),
            roles=(role,) if role else (),
            date=_iso(each.date),
            factuality=Factuality.Name(each.factuality).removeprefix("FACTUALITY_"),
        )


def _attributions(body: str, response: AttributeQuotesResponse) -> Iterator[Attribution]:
    for each in response.statements:
        # PolNeAR annotates nothing inside another attribution.
        if not each.parent_statement_id:
            yield Attribution(
                content=tuple(widened(body, s, e) for s, e in _pairs(each.content_spans)),
                cue=_pairs([each.cue.span]) if each.HasField("cue") else (),
                source=_pairs([each.speaker.span]) if each.speaker.HasField("span") else (),
            )


def _pairs(spans: Sequence[TextSpan]) -> tuple[Span, ...]:
    return tuple(map(_pair, spans))


def _pair(span: TextSpan) -> Span:
    return span.start_offset, span.end_offset


def _iso(stated: StatementDate) -> str | None:
    date = stated.date
    if not date.year:
        return None
    parts = (f"{date.year:04}", f"{date.month:02}", f"{date.day:02}")
    return "-".join(parts[: _PARTS.get(stated.granularity, 0)]) or None
