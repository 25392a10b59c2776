"""One article with an answer that has everything a format must hold."""

from __future__ import annotations

from quoth.v1 import (
    AnchorBasis,
    AnchorDate,
    Article,
    AttributeQuotesResponse,
    CalendarDate,
    Cue,
    DateBasis,
    DateGranularity,
    Medium,
    MediumType,
    Role,
    RoleStatus,
    Speaker,
    SpeakerMention,
    SpeakerType,
    Statement,
    StatementDate,
)
from quoth_cli.table.rows import ArticleMeta
from tests.unit.cli.build import span, statement

# Beyond the basic plane, ends of lines of both kinds, a tab and marks that JSON and CSV escape.
BODY = (
    "\U0001f6a2 The quay, in brief\r\n\r\n"
    "“We load at dawn,” said Mira Sole, the harbor chief, on Friday. “And we\r\nleave at noon.”\n\n"
    "Dockers told reporters in a statement last week that the “old\tcrane” must go.\n\n"
    "Was the crane safe? Ms. Sole asked on X.\n\n"
    'She denied that money, "big" money, was paid. A report says pay rose in 2024.\n\n'
    "The owner will say who pays, Radio Quay reported. Oslo said by an envoy it was shut.\n\n"
    "Sole said a clerk told her that the gate was open. =SUM(1;2), said one official.\n"
)

META = ArticleMeta(
    "news/quay.txt",
    title="Quay, “shut”",
    published="2026-05-15T08:30-04:00",
    url="https://news.example/quay",
    author="A. Reed",
    section="Harbor",
    updated="2026-05-16",
)


def article() -> Article:
    return Article(article_id=META.id, title=META.title, body=BODY, source_uri=META.url)


def _mention(
    words: str, speaker_id: str, role: str = "", organization: str = "", status: str = "CURRENT"
) -> SpeakerMention:
    held = Role(
        span=span(BODY, role),
        organization=organization,
        status=RoleStatus.Value(f"ROLE_STATUS_{status}"),
    )
    return SpeakerMention(
        span=span(BODY, words), speaker_id=speaker_id, confidence=0.9, role=held if role else None
    )


def _date(words: str, granularity: str, year: int, month: int = 0, day: int = 0) -> StatementDate:
    return StatementDate(
        span=span(BODY, words),
        date=CalendarDate(year=year, month=month, day=day),
        granularity=DateGranularity.Value(f"DATE_GRANULARITY_{granularity}"),
        basis=DateBasis.DATE_BASIS_CUE,
        confidence=0.8,
    )


def _medium(words: str, type_: str) -> Medium:
    return Medium(span=span(BODY, words), type=MediumType.Value(f"MEDIUM_TYPE_{type_}"))


def _speaker(speaker_id: str, name: str, type_: str, *roles: Role) -> Speaker:
    return Speaker(
        speaker_id=speaker_id,
        display_name=name,
        type=SpeakerType.Value(f"SPEAKER_TYPE_{type_}"),
        roles=roles,
        mentions=[span(BODY, name)],
    )


def _statements() -> list[Statement]:
    made = [
        statement(
            BODY,
            "We load at dawn,",
            "And we\r\nleave at noon.",
            quoted=("We load at dawn,", "And we\r\nleave at noon."),
            kind="direct",
            cue="said",
            speaker=_mention("Mira Sole, the harbor chief", "p1", "harbor chief", "Quay Council"),
            date=_date("Friday", "DAY", 2026, 5, 15),
            statement_id="s1",
        ),
        statement(
            BODY,
            "that the “old\tcrane” must go",
            quoted=("old\tcrane",),
            kind="mixed",
            cue="told",
            speaker=_mention("Dockers", "p2"),
            addressee="reporters",
            date=_date("last week", "WEEK", 2026, 5, 4),
            statement_id="s2",
        ),
        statement(
            BODY,
            "Was the crane safe?",
            cue="asked",
            speaker=_mention("Ms. Sole", "p1", "harbor chief", "Quay Council"),
            statement_id="s3",
            factuality="ASKED",
        ),
        statement(
            BODY,
            'money, "big" money, was paid',
            cue="denied",
            speaker=_mention("She denied", "p1"),
            statement_id="s4",
            factuality="DENIED",
        ),
        statement(
            BODY,
            "pay rose in 2024",
            cue="says",
            speaker=_mention("A report", "p3"),
            date=_date("2024", "YEAR", 2024),
            statement_id="s5",
        ),
        statement(
            BODY,
            "who pays",
            cue="will say",
            speaker=_mention("The owner", "p4", "owner", "", "FORMER"),
            statement_id="s6",
            factuality="FUTURE",
        ),
        statement(
            BODY,
            "it was shut",
            speaker=_mention("Oslo", "p5"),
            statement_id="s7",
        ),
        statement(
            BODY,
            "a clerk told her that the gate was open",
            cue="said",
            speaker=_mention("Sole", "p1", "harbor chief", "Quay Council"),
            statement_id="s8",
        ),
        statement(
            BODY,
            "that the gate was open",
            cue="told",
            speaker=_mention("a clerk", "p6", "clerk", "", "FORMER"),
            statement_id="s9",
            parent="s8",
        ),
        statement(BODY, "=SUM(1;2)", cue="said", statement_id="s10"),
    ]
    made[1].medium.CopyFrom(_medium("a statement", "WRITTEN_STATEMENT"))
    made[2].medium.CopyFrom(_medium("X", "SOCIAL_MEDIA"))
    made[6].medium.CopyFrom(_medium("an envoy", "INTERVIEW"))
    made[5].relays.add(
        span=span(BODY, "Radio Quay"),
        speaker_id="p7",
        cue=Cue(span=span(BODY, "reported"), lemma="report"),
    )
    return made


def answer() -> AttributeQuotesResponse:
    chief = Role(
        span=span(BODY, "harbor chief"),
        organization="Quay Council",
        status=RoleStatus.ROLE_STATUS_CURRENT,
    )
    sole = _speaker("p1", "Mira Sole", "PERSON", chief)
    sole.mentions.append(span(BODY, "Ms. Sole"))
    return AttributeQuotesResponse(
        statements=_statements(),
        speakers=[
            sole,
            _speaker("p2", "Dockers", "GROUP"),
            _speaker("p3", "A report", "DOCUMENT"),
            _speaker("p4", "The owner", "UNNAMED"),
            _speaker("p5", "Oslo", "PLACE"),
            _speaker("p6", "a clerk", "UNNAMED"),
            _speaker("p7", "Radio Quay", "ORGANIZATION"),
        ],
        language_code="en",
        engine_version="0.1.0+test",
        anchor_date=AnchorDate(
            date=CalendarDate(year=2026, month=5, day=15), basis=AnchorBasis.ANCHOR_BASIS_REQUEST
        ),
    )
