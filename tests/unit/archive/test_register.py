"""The people of an archive, and whose each statement is."""

from __future__ import annotations

import datetime

import pytest

from quoth_server.archive.archive import opened
from quoth_server.archive.register import register
from tests.unit.archive.archives import row, write

ROWS = [
    row(0, speaker="Eva Lund", role="deputy minister", anchor_date="2020-01-01"),
    row(2, speaker="Eva Lund", role="minister", anchor_date="2022-01-01"),
    row(4, speaker="eva lund", role="minister", anchor_date="2023-01-01"),
    row(6, speaker="Ada Holt"),
    row(8, speaker="the council", speaker_type="organization"),
    row(10, speaker="officials", speaker_type="group"),
    row(12, speaker=None, speaker_id=None, speaker_type=None),
]


@pytest.fixture(scope="module")
def people(tmp_path_factory):
    return register(opened(write(tmp_path_factory.mktemp("people") / "a.parquet", ROWS)))


def test_a_person_has_names_roles_and_days(people):
    lund = people.people[0]
    assert (lund.person_id, lund.display_name, lund.aliases) == (
        "eva-lund",
        "Eva Lund",
        ("eva lund",),
    )
    assert (lund.statements, lund.articles) == (3, 3)
    assert (lund.first_day, lund.last_day) == (datetime.date(2020, 1, 1), datetime.date(2023, 1, 1))
    assert [(role.role, role.first_day.year, role.statements) for role in lund.roles] == [
        ("deputy minister", 2020, 1),
        ("minister", 2022, 2),
    ]


def test_each_statement_is_of_one_person_or_of_nobody(people):
    ids = [people.id_of(number) for number in range(len(ROWS) + 1)]
    assert ids == ["eva-lund"] * 3 + ["ada-holt", "the-council", "", "", ""]
    assert people.numbers("eva-lund") == [0, 1, 2]
    assert people.numbers("nobody") == []
    assert people.person("nobody") is None
    assert people.person("ada-holt").display_name == "Ada Holt"


@pytest.mark.parametrize(
    ("name", "types", "ids"),
    [
        ("", (), ["eva-lund", "ada-holt", "the-council"]),
        ("lund", (), ["eva-lund"]),
        ("LUND Eva", (), ["eva-lund"]),
        ("lu*", (), ["eva-lund"]),
        ("lu", (), []),
        ("", ("organization",), ["the-council"]),
        ("lund", ("organization",), []),
    ],
)
def test_people_are_found_by_words_of_a_name(people, name, types, ids):
    assert [each.person_id for each in people.named(name, frozenset(types))] == ids
