"""The engine as a whole: any text in, spans that are right, and the same answer every time."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
from collections.abc import Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from quoth_server.engine.config import EngineConfig
from quoth_server.engine.errors import UnsupportedLanguage
from quoth_server.engine.pipeline import Pipeline, load
from quoth_server.engine.types import (
    AnchorBasis,
    Article,
    CalendarDate,
    NoticeReason,
    Reading,
    Span,
    SpeakerType,
    StatementKind,
)

pytestmark = pytest.mark.model

FERRY = """Ferry line stops all sailings

PORT ELLERY — “We told them in writing,” Mayor Nora Halvik told reporters on Thursday. “They did
not listen.” She said the harbor was shut.

Officials said the island had food for a week. The company's chairman, Lucas Brandt, declined to
comment."""

_PIECES = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        [
            "“We are full,” Lena Holt said on Tuesday. ",
            "The minister told Reuters that the dam was “sound.” ",
            "'It wasn't the drivers' fault,' said Patel.\n",
            "according to the governor",
            "\n\n",
            "\r",
            "\x00",
            "''",
            "``",
            "« ",
            "“",
            "”",
            "’",
            "é😀🇳🇴",
            "\u202eאבג",
            "Published May 25, 2019\n",
        ]
    ),
)
TEXTS = st.lists(_PIECES, max_size=12).map("".join)


@pytest.fixture(scope="module")
def engine() -> Pipeline:
    return load(EngineConfig())


def spans(value: object) -> Iterator[Span]:
    if isinstance(value, Span):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from spans(item)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            yield from spans(getattr(value, field.name))


def check(body: str, reading: Reading) -> None:
    """What holds of every reading, whatever the text."""
    for span in spans((reading.statements, reading.speakers)):
        assert 0 <= span.start_offset < span.end_offset <= len(body)
        assert span.of(body) == span.of(body).strip()
    speakers = {speaker.speaker_id for speaker in reading.speakers}
    ids = [statement.statement_id for statement in reading.statements]
    assert len(set(ids)) == len(ids)
    starts = [statement.content_spans[0].start_offset for statement in reading.statements]
    assert starts == sorted(starts)
    for statement in reading.statements:
        assert statement.content_spans
        assert list(statement.content_spans) == sorted(statement.content_spans)
        for one, other in zip(statement.content_spans, statement.content_spans[1:], strict=False):
            assert one.end_offset <= other.start_offset
        for quoted in statement.quoted_spans:
            assert any(span.covers(quoted) for span in statement.content_spans)
        assert (statement.kind is StatementKind.INDIRECT) == (not statement.quoted_spans)
        assert 0 <= statement.confidence <= 1
        if statement.speaker and statement.speaker.speaker_id:
            assert statement.speaker.speaker_id in speakers
        if statement.parent_statement_id:
            assert statement.parent_statement_id in ids
            assert statement.parent_statement_id != statement.statement_id


@settings(max_examples=60, deadline=None)
@example(body="''“We are full,” Lena Holt said. « The minister said it was “sound.” ", title="")
@example(body="02\tThe minister told Reuters that the dam was “sound.” ", title="")
@example(body="02\x1fThe minister told Reuters that the dam was “sound.” ", title="")
@given(body=TEXTS, title=st.sampled_from(["", "We are full", "“"]))
@example(body="“We are full,” Lena Holt said on Tuesday. “« 000\t0/0", title="")
def test_any_text_gives_right_spans(engine: Pipeline, body: str, title: str) -> None:
    with contextlib.suppress(UnsupportedLanguage):  # an answer too: the text is refused whole
        check(body, engine.attribute(Article(body, title)))


@settings(max_examples=15, deadline=None)
@given(body=TEXTS)
def test_the_answer_does_not_depend_on_what_was_read_before(engine: Pipeline, body: str) -> None:
    before = engine.attribute(Article(FERRY))
    with contextlib.suppress(UnsupportedLanguage):
        engine.attribute(Article(body))
    assert engine.attribute(Article(FERRY)) == before


@pytest.mark.parametrize(
    "body",
    [
        "“" * 3000,
        "”’'\"«»" * 500,
        "a" * 20_000,
        "😀 " * 2000,
        "\u0301" * 2000,
        "אבג " * 10,
        "\x00" * 100,
        "word\rword\r" * 300,
        "“Yes,” he said. " * 600,
        ("He said “" + "no " * 40) * 30,
        "(" * 5000,
        "- " * 5000,
    ],
    ids=lambda body: f"{body[:8]!r}-{len(body)}",
)
def test_odd_texts_are_read(engine: Pipeline, body: str) -> None:
    with contextlib.suppress(UnsupportedLanguage):
        check(body, engine.attribute(Article(body)))


def test_a_whole_record(engine: Pipeline) -> None:
    reading = engine.attribute(Article(FERRY, published=datetime.date(2026, 5, 15)))
    check(FERRY, reading)
    assert reading.anchor_date is not None
    assert reading.anchor_date.basis is AnchorBasis.REQUEST
    by_id = {speaker.speaker_id: speaker for speaker in reading.speakers}
    first = next(s for s in reading.statements if s.kind is StatementKind.DIRECT)
    assert [span.of(FERRY).rstrip(",.").replace("\n", " ") for span in first.content_spans] == [
        "We told them in writing",
        "They did not listen",
    ]
    assert first.speaker is not None
    assert first.speaker.role is not None
    assert first.speaker.role.span.of(FERRY) == "Mayor"
    assert first.date is not None
    assert first.date.date == CalendarDate(2026, 5, 14)
    assert first.addressee is not None
    assert first.addressee.of(FERRY) == "reporters"
    assert by_id[first.speaker.speaker_id].display_name == "Nora Halvik"
    assert by_id[first.speaker.speaker_id].type is SpeakerType.PERSON


def test_direct_content_stands_in_marks_alone(engine: Pipeline) -> None:
    body = "The firm said on Monday that it “extends its condolences to the families of the dead.”"
    (found,) = engine.attribute(Article(body)).statements
    assert found.kind is StatementKind.DIRECT
    assert found.content_spans == found.quoted_spans


def test_a_pronoun_is_resolved(engine: Pipeline) -> None:
    reading = engine.attribute(Article(FERRY))
    names = {speaker.speaker_id: speaker.display_name for speaker in reading.speakers}
    said = next(s for s in reading.statements if "harbor" in s.content_spans[0].of(FERRY))
    assert said.speaker is not None
    assert names[said.speaker.speaker_id] == "Nora Halvik"


@pytest.mark.parametrize(
    ("body", "name", "content"),
    [
        ("OSLO - Petrol prices fell, the ministry said Monday.", "ministry", "Petrol prices fell"),
        ("Joliet - Ida Baker won. “I work late,” Baker said.", "Ida Baker", "I work late,"),
        ("QUITO (Notimex) -- “We won,” the coach said.", "coach", "We won,"),
        ("LIMA, Peru, May 3 — It rained, officials said.", "officials", "It rained"),
        ("(May 12, 2026) Petrol prices fell, the ministry said.", "ministry", "Petrol prices fell"),
        ("&ldquo;We left,&rdquo; Ali Okafor said.", "Ali Okafor", "We left,"),
        ("The court in Karvik ruled on Monday:\n\n> The order is void. The state must pay.",
         "court in Karvik", "The order is void. The state must pay."),
        ("“Should we stay? Ida Roe asked.", "Ida Roe", "Should we stay?"),
        # A dash later in the sentence ends no dateline.
        ("Petrol prices - and wages - fell, the ministry said.", "ministry",
         "Petrol prices - and wages - fell"),
        ("“We left,” said Mr.\u00a0Ali\u00a0Okafor.", "Ali Okafor", "We left,"),
        ("May said on Tuesday that the vote had been lost.", "May", "that the vote had been lost"),
        ("Projections by the two networks indicate he won.", "Projections by the two networks",
         "he won"),
        ("A report by the harbor police during the weekend said it sank.",
         "report by the harbor police", "it sank"),
        ("The report, which was leaked, said he won.", "report", "he won"),
    ],
)  # fmt: skip
def test_who_is_meant_and_what_was_said(
    engine: Pipeline, body: str, name: str, content: str
) -> None:
    found = engine.attribute(Article(body))
    assert [s.display_name for s in found.speakers] == [name]
    assert [part.of(body) for part in found.statements[0].content_spans] == [content]


def test_a_relative_date_without_an_anchor_is_left_open_and_noticed(engine: Pipeline) -> None:
    reading = engine.attribute(Article(FERRY))
    first = next(s for s in reading.statements if s.kind is StatementKind.DIRECT)
    assert first.date is not None
    assert first.date.date is None
    assert NoticeReason.NO_PUBLISH_TIME in {notice.reason for notice in reading.notices}


def test_an_unclosed_mark_is_noticed_and_loses_nothing(engine: Pipeline) -> None:
    body = "“We are full, said Lena Holt.\n\n“We are open,” said Karl Lund, the mayor."
    reading = engine.attribute(Article(body))
    check(body, reading)
    assert any("open" in s.content_spans[0].of(body) for s in reading.statements)


def test_another_language_is_refused(engine: Pipeline) -> None:
    body = (
        "Der Minister sagte am Dienstag, die Brücke werde bald gesperrt. "
        "Niemand habe gewusst, wie alt sie sei, und deshalb müsse man warten."
    )
    with pytest.raises(UnsupportedLanguage) as refused:
        engine.attribute(Article(body))
    assert refused.value.language == "de"


def test_the_version_names_rules_and_models(engine: Pipeline) -> None:
    assert engine.version.startswith(engine.components["rules"] + "+")
    assert {"attribution", "lexicon", "parse", "records", "rules"} == set(engine.components)
