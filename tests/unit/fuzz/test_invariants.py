"""Each broken answer must be found out."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from quoth import v1
from tests.fuzz.invariants import problems, spans, without_offsets

BODY = "“Ja, Zoë 🎉,” she said on May 5. He denied it."
UTF8 = v1.OffsetEncoding.OFFSET_ENCODING_UTF8
UTF16 = v1.OffsetEncoding.OFFSET_ENCODING_UTF16
UTF32 = v1.OffsetEncoding.OFFSET_ENCODING_UTF32
CODECS = {UTF8: ("utf-8", 1), UTF16: ("utf-16-le", 2), UTF32: ("utf-32-le", 4)}


def span(text: str, encoding: v1.OffsetEncoding.ValueType = UTF32) -> v1.TextSpan:
    codec, size = CODECS[encoding]
    start = len(BODY[: BODY.index(text)].encode(codec)) // size
    length = len(text.encode(codec)) // size
    return v1.TextSpan(start_offset=start, end_offset=start + length, text=text)


def request(**options: object) -> v1.AttributeQuotesRequest:
    return v1.AttributeQuotesRequest(
        article=v1.Article(body=BODY), options=v1.AttributionOptions(**options)
    )


def answer(encoding: v1.OffsetEncoding.ValueType = UTF32) -> v1.AttributeQuotesResponse:
    direct = v1.Statement(
        statement_id="s1",
        kind=v1.StatementKind.STATEMENT_KIND_DIRECT,
        content_spans=[span("Ja", encoding), span("Zoë 🎉", encoding)],
        quoted_spans=[span("Ja", encoding), span("Zoë 🎉", encoding)],
        cue=v1.Cue(span=span("said", encoding), lemma="say"),
        speaker=v1.SpeakerMention(span=span("she", encoding), speaker_id="p1", confidence=0.5),
        date=v1.StatementDate(
            span=span("May 5", encoding),
            date=v1.CalendarDate(year=2024, month=5, day=5),
            granularity=v1.DateGranularity.DATE_GRANULARITY_DAY,
            basis=v1.DateBasis.DATE_BASIS_CUE,
        ),
        relays=[v1.Relay(span=span("He", encoding), speaker_id="p1")],
        confidence=0.75,
    )
    indirect = v1.Statement(
        statement_id="s2",
        kind=v1.StatementKind.STATEMENT_KIND_INDIRECT,
        content_spans=[span("it", encoding)],
        parent_statement_id="s1",
    )
    return v1.AttributeQuotesResponse(
        statements=[direct, indirect],
        speakers=[v1.Speaker(speaker_id="p1", mentions=[span("she", encoding)])],
        offset_encoding=encoding,
        engine_version="1",
    )


@pytest.mark.parametrize("encoding", CODECS)
def test_a_sound_answer_has_no_problems(encoding: v1.OffsetEncoding.ValueType) -> None:
    assert problems(request(offset_encoding=encoding), answer(encoding)) == []


def test_every_span_is_looked_at() -> None:
    paths = {path for path, _ in spans(answer())}
    assert paths == {
        "statements.content_spans",
        "statements.quoted_spans",
        "statements.cue.span",
        "statements.speaker.span",
        "statements.date.span",
        "statements.relays.span",
        "speakers.mentions",
    }


Change = Callable[[v1.AttributeQuotesResponse], object]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda a: a.ClearField("engine_version"), "no engine_version"),
        (lambda a: setattr(a, "offset_encoding", UTF8), "offset_encoding is 1"),
        (lambda a: setattr(a.speakers[0].mentions[0], "start_offset", 3), "is "),
        (lambda a: setattr(a.speakers[0].mentions[0], "end_offset", 999), "999) is not inside"),
        (lambda a: setattr(a.speakers[0].mentions[0], "start_offset", -1), "[-1, "),
        (lambda a: setattr(a.speakers[0].mentions[0], "text", "He"), "not 'He'"),
        (lambda a: a.statements[0].cue.span.CopyFrom(v1.TextSpan()), "is empty"),
        (lambda a: setattr(a.statements[1], "statement_id", "s1"), "'s1' stands twice"),
        (lambda a: setattr(a.statements[1], "statement_id", ""), "a statement has no id"),
        (lambda a: setattr(a.statements[1], "parent_statement_id", "s9"), "'s9', which is not"),
        (lambda a: setattr(a.statements[0], "parent_statement_id", "s2"), "s1 is its own ancestor"),
        (lambda a: setattr(a.statements[1], "parent_statement_id", "s2"), "s2 is its own ancestor"),
        (lambda a: setattr(a.statements[1].speaker, "speaker_id", "p2"), "'p2', who is not there"),
        (lambda a: a.speakers.add(speaker_id="p2"), "'p2' says nothing"),
        (lambda a: a.statements[1].ClearField("content_spans"), "has no content"),
        (lambda a: a.statements[0].content_spans.reverse(), "out of order"),
        (lambda a: a.statements[0].quoted_spans.append(span("He")), "'He' is not in its content"),
        (lambda a: setattr(a.statements[1], "kind", 3), "of kind 3 has 0 quoted spans"),
        (lambda a: a.statements[1].quoted_spans.append(span("it")), "has 1 quoted spans"),
        (lambda a: a.statements[0].ClearField("kind"), "kind 0"),
        (lambda a: setattr(a.statements[0], "confidence", 1.5), "statements.confidence is 1.5"),
        (
            lambda a: setattr(a.statements[0].speaker, "confidence", float("nan")),
            "statements.speaker.confidence is nan",
        ),
        (lambda a: a.rejected_quotations.add(span=span("He")), "were not asked for"),
        (lambda a: setattr(a.statements[0].date.date, "day", 0), "2024-5-0"),
        (lambda a: setattr(a.statements[0].date.date, "month", 13), "2024-13-5"),
        (lambda a: a.statements[0].date.ClearField("basis"), "without a basis"),
        (lambda a: a.statements.reverse(), "not in text order"),
    ],
)
def test_a_broken_answer_is_found_out(change: Change, expected: str) -> None:
    broken = answer()
    change(broken)
    assert any(expected in each for each in problems(request(), broken))


def test_a_cut_character_is_found_out() -> None:
    broken = answer(UTF8)
    broken.statements[0].content_spans[1].end_offset -= 1
    assert any("decode" in each for each in problems(request(offset_encoding=UTF8), broken))


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"kinds": [v1.StatementKind.STATEMENT_KIND_DIRECT]}, "was not asked for"),
        ({"min_confidence": 0.5}, "under 0.5"),
        ({"view": v1.StatementView.STATEMENT_VIEW_BASIC}, "cue in the basic view"),
        ({"view": v1.StatementView.STATEMENT_VIEW_BASIC}, "relays in the basic view"),
    ],
)
def test_an_answer_beside_the_question_is_found_out(
    options: dict[str, object], expected: str
) -> None:
    assert any(expected in each for each in problems(request(**options), answer()))


def test_without_offsets_encodings_are_alike() -> None:
    assert without_offsets(answer(UTF8)) == without_offsets(answer(UTF16))
    other = answer(UTF16)
    other.statements[0].cue.span.text = "He"
    assert without_offsets(answer(UTF8)) != without_offsets(other)
