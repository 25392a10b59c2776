"""The tools as an assistant sees them, through MCP's own client, with answers made up here."""

from __future__ import annotations

import asyncio
from typing import Any

import grpc
import pytest

from quoth import InvalidArticle, QuothError, v1

mcp = pytest.importorskip("mcp", reason="needs the package mcp")

from quoth_cli.assistant.tools import server  # noqa: E402 - it needs the package

SPAN = v1.TextSpan(start_offset=4, end_offset=23, text="The bridge is\n safe")
STATEMENT = v1.Statement(
    statement_id="s1",
    kind=v1.StatementKind.STATEMENT_KIND_DIRECT,
    content_spans=[SPAN],
    speaker=v1.SpeakerMention(
        speaker_id="p1", role=v1.Role(span=v1.TextSpan(text="engineer"), organization="Harbor")
    ),
    confidence=0.9,
)
SPEAKER = v1.Speaker(speaker_id="p1", display_name="Mara Olsen")
FOUND = v1.ArchivedStatement(
    archive_statement_id="ab12-3",
    article=v1.ArchivedArticle(
        article_id="a1",
        title="Bridge\nopens",
        source_uri="https://news.example/a1",
        anchor_date=v1.CalendarDate(year=2026, month=5, day=14),
    ),
    statement=STATEMENT,
    speaker=SPEAKER,
    person_id="mara-olsen",
)
OLSEN = v1.Person(
    person_id="mara-olsen",
    display_name="Mara Olsen",
    type=v1.SpeakerType.SPEAKER_TYPE_PERSON,
    aliases=["Olsen"],
    external_ids={"wikidata": "Q1"},
    statements=2,
    articles=2,
    first_day=v1.CalendarDate(year=2026, month=5, day=14),
    last_day=v1.CalendarDate(year=2026, month=6, day=2),
    roles=[v1.PersonRole(role="engineer", organization="Harbor", statements=2)],
)
PLACE = (
    "article a1 · “Bridge opens” · https://news.example/a1 · characters 4-23 · direct · "
    "article of 2026-05-14 · confidence 0.90"
)


class Asked:
    """Returns the given answers, and keeps what it was asked."""

    def __init__(self, *answers: Any) -> None:
        self._answers = list(answers)
        self.requests: list[Any] = []

    def ask(self, request: Any, *, timeout: float | None = None) -> Any:
        self.requests.append(request)
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def server_info(self, *, timeout: float | None = None) -> v1.GetServerInfoResponse:
        raise AssertionError("no tool asks for it")


def called(asked: Asked, tool: str, **arguments: Any) -> tuple[str, bool]:
    """The text that a tool gives, and whether it is an error."""

    async def call() -> tuple[str, bool]:
        async with mcp.Client(server(asked)) as client:
            result = await client.call_tool(tool, arguments)
            return "\n".join(each.text for each in result.content), bool(result.is_error)

    return asyncio.run(call())


def test_the_tools_say_what_they_take() -> None:
    async def listed() -> list[Any]:
        async with mcp.Client(server(Asked())) as client:
            return list((await client.list_tools()).tools)

    tools = {each.name: each for each in asyncio.run(listed())}
    assert {name: sorted(each.input_schema["properties"]) for name, each in tools.items()} == {
        "attribute": ["most", "published", "text", "title"],
        "search": ["contains", "kind", "most", "organization", "person_id", "role", "since",
                   "speaker", "until"],
        "person": ["most", "name", "person_id"],
        "verify": ["most", "quotation", "speaker", "text"],
    }  # fmt: skip
    for name, each in tools.items():
        assert each.input_schema["title"] == f"{name}Arguments"
    assert all(each.annotations.read_only_hint for each in tools.values())
    assert all(each.description and "\n  " not in each.description for each in tools.values())


def test_a_statement_that_is_found_has_its_place() -> None:
    asked = Asked(v1.SearchStatementsResponse(statements=[FOUND], total_size=7))
    text, failed = called(asked, "search", contains="bridge", since="2026-05", kind="direct")
    assert not failed
    assert text.splitlines() == [
        "7 statements, the first 1 shown.",
        "1. Mara Olsen (engineer, Harbor): The bridge is safe",
        f"   {PLACE}",
        "   statement ab12-3 · person mara-olsen",
    ]
    (request,) = asked.requests
    assert request.filter.contains == "bridge"
    assert request.filter.since == v1.CalendarDate(year=2026, month=5)
    assert list(request.filter.kinds) == [v1.StatementKind.STATEMENT_KIND_DIRECT]
    assert not request.filter.HasField("until")
    assert request.page_size == 10


def test_a_quotation_that_is_found_has_differences_and_passage() -> None:
    place = v1.QuotePlace(
        statement=FOUND,
        wording=v1.VerifyOutcome.VERIFY_OUTCOME_ALTERED,
        speaker_agreement=v1.SpeakerAgreement.SPEAKER_AGREEMENT_SAME,
        differences=[
            v1.WordDifference(quoted=v1.TextSpan(text="sound"), said=v1.TextSpan(text="safe"))
        ],
        normalizations=[v1.Normalization.NORMALIZATION_CASE],
        context_before="She said: ",
        context_after=" and left.",
    )
    answer = v1.VerifyQuoteResponse(
        outcome=v1.VerifyOutcome.VERIFY_OUTCOME_ALTERED, places=[place], total_places=3
    )
    text, failed = called(Asked(answer), "verify", quotation="the bridge is sound")
    assert not failed
    assert text.splitlines() == [
        "ALTERED: the articles have most of these words.",
        "1. Mara Olsen (engineer, Harbor): The bridge is safe",
        f"   {PLACE}",
        "   statement ab12-3 · person mara-olsen",
        "   wording altered · speaker asked about: same",
        "   quotation: “sound”, article: “safe”",
        "   ignored: case",
        "   passage: …She said: [the statement] and left.…",
        "2 more places not shown.",
    ]


def test_what_is_not_found_is_never_called_false() -> None:
    answer = v1.VerifyQuoteResponse(outcome=v1.VerifyOutcome.VERIFY_OUTCOME_NOT_FOUND)
    text, _ = called(Asked(answer), "verify", quotation="x", text="An article.")
    assert "does not mean that it is false" in text


def test_who_said_what_in_a_text() -> None:
    asked = Asked(v1.AttributeQuotesResponse(statements=[STATEMENT] * 3, speakers=[SPEAKER]))
    text, failed = called(asked, "attribute", text="Words.", published="2026-05-14", most=1)
    assert not failed
    assert text.splitlines() == [
        "3 statements, the first 1 shown.",
        "1. Mara Olsen (engineer, Harbor): The bridge is safe",
        "   characters 4-23 · direct · day not known · confidence 0.90",
    ]
    assert asked.requests[0].article.publish_date.day == 14


def test_one_person_of_a_name_is_given_with_roles() -> None:
    asked = Asked(
        v1.ListPeopleResponse(people=[OLSEN], total_size=1), v1.GetPersonResponse(person=OLSEN)
    )
    text, _ = called(asked, "person", name="olsen")
    assert text.splitlines() == [
        "Mara Olsen · person · 2 statements in 2 articles · 2026-05-14 to 2026-06-02 · "
        "person mara-olsen",
        "Also: Olsen",
        "Ids: wikidata: Q1",
        "Roles over time:",
        "- engineer · at Harbor · 2 statements",
    ]
    assert asked.requests[1].person_id == "mara-olsen"


def test_a_name_that_nobody_has() -> None:
    text, failed = called(Asked(v1.ListPeopleResponse()), "person", name="Nobody")
    assert (text, failed) == ("No person of the archive has this name.", False)


def test_several_people_of_a_name_are_listed() -> None:
    text, failed = called(Asked(v1.ListPeopleResponse(people=[OLSEN] * 2, total_size=5)), "person",
                          name="olsen")  # fmt: skip
    assert not failed
    assert text.splitlines()[0] == "2 of 5 people shown."
    assert text.count("person mara-olsen") == 2


@pytest.mark.parametrize(
    ("tool", "arguments", "answer", "words"),
    [
        ("search", {"since": "May"}, None, "since is 'May'"),
        ("search", {"until": "2026-5-1x"}, None, "give it as 2026-05-14, 2026-05 or 2026"),
        ("person", {}, None, "neither name nor person_id is given; give one of them"),
        ("attribute", {"text": "x", "published": "soon"}, None, "publish"),
        ("search", {"most": 0}, None, "greater than or equal to 1"),
        (
            "search",
            {},
            QuothError("-", code=grpc.StatusCode.FAILED_PRECONDITION, reason="NO_ARCHIVE"),
            "start this server as: quoth mcp ARCHIVE",
        ),
        (
            "verify",
            {"quotation": "!"},
            InvalidArticle.of("quotation", "it has no word; send at least one", "NO_WORD"),
            "quotation: it has no word; send at least one",
        ),
        (
            "person",
            {"person_id": "x"},
            QuothError("-", code=grpc.StatusCode.NOT_FOUND, reason="NO_SUCH_PERSON"),
            "call person with a name to find it",
        ),
    ],
)
def test_errors_are_of_the_tool_and_name_the_remedy(
    tool: str, arguments: dict[str, Any], answer: Any, words: str
) -> None:
    text, failed = called(Asked(answer), tool, **arguments)
    assert failed
    assert words in text


def test_a_long_content_is_cut() -> None:
    long = v1.ArchivedStatement(
        statement=v1.Statement(content_spans=[v1.TextSpan(text="word " * 1000)])
    )
    answer = v1.SearchStatementsResponse(statements=[long] * 25, total_size=25)
    text, _ = called(Asked(answer), "search", most=25)
    assert len(text) < 25 * 600
