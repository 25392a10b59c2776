from __future__ import annotations

import io

import pytest
from rich.cells import cell_len

from quoth.v1 import (
    AnchorBasis,
    AnchorDate,
    Article,
    AttributeQuotesResponse,
    CalendarDate,
    Cue,
    DateGranularity,
    Nonresponse,
    NonresponseKind,
    Notice,
    NoticeReason,
    RejectedQuotation,
    RejectionReason,
    Relay,
    Speaker,
    SpeakerMention,
    SpeakerType,
    Statement,
    StatementDate,
    TextSpan,
)
from quoth_cli.formats.text import TextRenderer
from quoth_cli.table.rows import ArticleMeta
from tests.unit.cli.build import role, span, statement

BODY = """\
“The pier is shut,” Mayor Ann Osei told reporters on Tuesday. “It will stay shut.”

She did not say when it would open. An aide said Osei had told him it was “rotten”.

“Nobody asked us.”
"""
DAY = CalendarDate(year=2026, month=5, day=12)
MAYOR = SpeakerMention(span=TextSpan(text="She"), speaker_id="p1", role=role("Mayor"))
STATEMENTS = [
    statement(
        BODY,
        "The pier is shut,",
        "It will stay shut.",
        quoted=("The pier is shut,", "It will stay shut."),
        kind="direct",
        cue="told",
        speaker=MAYOR,
        addressee="reporters",
        date=StatementDate(
            span=span(BODY, "on Tuesday"),
            date=DAY,
            granularity=DateGranularity.DATE_GRANULARITY_DAY,
        ),
    ),
    statement(
        BODY,
        "when it would open",
        cue="say",
        factuality="NEGATED",
        speaker=MAYOR,
        statement_id="s2",
    ),
    statement(
        BODY,
        "Osei had told him it was “rotten",
        quoted=("rotten",),
        kind="mixed",
        cue="said",
        speaker=SpeakerMention(speaker_id="p2"),
        statement_id="s3",
    ),
    statement(
        BODY,
        "it was “rotten",
        quoted=("rotten",),
        kind="mixed",
        speaker=SpeakerMention(speaker_id="p1"),
        statement_id="s4",
        parent="s3",
        confidence=0.25,
    ),
    statement(
        BODY, "Nobody asked us.", quoted=("Nobody asked us.",), kind="direct", statement_id="s5"
    ),
]
RESPONSE = AttributeQuotesResponse(
    statements=STATEMENTS,
    speakers=[
        Speaker(
            speaker_id="p1", display_name="Ann Osei", type=SpeakerType.Value("SPEAKER_TYPE_PERSON")
        ),
        Speaker(
            speaker_id="p2", display_name="An aide", type=SpeakerType.Value("SPEAKER_TYPE_UNNAMED")
        ),
    ],
    anchor_date=AnchorDate(date=DAY, basis=AnchorBasis.ANCHOR_BASIS_TEXT),
)
EXPECTED = """\
pier.txt
Published Tuesday, May 12, 2026, according to the article

 1 Ann Osei, Mayor
   “The pier is shut,” […] “It will stay shut.”
   direct, “told” · Tuesday, May 12, 2026 (“on Tuesday”) · to reporters

 2 Ann Osei, Mayor
   when it would open
   said nothing about this · indirect, “say”

 3 An aide (unnamed)
   Osei had told him it was “rotten”
   mixed, “said”

 4 Ann Osei
   it was “rotten”
   mixed · unsure (25%) · quoted by An aide (3)

 5 Speaker not known
   “Nobody asked us.”
   direct

5 statements (2 direct, 1 indirect, 2 mixed) by 2 speakers; 1 without a known
speaker.
"""


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def rendered(
    response: AttributeQuotesResponse = RESPONSE,
    body: str = BODY,
    title: str = "",
    out: io.StringIO | None = None,
) -> str:
    out = out or io.StringIO()
    TextRenderer(out).write(ArticleMeta("pier.txt"), Article(body=body, title=title), response)
    return out.getvalue()


def test_an_article() -> None:
    assert rendered() == EXPECTED


def test_a_title_is_the_first_line() -> None:
    assert rendered(title="Pier\nshut").startswith("Pier shut\npier.txt\n")


def test_articles_are_set_apart() -> None:
    out = io.StringIO()
    renderer = TextRenderer(out)
    renderer.write(ArticleMeta("a"), Article(body="x"), AttributeQuotesResponse())
    renderer.write(ArticleMeta("b"), Article(body="x"), AttributeQuotesResponse())
    assert "No statements found.\n\n\nb\n" in out.getvalue()


@pytest.mark.parametrize("columns", [30, 46, 80, 300])
def test_lines_fit_the_terminal(columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    body = "会議は火曜日に終わったと市長は述べた。" * 8 + " " + "a" * 200
    wide = AttributeQuotesResponse(statements=[statement(body, body, kind="direct"), *STATEMENTS])
    for line in rendered(wide, body).splitlines():
        assert cell_len(line) <= min(columns, 96)
        assert line == line.rstrip()


def test_no_words_are_lost_by_wrapping(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    assert "".join(rendered().split()) == "".join(EXPECTED.split())


def test_colors_are_for_terminals() -> None:
    assert "\x1b[32m“The pier is shut,”\x1b[0m" in rendered(out=Terminal())
    assert "\x1b" not in rendered()


def test_no_color_is_honored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[32m" not in rendered(out=Terminal())


def test_markup_in_an_article_is_text() -> None:
    body = "[bold red]x[/] :smile: 42"
    assert body in rendered(AttributeQuotesResponse(statements=[statement(body, body)]), body)


def test_notices_say_where() -> None:
    body = "One.\nTwo “and no end"
    notice = Notice(
        reason=NoticeReason.NOTICE_REASON_UNBALANCED_QUOTATION_MARKS,
        message="see `article.body`",
        span=span(body, "“and no end"),
    )
    assert rendered(AttributeQuotesResponse(notices=[notice]), body).endswith(
        "not closed in its paragraph. (line 2: “and no end)\n"
    )


def test_a_missing_day_is_mentioned_once() -> None:
    notice = Notice(reason=NoticeReason.NOTICE_REASON_NO_PUBLISH_TIME, message="no publish time")
    text = rendered(AttributeQuotesResponse(notices=[notice]))
    assert "--published" in text
    assert "no publish time" not in text


def test_a_statement_of_a_newer_server() -> None:
    newer = Statement(content_spans=[span(BODY, "when")], confidence=0.9)
    newer.kind = 77  # type: ignore[assignment]
    assert "kind 77" in rendered(AttributeQuotesResponse(statements=[newer]))


@pytest.mark.parametrize(
    ("factuality", "said"),
    [
        ("ASSERTED", "indirect"),
        ("DENIED", "denied · indirect"),
        ("NEGATED", "said nothing about this · indirect"),
        ("FUTURE", "not yet said · indirect"),
        ("HYPOTHETICAL", "hypothetical · indirect"),
        ("ASKED", "asked · indirect"),
    ],
)
def test_whether_it_was_said(factuality: str, said: str) -> None:
    response = AttributeQuotesResponse(
        statements=[statement(BODY, "when it would open", factuality=factuality)]
    )
    assert f"   {said}\n" in rendered(response)


def test_rejected_quotations_are_listed_with_the_reason() -> None:
    response = AttributeQuotesResponse(
        rejected_quotations=[
            RejectedQuotation(
                span=span(BODY, "rotten"),
                reason=RejectionReason.REJECTION_REASON_SCARE_QUOTES,
            )
        ]
    )
    expected = "In quotation marks, but not a statement:\n“rotten” – scare quotes\n"
    assert expected in rendered(response)


def test_why_a_source_has_no_name_is_told() -> None:
    aide = Speaker(speaker_id="p1", display_name="aide")
    aide.anonymity.reason.text = "for fear of reprisal"
    said = statement(BODY, "The pier is shut,", speaker=SpeakerMention(speaker_id="p1"))
    response = AttributeQuotesResponse(statements=[said], speakers=[aide])
    assert "anonymous: for fear of reprisal" in rendered(response)
    aide.anonymity.ClearField("reason")
    response = AttributeQuotesResponse(statements=[said], speakers=[aide])
    assert "· anonymous\n" in rendered(response)


def test_sentences_are_counted() -> None:
    response = AttributeQuotesResponse()
    response.sentences.add(statement_ids=["s1", "s2"])
    response.sentences.add()
    assert "1 of 2 sentences with a statement\n" in rendered(response)


def test_who_did_not_answer_is_listed() -> None:
    response = AttributeQuotesResponse(
        nonresponses=[
            Nonresponse(
                kind=NonresponseKind.NONRESPONSE_KIND_DECLINED,
                cue=Cue(span=span(BODY, "told"), lemma="tell"),
                speaker=SpeakerMention(span=span(BODY, "An aide")),
            ),
            Nonresponse(cue=Cue(span=span(BODY, "rotten"))),
        ]
    )
    expected = "No answer:\n“An aide” – “told”\nNot known who – “rotten”\n"
    assert expected in rendered(response)


def test_relays_are_listed_in_order() -> None:
    given = statement(BODY, "when it would open")
    given.relays.extend([Relay(span=span(BODY, "An aide")), Relay(span=span(BODY, "Osei"))])
    response = AttributeQuotesResponse(statements=[given])
    assert "quoted by An aide, Osei" in rendered(response)


def test_a_cue_that_is_the_medium_is_shown_once() -> None:
    told = statement(BODY, "The pier is shut,", cue="told", medium="told", speaker=MAYOR)
    assert "via" not in rendered(AttributeQuotesResponse(statements=[told]))
