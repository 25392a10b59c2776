from __future__ import annotations

import re
from typing import Any

import pytest

from quoth.v1 import (
    AnchorBasis,
    AnchorDate,
    CalendarDate,
    DateGranularity,
    Factuality,
    Medium,
    Notice,
    NoticeReason,
    RejectionReason,
    Role,
    Speaker,
    SpeakerMention,
    SpeakerType,
    Statement,
    StatementDate,
    StatementKind,
    TextSpan,
)
from quoth_cli.formats import wording
from quoth_cli.formats.wording import (
    anchor_words,
    clean,
    count,
    date_words,
    factuality_words,
    medium_words,
    notice_words,
    role_words,
    speaker_words,
    summary,
)
from quoth_cli.web import script
from tests.unit.cli.build import role, span, statement


def date(year: int, month: int = 0, day: int = 0, granularity: str = "DAY") -> StatementDate:
    return StatementDate(
        date=CalendarDate(year=year, month=month, day=day),
        granularity=DateGranularity.Value(f"DATE_GRANULARITY_{granularity}"),
    )


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (date(2026, 5, 14), "Thursday, May 14, 2026"),
        (date(2026, 5, 11, granularity="WEEK"), "week of Monday, May 11, 2026"),
        (date(2026, 5, granularity="MONTH"), "May 2026"),
        (date(2026, granularity="YEAR"), "2026"),
        (StatementDate(), ""),
        (StatementDate(span=TextSpan(text="last\nweek")), "“last week” (day not known)"),
    ],
)
def test_date(given: StatementDate, expected: str) -> None:
    assert date_words(given) == expected


def test_date_shows_the_words_it_was_read_from() -> None:
    given = date(2026, 5, 12)
    given.span.text = "late Tuesday"
    assert date_words(given) == "Tuesday, May 12, 2026 (“late Tuesday”)"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (role("mayor"), "mayor"),
        (role("a spokesman for the ministry", "the ministry"), "a spokesman for the ministry"),
        (role("spokesman", "Foreign Ministry"), "spokesman (Foreign Ministry)"),
        (role("a former navy diver", status="FORMER"), "a former navy diver"),
        (role("president", status="FORMER"), "president (former)"),
        (role("chief", "the agency", "ACTING"), "chief (acting, the agency)"),
        (role("minister", status="PROSPECTIVE"), "minister (incoming)"),
    ],
)
def test_role(given: Role, expected: str) -> None:
    assert role_words(given) == expected


@pytest.mark.parametrize(
    ("body", "words", "expected"),
    [
        ("He said so in an email.", "an email", "in an email"),
        ("On X, he wrote it.", "X", "on X"),
        ("He said so in\na statement.", "a statement", "in a statement"),
        ("A statement said so.", "A statement", "via A statement"),
        ("He emailed it.", "emailed", "via emailed"),
        ("The cabin email said so.", "email", "via email"),
    ],
)
def test_medium(body: str, words: str, expected: str) -> None:
    assert medium_words(Medium(span=span(body, words)), body) == expected


SPEAKERS = {
    "p1": Speaker(
        speaker_id="p1", display_name="Nora Halvik", type=SpeakerType.Value("SPEAKER_TYPE_PERSON")
    ),
    "p2": Speaker(
        speaker_id="p2",
        display_name="a company official",
        type=SpeakerType.Value("SPEAKER_TYPE_UNNAMED"),
    ),
    "p3": Speaker(
        speaker_id="p3", display_name="the report", type=SpeakerType.Value("SPEAKER_TYPE_DOCUMENT")
    ),
}
SHE = TextSpan(text="she")


@pytest.mark.parametrize(
    ("mention", "expected"),
    [
        (SpeakerMention(span=SHE, speaker_id="p1"), ("Nora Halvik", "", "")),
        (SpeakerMention(speaker_id="p1", role=role("the mayor")), ("Nora Halvik", "the mayor", "")),
        (
            SpeakerMention(speaker_id="p2", role=role("company official")),
            ("a company official", "", "unnamed"),
        ),
        (SpeakerMention(speaker_id="p3"), ("the report", "", "document")),
        (SpeakerMention(span=SHE), ("“she”", "", "not identified")),
        (SpeakerMention(span=SHE, speaker_id="p9"), ("“she”", "", "not identified")),
        (SpeakerMention(), None),
        (None, None),
    ],
)
def test_speaker(mention: SpeakerMention | None, expected: tuple[str, str, str] | None) -> None:
    assert speaker_words(Statement(speaker=mention), SPEAKERS) == expected


def test_summary() -> None:
    direct, mixed = StatementKind.STATEMENT_KIND_DIRECT, StatementKind.STATEMENT_KIND_MIXED
    known = SpeakerMention(speaker_id="p1")
    three = [
        Statement(kind=mixed, speaker=known),
        Statement(kind=direct, speaker=known),
        Statement(kind=direct),
    ]
    assert summary(three, 1) == (
        "3 statements (2 direct, 1 mixed) by 1 speaker; 1 without a known speaker."
    )
    assert summary(three[:1], 1) == "1 statement (1 mixed) by 1 speaker."
    assert summary([], 0) == "No statements found."


def test_anchor() -> None:
    day = CalendarDate(year=2026, month=5, day=14)
    request = AnchorDate(date=day, basis=AnchorBasis.ANCHOR_BASIS_REQUEST)
    read = AnchorDate(date=day, basis=AnchorBasis.ANCHOR_BASIS_TEXT)
    assert anchor_words(request) == "Published Thursday, May 14, 2026"
    assert anchor_words(read) == "Published Thursday, May 14, 2026, according to the article"
    assert "--published" in anchor_words(AnchorDate())


@pytest.mark.parametrize(
    ("kind", "cue", "expected"),
    [
        ("indirect", "say", "said nothing about this"),
        ("direct", "say", "check whether this was said"),
        ("mixed", "say", "check whether this was said"),
        ("indirect", "deny", "did not deny"),
        ("direct", "dispute", "did not deny"),
        # The engine's own lemma of a cue has its "not".
        ("indirect", "do not deny", "did not deny"),
        ("direct", "do not dispute", "did not deny"),
        ("indirect", "do not say", "said nothing about this"),
        ("indirect", "have not yet say", "not yet said"),
        ("direct", "have not yet say", "check whether this was said"),
    ],
)
def test_verbatim_words_are_never_called_unsaid(kind: str, cue: str, expected: str) -> None:
    body = "They did not it."
    given = statement(body, "it", kind=kind, cue="did not", factuality="NEGATED")
    given.cue.lemma = cue
    assert factuality_words(given) == expected


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("NO_PUBLISH_TIME", "The publication day is not known"),
        ("AMBIGUOUS_SPEAKER", "Two speakers fit"),
        ("AMBIGUOUS_KNOWN_SPEAKER", "Several known speakers fit"),
        ("UNSPECIFIED", "Something `new`."),
    ],
)
def test_notices_are_for_readers(reason: str, expected: str) -> None:
    notice = Notice(
        reason=NoticeReason.Value(f"NOTICE_REASON_{reason}"), message="Something `new`."
    )
    assert notice_words(notice).startswith(expected)


@pytest.mark.parametrize(
    ("name", "prefix", "words"),
    [
        ("FACTUALITIES", Factuality, wording._FACTUALITIES),
        ("REJECTIONS", RejectionReason, wording._REASONS),
        ("NOTICES", NoticeReason, wording._NOTICES),
    ],
)
def test_the_report_has_the_same_words(name: str, prefix: Any, words: dict[int, str]) -> None:
    [block] = re.findall(rf"const {name} = {{(.+?)}};", script(), re.DOTALL)
    shown = dict(re.findall(r'(\w+): "(.+?)"', block))
    shown.pop("ASSERTED", None)  # goes without saying in the text
    assert shown == {
        prefix.Name(value).partition("_")[2].removeprefix("REASON_"): text
        for value, text in words.items()
    }


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("a \n\t b", "a b"),
        ("a\x00b", "a\N{REPLACEMENT CHARACTER}b"),
        ("a\x9b1mb", "a\N{REPLACEMENT CHARACTER}1mb"),
        ("a\u202eb", "a\N{REPLACEMENT CHARACTER}b"),
        ("שלום 東京 👩‍🚀", "שלום 東京 👩‍🚀"),
    ],
)
def test_clean(given: str, expected: str) -> None:
    assert clean(given) == expected


def test_count() -> None:
    assert count(1, "line") == "1 line"
    assert count(0, "line") == "0 lines"
