"""Names, their parts and what they have in common."""

from __future__ import annotations

import pytest

from quoth_server.engine.speakers.names import Gender, Match, is_acronym_of, match, parse, same_body


@pytest.mark.parametrize(
    ("text", "bare", "parts"),
    [
        ("Ana Ruiz", "Ana Ruiz", ("ana", "ruiz")),
        ("Mr. Lund", "Lund", ("lund",)),
        ("Sen. Karl Lund’s", "Karl Lund", ("karl", "lund")),
        ("Dr Ana María Ruiz", "Ana María Ruiz", ("ana", "maría", "ruiz")),
        ("Tom Lund Jr.", "Tom Lund Jr.", ("tom", "lund")),
        ("Tom Lund, QC", "Tom Lund", ("tom", "lund")),
        ("Jan van der Meer", "Jan van der Meer", ("jan", "van", "der", "meer")),
        ("LUND", "LUND", ("lund",)),
        ("Don Lund", "Don Lund", ("don", "lund")),
        ("Eva Lund-Holt", "Eva Lund-Holt", ("eva", "lund-holt")),
        ("Senators Ana Ruiz", "Ana Ruiz", ("ana", "ruiz")),
        ("Bishop Anselm of Torvik", "Anselm of Torvik", ("anselm",)),
        ("Bank of Torvik", "Bank of Torvik", ("bank", "of", "torvik")),
        ("—", "—", ()),
    ],
)
def test_parse(text: str, bare: str, parts: tuple[str, ...]) -> None:
    name = parse(text)
    assert (name.bare, name.parts) == (bare, parts)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Ana Ruiz", "Ruiz", Match.FAMILY),
        ("Ana Ruiz", "RUIZ", Match.FAMILY),
        ("Ana Ruiz", "Ana", Match.FIRST),
        ("Ana Ruiz Vega", "Ruiz", Match.FAMILY),
        ("Mary Ann Lund", "Ann", Match.FIRST),
        ("Ana Ruiz Vega", "Ana Ruiz", Match.FIRST),
        ("Ana Ruiz", "Ana María Ruiz", Match.SAME),
        ("A. M. Ruiz", "Ana María Ruiz", Match.SAME),
        ("Karl J. Lund", "Karl Lund", Match.SAME),
        ("Karl Lund", "Anna Lund", Match.NONE),
        ("Tom Lund Jr.", "Tom Lund Sr.", Match.NONE),
        ("Jan van der Meer", "Meer", Match.FAMILY),
        ("Jan van der Meer", "van der Meer", Match.FAMILY),
        ("Andrés Manuel Ríos Vega", "Ríos Vega", Match.FAMILY),
        ("Ana Ruiz", "Mr. Ruiz", Match.NONE),
        ("Ana Ruiz", "Ms. Ruiz", Match.FAMILY),
        ("Ana Ruiz", "Ruizman", Match.NONE),
    ],
)
def test_match(one: str, other: str, expected: Match) -> None:
    assert match(parse(one), parse(other)) is expected
    assert match(parse(other), parse(one)) is expected


@pytest.mark.parametrize(
    ("text", "gender"),
    [
        ("Mr. Lund", Gender.MALE),
        ("Ms. Lund", Gender.FEMALE),
        ("Congresswoman Lund", Gender.FEMALE),
        ("Ana Ruiz", Gender.FEMALE),
        ("Karl Lund", Gender.MALE),
        ("Kerry Lund", Gender.UNKNOWN),
        ("Lund", Gender.UNKNOWN),
    ],
)
def test_gender(text: str, gender: Gender) -> None:
    assert parse(text).gender is gender


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Harbour Workers Union", "HWU", True),
        ("Office of Fair Rents", "O.F.R.", True),
        ("The Leeds Evening Courier", "the Courier", True),
        ("Courier magazine", "Courier", True),
        ("University of Leeds", "the University", False),
        ("Leeds United", "Leeds Rovers", False),
        ("Rent Office", "Rent Office’s", True),
    ],
)
def test_same_body(one: str, other: str, same: bool) -> None:
    assert same_body(one, other) is same
    assert same_body(other, one) is same


def test_an_acronym_is_in_capitals() -> None:
    assert not is_acronym_of("hwu", "Harbour Workers Union")
