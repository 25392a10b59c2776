from __future__ import annotations

import dataclasses
import datetime
from enum import StrEnum

import pytest

from quoth import v1
from quoth_server.engine import types
from quoth_server.engine.types import Span
from quoth_server.service.convert import response
from quoth_server.service.enums import words
from quoth_server.service.validation import Job, Options

BODY = "“We won 🎉,” Mayor Ana Díaz told reporters in a statement Monday. He said they’d lost."


def span(text: str) -> Span:
    start = BODY.index(text)
    return Span(start, start + len(text))


MAYOR = types.Role(span("Mayor"), "Springfield", types.RoleStatus.ACTING)
FIRST = types.Statement(
    statement_id="s1",
    kind=types.StatementKind.DIRECT,
    content_spans=(span("We won 🎉"),),
    quoted_spans=(span("We won 🎉"),),
    cue=types.Cue(span("told"), "tell"),
    speaker=types.SpeakerMention(span("Mayor Ana Díaz"), "p1", MAYOR, 0.5),
    addressee=span("reporters"),
    medium=types.Medium(span("in a statement"), types.MediumType.WRITTEN_STATEMENT),
    date=types.StatementDate(
        span("Monday"),
        types.CalendarDate(2019, 5, 20),
        types.DateGranularity.DAY,
        types.DateBasis.CUE,
    ),
    factuality=types.Factuality.NEGATED,
    relays=(types.Relay(span("He"), types.Cue(span("said"), "say"), "p2"),),
    confidence=0.7,
)
SECOND = types.Statement(
    statement_id="s2",
    kind=types.StatementKind.INDIRECT,
    content_spans=(span("they’d lost"),),
    speaker=types.SpeakerMention(span("He"), "p2"),
    parent_statement_id="s1",
    confidence=0.2,
)
READING = types.Reading(
    statements=(SECOND, FIRST),
    speakers=(
        types.Speaker(
            "p1", "Ana Díaz", types.SpeakerType.PERSON, (MAYOR,), (span("Mayor Ana Díaz"),)
        ),
        types.Speaker(
            "p2",
            "He",
            types.SpeakerType.UNNAMED,
            anonymity=types.Anonymity(None, span("they’d lost")),
        ),
        types.Speaker("p3", "Nobody asked", types.SpeakerType.GROUP),
    ),
    anchor_date=types.AnchorDate(datetime.date(2019, 5, 25), types.AnchorBasis.TEXT),
    notices=(types.Notice(types.NoticeReason.AMBIGUOUS_SPEAKER, "two fit", span("He")),),
    rejected_quotations=(types.RejectedQuotation(span("lost"), types.RejectionReason.TERM),),
    nonresponses=(
        types.Nonresponse(
            types.NonresponseKind.NO_ANSWER,
            types.Cue(span("said"), "say"),
            types.SpeakerMention(span("He"), "p3"),
            types.StatementDate(span("said"), None, types.DateGranularity.DAY, types.DateBasis.CUE),
        ),
    ),
    sentences=(Span(0, BODY.index(" He")), Span(BODY.index("He"), len(BODY))),
)


def answer(**options: object) -> v1.AttributeQuotesResponse:
    return response(READING, Job(types.Article(BODY), Options(**options)), "7")


def test_everything_found_is_reported() -> None:
    told = answer()
    first, second = told.statements
    assert [first.statement_id, second.statement_id] == ["s1", "s2"]
    assert first.kind == v1.StatementKind.STATEMENT_KIND_DIRECT
    assert [each.text for each in first.content_spans] == ["We won 🎉"]
    assert [each.text for each in first.quoted_spans] == ["We won 🎉"]
    assert (first.cue.span.text, first.cue.lemma) == ("told", "tell")
    assert (first.speaker.span.text, first.speaker.speaker_id) == ("Mayor Ana Díaz", "p1")
    assert first.speaker.confidence == 0.5
    assert (first.speaker.role.span.text, first.speaker.role.organization) == (
        "Mayor",
        "Springfield",
    )
    assert first.speaker.role.status == v1.RoleStatus.ROLE_STATUS_ACTING
    assert first.addressee.text == "reporters"
    assert first.medium.span.text == "in a statement"
    assert first.medium.type == v1.MediumType.MEDIUM_TYPE_WRITTEN_STATEMENT
    assert first.date.span.text == "Monday"
    assert first.date.date == v1.CalendarDate(year=2019, month=5, day=20)
    assert first.date.granularity == v1.DateGranularity.DATE_GRANULARITY_DAY
    assert first.date.basis == v1.DateBasis.DATE_BASIS_CUE
    assert first.factuality == v1.Factuality.FACTUALITY_NEGATED
    assert [(r.span.text, r.cue.lemma, r.speaker_id) for r in first.relays] == [("He", "say", "p2")]
    assert first.confidence == pytest.approx(0.7)
    assert second.parent_statement_id == "s1"
    assert not second.HasField("cue")
    assert not second.HasField("date")
    assert not second.speaker.HasField("role")
    assert [speaker.display_name for speaker in told.speakers] == ["Ana Díaz", "He"]
    assert told.speakers[0].roles[0].span.text == "Mayor"
    assert told.speakers[0].mentions[0].text == "Mayor Ana Díaz"
    assert told.speakers[1].type == v1.SpeakerType.SPEAKER_TYPE_UNNAMED
    assert told.anchor_date == v1.AnchorDate(
        date=v1.CalendarDate(year=2019, month=5, day=25), basis=v1.AnchorBasis.ANCHOR_BASIS_TEXT
    )
    assert told.notices[0].reason == v1.NoticeReason.NOTICE_REASON_AMBIGUOUS_SPEAKER
    assert told.notices[0].span.text == "He"
    assert (told.engine_version, told.language_code) == ("7", "en")
    assert told.offset_encoding == v1.OffsetEncoding.OFFSET_ENCODING_UTF32


@pytest.mark.parametrize(
    ("encoding", "codec", "size"),
    [
        (v1.OffsetEncoding.OFFSET_ENCODING_UTF8, "utf-8", 1),
        (v1.OffsetEncoding.OFFSET_ENCODING_UTF16, "utf-16-le", 2),
        (v1.OffsetEncoding.OFFSET_ENCODING_UTF32, "utf-32-le", 4),
    ],
)
def test_every_span_slices_the_body_in_the_unit_asked_for(
    encoding: v1.OffsetEncoding.ValueType, codec: str, size: int
) -> None:
    told = answer(encoding=encoding, rejected=True, nonresponses=True, sentences=True)
    assert told.offset_encoding == encoding
    encoded = BODY.encode(codec)
    first = told.statements[0]
    spans = [
        *first.content_spans,
        *first.quoted_spans,
        first.cue.span,
        first.speaker.span,
        first.speaker.role.span,
        first.addressee,
        first.medium.span,
        first.date.span,
        first.relays[0].span,
        first.relays[0].cue.span,
        told.rejected_quotations[0].span,
        told.nonresponses[0].cue.span,
        *(sentence.span for sentence in told.sentences),
        told.nonresponses[0].speaker.span,
        told.speakers[1].anonymity.reason,
        *told.speakers[0].mentions,
        told.speakers[0].roles[0].span,
        told.notices[0].span,
    ]
    for each in spans:
        cut = encoded[each.start_offset * size : each.end_offset * size]
        assert cut.decode(codec) == each.text


def test_the_basic_view_has_spans_kind_speaker_and_confidence() -> None:
    told = answer(full=False)
    first = told.statements[0]
    assert [field.name for field, _ in first.ListFields()] == [
        "statement_id",
        "kind",
        "content_spans",
        "speaker",
        "confidence",
        "quoted_spans",
        "factuality",
    ]
    assert not first.speaker.HasField("role")
    assert first.speaker.span.text == "Mayor Ana Díaz"
    assert told.statements[1].parent_statement_id == "s1"
    assert [field.name for field, _ in told.speakers[0].ListFields()] == [
        "speaker_id",
        "display_name",
        "type",
    ]


def test_rejected_quotations_are_returned_only_on_request() -> None:
    assert not answer().rejected_quotations
    (rejected,) = answer(rejected=True, min_confidence=1.0).rejected_quotations
    assert (rejected.span.text, rejected.reason) == (
        "lost",
        v1.RejectionReason.REJECTION_REASON_TERM,
    )


def test_why_a_source_has_no_name_is_told_in_the_full_view() -> None:
    first, second = answer().speakers[:2]
    assert not first.HasField("anonymity")
    assert second.anonymity.reason.text == "they’d lost"
    assert not second.anonymity.HasField("span")
    assert not any(speaker.HasField("anonymity") for speaker in answer(full=False).speakers)


def test_sentences_are_told_on_request_with_the_statements_they_have_a_part_of() -> None:
    assert not answer().sentences
    told = answer(sentences=True).sentences
    assert [(each.span.text, list(each.statement_ids)) for each in told] == [
        ("“We won 🎉,” Mayor Ana Díaz told reporters in a statement Monday.", ["s1"]),
        ("He said they’d lost.", ["s2"]),
    ]
    only = answer(sentences=True, kinds=frozenset({types.StatementKind.DIRECT})).sentences
    assert [list(each.statement_ids) for each in only] == [["s1"], []]


def test_nonresponses_are_told_on_request_only_and_bring_their_speaker() -> None:
    plain = answer()
    assert not plain.nonresponses
    assert "p3" not in {speaker.speaker_id for speaker in plain.speakers}
    told = answer(nonresponses=True, min_confidence=1.0)
    assert not told.statements
    (silent,) = told.nonresponses
    assert silent.kind == v1.NonresponseKind.NONRESPONSE_KIND_NO_ANSWER
    assert silent.HasField("date")
    assert [speaker.speaker_id for speaker in told.speakers] == ["p3"]
    assert not answer(nonresponses=True, full=False).nonresponses[0].HasField("date")


def test_the_basic_view_has_no_speakers_of_relays() -> None:
    told = answer(kinds=frozenset({types.StatementKind.DIRECT}), full=False)
    assert [speaker.speaker_id for speaker in told.speakers] == ["p1"]


def test_the_speakers_of_relays_are_reported() -> None:
    told = answer(min_confidence=0.5)
    assert [statement.statement_id for statement in told.statements] == ["s1"]
    assert [speaker.speaker_id for speaker in told.speakers] == ["p1", "p2"]


def test_a_denial_is_said() -> None:
    denial = types.Reading((dataclasses.replace(FIRST, factuality=types.Factuality.DENIED),), ())
    (told,) = response(denial, Job(types.Article(BODY)), "7").statements
    assert told.factuality == v1.Factuality.FACTUALITY_DENIED


def test_statements_left_out_take_their_speakers_along_and_leave_no_parent_behind() -> None:
    told = answer(kinds=frozenset({types.StatementKind.INDIRECT}))
    assert [statement.statement_id for statement in told.statements] == ["s2"]
    assert told.statements[0].parent_statement_id == ""
    assert [speaker.speaker_id for speaker in told.speakers] == ["p2"]


@pytest.mark.parametrize(
    ("least", "ids"), [(0.0, ["s1", "s2"]), (0.2, ["s1", "s2"]), (0.3, ["s1"]), (0.71, [])]
)
def test_less_sure_statements_are_left_out(least: float, ids: list[str]) -> None:
    told = answer(min_confidence=least)
    assert [statement.statement_id for statement in told.statements] == ids


def test_a_threshold_read_off_an_answer_keeps_its_statement() -> None:
    seen = answer().statements[0].confidence
    assert answer(min_confidence=seen).statements[0].statement_id == "s1"


def test_an_article_without_anything_has_an_empty_answer() -> None:
    told = response(types.Reading((), ()), Job(types.Article(BODY)), "7")
    assert not told.statements
    assert not told.HasField("anchor_date")


def test_a_statement_without_a_speaker_has_none() -> None:
    silent = dataclasses.replace(FIRST, speaker=None, relays=())
    alone = types.Reading((silent,), READING.speakers)
    told = response(alone, Job(types.Article(BODY)), "7")
    assert not told.statements[0].HasField("speaker")
    assert not told.speakers


@pytest.mark.parametrize(
    "found",
    [
        types.StatementKind,
        types.SpeakerType,
        types.RoleStatus,
        types.MediumType,
        types.DateGranularity,
        types.DateBasis,
        types.Factuality,
        types.RejectionReason,
        types.NonresponseKind,
        types.AnchorBasis,
        types.NoticeReason,
    ],
)
def test_every_value_that_the_engine_finds_is_in_the_contract(found: type[StrEnum]) -> None:
    contract = getattr(v1, found.__name__).DESCRIPTOR
    assert set(found) <= set(words(contract))
