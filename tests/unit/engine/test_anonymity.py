"""Which sources have no name at their wish, and why the article says so."""

from __future__ import annotations

import pytest

from quoth_server.engine import Attributor
from quoth_server.engine.types import Anonymity

pytestmark = pytest.mark.model

GIVEN = (
    (
        "A White House official, who spoke on condition of anonymity because he was not authorized "
        "to speak publicly, said the plan was dead.",
        "on condition of anonymity",
        "because he was not authorized to speak publicly",
    ),
    (
        "“It is over,” said the official, who asked not to be named, citing fear of reprisal.",
        "asked not to be named",
        "citing fear of reprisal",
    ),
    pytest.param(
        "One nurse, whose name was withheld for her safety, said the ward was full.",
        "whose name was withheld",
        "for her safety",
        marks=pytest.mark.xfail(strict=True, reason="the article network errs"),
    ),
    (
        "Two aides said the talks had failed. They spoke on the condition of anonymity to discuss "
        "private conversations.",
        "on the condition of anonymity",
        "to discuss private conversations",
    ),
    (
        "A person familiar with the matter, who was not authorized to speak publicly, said the "
        "deal was close.",
        None,
        "was not authorized to speak publicly",
    ),
    (
        "The diplomat, speaking on condition of anonymity in line with government rules, said no "
        "date was set.",
        "on condition of anonymity",
        "in line with government rules",
    ),
    (
        "Officials who were granted anonymity because the document is classified said it was "
        "authentic.",
        "were granted anonymity",
        "because the document is classified",
    ),
    (
        "“I left at night,” said a miner, who declined to give his name for fear of losing his "
        "job.",
        "declined to give his name",
        "for fear of losing his job",
    ),
    ("A trader who requested anonymity said prices would fall.", "requested anonymity", None),
    (
        "Fearing reprisals, the teacher asked not to be identified. “They watch us,” she said.",
        "asked not to be identified",
        "Fearing reprisals",
    ),
    (
        "“We hide,” said Maria, who asked to be identified only by her first name because she "
        "feared for her family.",
        "asked to be identified only by her first name",
        "because she feared for her family",
    ),
    (
        "The boy, who cannot be named for legal reasons, said he ran.",
        "cannot be named",
        "for legal reasons",
    ),
    (
        "The Herald is not naming the woman because she is a victim of abuse. “I was alone,” the "
        "woman said.",
        "is not naming the woman",
        "because she is a victim of abuse",
    ),
    (
        "A soldier who spoke anonymously out of fear of punishment said food was short.",
        "spoke anonymously",
        "out of fear of punishment",
    ),
    (
        "“It was a mess,” said one lawmaker, granted anonymity to speak candidly.",
        "granted anonymity",
        "to speak candidly",
    ),
    (
        "“Nobody tells us anything,” said a worker. He spoke on condition of anonymity because the "
        "company forbids interviews.",
        "on condition of anonymity",
        "because the company forbids interviews",
    ),
    (
        "The police officer, who asked that his name not be used, said the order was clear.",
        "asked that his name not be used",
        None,
    ),
    (
        "An aide to the governor, speaking on the condition of anonymity, said that he liked it.",
        "on the condition of anonymity",
        None,
    ),
    (
        "A board official said it had been cited. The official spoke on condition of anonymity "
        "because the investigation had just begun.",
        "on condition of anonymity",
        "because the investigation had just begun",
    ),
    pytest.param(
        "An official said on condition of anonymity that the ship stopped because it had no fuel.",
        "on condition of anonymity",
        None,
        marks=pytest.mark.xfail(strict=True, reason="the article network errs"),
    ),
)

NOT_GIVEN = (
    "The company enjoys anonymity in the market, an analyst said.",
    "A donor gave the money anonymously because he was shy, said the mayor.",
    "The law grants anonymity to informers, the judge said.",
    "The vote was held on condition of anonymity, Lena Holt said.",
    "Lena Holt said a donor had asked not to be named.",
    "The official said he was not authorized to sign the bill.",
    "The author, who remained anonymous for years, said she was tired.",
    "The ministry named the official who will lead the talks, a spokesman said.",
    "The club, which was named after a river, said it would move.",
    "The suspect has not been identified, a police spokesman said.",
    "“Nobody asked my name,” said a waiter who was tired because he had worked all night.",
    "The firm, which changed its name for tax reasons, said it would pay.",
    "The minister, who was not allowed to board because she was late, said she would drive.",
    "Lena Holt, who asked not to be disturbed because she was writing, said the book was done.",
    "The name of the ship was withheld for security reasons, Lena Holt said.",
    "The admiral, who declined to name the ship, said it was safe.",
    "An aide said the mayor wanted to be named in the report.",
)


def anonymity(text: str) -> tuple[Anonymity, ...]:
    speakers = Attributor().attribute(text).speakers
    return tuple(each.anonymity for each in speakers if each.anonymity)


@pytest.mark.parametrize(("text", "span", "reason"), GIVEN)
def test_the_speaker_says_so_and_why(text: str, span: str | None, reason: str | None) -> None:
    (told,) = anonymity(text)
    assert (told.span.of(text) if told.span else None) == span
    assert (told.reason.of(text) if told.reason else None) == reason


@pytest.mark.parametrize("text", NOT_GIVEN)
def test_what_looks_like_it_is_none(text: str) -> None:
    assert not anonymity(text)


def test_it_is_no_statement_of_its_own() -> None:
    text = "“It leaked,” said an aide, who asked not to be named because she feared for her job."
    (statement,) = Attributor().attribute(text).statements
    assert statement.content_of(text) == "It leaked,"


def test_it_is_the_one_of_whom_it_is_said() -> None:
    text = (
        "A general said the bridge would hold. A sergeant, who asked not to be named because he "
        "feared for his rank, said it would not."
    )
    told = {
        each.display_name: each.anonymity is not None
        for each in Attributor().attribute(text).speakers
    }
    assert told == {"general": False, "sergeant": True}
