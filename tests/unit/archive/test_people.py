"""Speakers of single articles put together to people."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quoth_server.archive.people import (
    BadTable,
    Known,
    Member,
    Person,
    agreeing,
    evidence,
    name_sets,
    names,
    people_fields,
    persons,
    profile,
    read,
    signs,
    spelling,
    voices,
)
from quoth_server.archive.people.agreeing import Fit
from quoth_server.archive.people.bearers import Bearers
from quoth_server.archive.statement import Statement


def agree(one: str, other: str) -> Fit | None:
    found = agreeing.agreement(names.parse(one), names.parse(other))
    turned = agreeing.agreement(names.parse(other), names.parse(one))
    assert (found and found.fit) == (turned and turned.fit)
    return found.fit if found else None


@pytest.mark.parametrize(
    ("one", "other", "fit"),
    [
        ("Mara Olsen", "Mara Olsen", Fit.SAME),
        ("Mara Olsen", "MARA OLSEN", Fit.SAME),
        ("Mara Olsen", "Mara Olsen’s", Fit.SAME),
        ("Mara Olsen", "Mara K. Olsen", Fit.SAME),
        ("Mara Olsen", "M. Olsen", Fit.SAME),
        ("Mara Olsen", "Sen. Mara Olsen", Fit.SAME),
        ("Mara Olsen", "Defense Secretary Mara Olsen", Fit.SAME),
        ("Mara Olsen", "Lars Olsen", None),
        ("Mara Olsen", "Mario Olsen", None),
        ("Mara Olsen", "Mara Olsson", None),
        ("Mara Olsen", "Olsen", Fit.FAMILY),
        ("Mara Olsen", "Mrs. Olsen", Fit.FAMILY),
        ("Mara Olsen", "Mara", Fit.FIRST),
        ("Mr. Olsen", "Mrs. Olsen", None),
        ("Olsen", "Olsen", Fit.SINGLE),
        ("Olsen", "Lund", None),
        # Initials and middle names.
        ("J. R. Holt", "John Holt", Fit.SAME),
        ("J.R. Holt", "J. R. Holt", Fit.SAME),
        ("J. R. Holt", "K. R. Holt", None),
        ("John A. Holt", "John B. Holt", None),
        ("John Adam Holt", "John A. Holt", Fit.SAME),
        ("J. Ana Ana Holt", "Ana Ana Ana Holt", Fit.SAME),
        # Short forms.
        ("Bill Holt", "William Holt", Fit.SAME),
        ("Bill Holt", "Robert Holt", None),
        ("Dean Holt", "Dean Holt", Fit.SAME),
        ("Dean Holt", "Dana Holt", None),
        ("Vern Holt", "Vernon Holt", Fit.SAME),
        ("Carl Holt", "Carla Holt", None),
        ("Khaled Sabri", "Khalid Sabri", Fit.SAME),
        # Words in front.
        ("Mara Olsen", "Defense Minister Olsen", Fit.FAMILY),
        ("Mary Baker Olsen", "Baker Lund", None),
        ("Ismail Ould Sidi", "Ould Sidi", Fit.EXTENDED),
        # Generations.
        ("Tom Holt Jr.", "Tom Holt Sr.", None),
        ("Tom Holt Jr.", "Tom Holt", Fit.SAME),
        # Accents and spellings of other scripts.
        ("Bjørn Ågesen", "Bjorn Aagesen", Fit.SAME),
        ("Jörg Müller", "Joerg Mueller", Fit.SAME),
        ("Sergei Vasilyev", "Sergey Vasiliev", Fit.SAME),
        ("Mohammed al-Khatib", "Muhammad Al Khateeb", Fit.SAME),
        ("Choi Sang-hyun", "Choi Sang Hyun", Fit.SAME),
        # Name order.
        ("Kenta Mori", "Mori Kenta", Fit.TURNED),
        ("Choi Sang-hyun", "Sang-hyun Choi", Fit.TURNED),
        ("Kenta Mori", "Kenji Mori", None),
        ("Tran Thi Hanh", "Hanh Thi Tran", Fit.TURNED),
        ("Tran Quoc Thinh", "Thinh Tran", Fit.TURNED),
        ("Tran Quoc Thinh", "Quoc Tran", None),
        ("Park Yun-sil", "Yoonsil Park", Fit.TURNED),
        ("Kim Do-hyuk", "Kim Do-hyeok", Fit.SAME),
        ("Kim Do-hyuk", "Kim Do-yun", None),
        # Nicknames in quotation marks, titles of clergy and peers.
        ("Leland “Buster” Holt", "Buster Holt", Fit.SAME),
        ('Leland "Buster" Holt', "Leland Holt", Fit.SAME),
        ("Leland “Buster” Holt", "Rusty Holt", None),
        ("Ana Maria “Tica” Ruiz", "Tica Ruiz", Fit.SAME),
        ("Monsignor Olsen", "Mats Olsen", Fit.FAMILY),
        ("Baroness Olsen", "Mara Olsen", Fit.FAMILY),
        # Two family names.
        ("Ana Ruiz", "Ana Ruiz-Holt", Fit.EXTENDED),
        ("Ana Ruiz", "Ana Luz Ruiz Holt", Fit.EXTENDED),
        ("Ana Ruiz Holt", "Holt", Fit.FAMILY),
        # Particles.
        ("Pieter van der Steen", "Van der Steen", Fit.FAMILY),
        ("Nabil al-Sabri", "Nabil Sabri", Fit.SAME),
        ("Al Holt", "Al Holt", Fit.SAME),
        ("Al Holt", "Nell Holt", None),
        # A name in two words or in one, a woman's form, a place behind.
        ("Hosni Abdel-Rauf", "Hosni Abdel Raouf", Fit.SAME),
        ("Ottavio Bergonzi", "Ottavia Bergonzi", None),
        ("Gabriel Ledoux", "Gabrielle Ledoux", None),
        ("Sergei Holt", "Sergey Holt", Fit.SAME),
        ("Lord Aldham of Westmere", "Lord Aldham", Fit.SINGLE),
    ],
)
def test_names_that_can_be_one_persons(one: str, other: str, fit: Fit | None) -> None:
    assert agree(one, other) is fit


_NAMES = st.lists(
    st.sampled_from(
        (
            "Ana",
            "Bill",
            "William",
            "Müller",
            "Mueller",
            "al-Sabri",
            "van",
            "Holt",
            "Jr.",
            "Dr.",
            "J.",
            "Kim",
        )
    ),
    min_size=1,
    max_size=4,
).map(" ".join)


@given(_NAMES, _NAMES)
def test_names_that_can_be_one_persons_share_a_key(one: str, other: str) -> None:
    a, b = names.parse(one), names.parse(other)
    if agreeing.agreement(a, b) is None:
        return
    assert names.keys(a) & names.keys(b)
    if a.full and b.full:
        assert names.given_keys(a) & names.given_keys(b)


def test_a_cyrillic_letter_is_an_h_or_a_g() -> None:
    one, other = names.parse("Oleksandr Hrynenko"), names.parse("Alexander Grinenko")
    assert agreeing.agreement(one, other)
    assert names.keys(one) & names.keys(other)


@given(st.text(max_size=20))
def test_any_text_is_a_name(text: str) -> None:
    parsed = names.parse(text)
    assert parsed.parts
    assert agree(text, text) is not None


@given(st.lists(_NAMES, min_size=1, max_size=12))
def test_bearers_are_those_whose_names_agree(called: list[str]) -> None:
    found = Bearers[int]()
    for number, name in enumerate(called):
        found.add(number, [names.parse(name)])
    for name in called:
        agreeing_ones = [
            number
            for number, other in enumerate(called)
            if agreeing.agreement(names.parse(name), names.parse(other))
        ]
        assert found.near([names.parse(name)]) == agreeing_ones


def test_who_is_gone_bears_no_name() -> None:
    found = Bearers[str]()
    name = names.parse("Ana Holt")
    found.add("one", [name])
    found.add("other", [names.parse("A. Holt")])
    found.remove("one", [name])
    assert found.near([name]) == ["other"]


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Zelensky", "Zelenskyy", True),
        ("Gorbachev", "Gorbachov", True),
        ("Hansen", "Hanson", False),
        ("Maria", "Mario", False),
        ("Tchaikovsky", "Chaikovsky", True),
        ("Nguyễn", "Nguyen", True),
    ],
)
def test_spellings_of_one_name(one: str, other: str, alike: bool) -> None:
    assert spelling.alike(one, other) is alike


@pytest.mark.parametrize(
    ("role", "offices", "special", "countries"),
    [
        ("Norwegian fisheries minister", {"minister"}, {"fisher"}, {"norway"}),
        ("minister of fisheries", {"minister"}, {"fisher"}, set()),
        ("CEO of Lumo", {"chief_executive"}, {"lumo"}, set()),
        ("chief executive, Lumo", {"chief_executive"}, {"lumo"}, set()),
        ("Sen.", {"senator"}, set(), set()),
        ("U.S. Attorney General", {"attorney_general"}, set(), {"united_states"}),
        ("spokeswoman for the World Trade Organization", {"spokesman"},
         {"world", "trade", "wto"}, set()),
        ("older brother", set(), {"older"}, set()),
        ("polish maker", set(), {"polish"}, set()),  # no capital, so no country
        ("lawyer for the victims", {"lawyer"}, {"victim"}, set()),
        ("the victim's lawyer", {"lawyer"}, {"victim"}, set()),
        ("head of the refugee agency", {"chief"}, {"refuge"}, set()),
        ("ex-president", {"president"}, set(), set()),
        ("president-elect", {"president"}, set(), set()),
        ("president of the chess federation", {"chairman"}, {"ches"}, set()),
        ("Munich orchestra", set(), {"munich"}, set()),  # one may work there and be from elsewhere
    ],
)  # fmt: skip
def test_what_a_role_tells(
    role: str, offices: set[str], special: set[str], countries: set[str]
) -> None:
    found = signs.of_role(role)
    assert found.offices == offices
    assert found.special == special
    assert found.countries == countries


@pytest.mark.parametrize(
    ("role", "genders"),
    [("German chancellor", set()), ("chairwoman", {"female"}), ("policeman", {"male"})],
)
def test_the_gender_that_a_role_tells(role: str, genders: set[str]) -> None:
    assert {each.value for each in signs.of_role(role).genders} == genders


def test_a_body_tells_the_field_where_no_office_does() -> None:
    assert signs.of_role("Supreme Court nominee").fields == {"law"}
    assert signs.of_role("mayor and club member").fields == {"politics"}


@pytest.mark.parametrize(
    ("role", "of_state"),
    [
        ("president of the Lumo Society", False),
        ("president of Honduras", True),
        ("president", True),
    ],
)
def test_a_president_of_a_named_body_is_no_head_of_state(role: str, of_state: bool) -> None:
    assert ("president" in signs.of_role(role).offices) is of_state


def test_a_city_tells_the_country_around() -> None:
    assert signs.of_role("curator in Munich").around == {"germany"}


def test_names_that_a_longer_one_bridges_do_not_contradict_each_other() -> None:
    def known(*texts: str) -> profile.Profile:
        return profile.Profile(Counter(names.parse(text) for text in texts))

    one = known("Ann Lee")
    assert name_sets.best_agreement(one, known("Ann Ray")) is None
    assert name_sets.best_agreement(one, known("Ann Ray", "Ann Lee-Ray")) is not None
    initial = known("A. Lee", "Anita Lee")
    assert name_sets.best_agreement(known("Adam Lee"), initial) is None


@pytest.mark.parametrize(
    ("first", "later", "ways"),
    [
        ("goalkeeper", "lawmaker", {"onward"}),
        ("lawmaker", "goalkeeper", {"backward"}),
        ("lawyer", "banker", set()),
    ],
)
def test_trades_follow_each_other_mostly_one_way(first: str, later: str, ways: set[str]) -> None:
    def speaker(role: str, year: int) -> profile.Profile:
        day = datetime.date(year, 3, 2)
        return profile.of_voice(
            voices.Voice("Mara Olsen", roles=((voices.Held(role), 1),), day=day, last_day=day)
        )

    one, other = speaker(later, 2015), speaker(first, 2005)
    names_agree = name_sets.best_agreement(one, other)
    assert names_agree
    told = evidence.evidence(one, other, names_agree)
    assert {way for way in ("onward", "backward") if told.get(f"career {way}")} == ways


def said(
    position: int,
    speaker: str | None,
    role: str = "",
    *,
    organization: str = "",
    status: str = "current",
    day: str | None = "2021-03-02",
    title: str = "",
    kind: str = "person",
    speaker_id: str = "p1",
) -> Statement:
    return Statement(
        source="a.parquet",
        position=position,
        speaker_id=speaker_id if speaker else None,
        speaker=speaker,
        speaker_type=kind if speaker else None,
        role=role or None,
        role_organization=organization or None,
        role_status=status if role else None,
        anchor_date=datetime.date.fromisoformat(day) if day else None,
        title=title or None,
        content="it will rain",
    )


def found(*statements: Statement, table: Sequence[Known] = ()) -> list[set[int]]:
    """The articles of each person, those with the first article first."""
    people = persons(statements, table)
    return sorted(({member.position for member in person.members} for person in people), key=min)


@pytest.mark.parametrize(
    ("statements", "people"),
    [
        pytest.param(
            [
                said(0, "Marit Halvorsen", "mayor of Ostby", title="Ostby shuts its bridge"),
                said(1, "Halvorsen", "mayor", title="Ostby's mayor on the bridge"),
                said(2, "Lars Halvorsen", "police chief", title="Ostby police seek witness"),
            ],
            [{0, 1}, {2}],
            id="two Halvorsens",
        ),
        pytest.param(
            [
                said(0, "Bernhard Auer", "interior minister"),
                said(1, "Gernot Wiesinger", "interior minister", day="2022-03-02"),
                said(2, "Bernhard Auer", "former interior minister", status="former",
                     day="2022-05-02"),
            ],
            [{0, 2}, {1}],
            id="a minister and his successor",
        ),
        pytest.param(
            [
                said(0, "Anna Lind", "Swedish culture minister"),
                said(1, "Anna Lind", "Norwegian culture minister"),
                said(2, "Anna Lind", "Norway's culture minister"),
            ],
            [{0}, {1, 2}],
            id="one name and office in two countries",
        ),
        pytest.param(
            [
                said(0, "Tom Holt Sr.", "governor", title="Enwe dam opens"),
                said(1, "Tom Holt Jr.", "governor", title="Enwe dam to be rebuilt"),
            ],
            [{0}, {1}],
            id="father and son",
        ),
        pytest.param(
            [
                said(0, "John Smith", "farmer", title="Corn withers"),
                said(1, "John Smith", "actor", title="A festival opens"),
            ],
            [{0}, {1}],
            id="a frequent name in two fields",
        ),
        pytest.param(
            [
                said(0, "Mara Olsen", "banker", title="Bank closes"),
                said(1, "Mara Olsen", "banker", title="Bank closes", speaker_id="p2"),
                said(1, "Nils Olsen", "banker", title="Bank closes", speaker_id="p1"),
                said(2, "Olsen", title="What they said"),
            ],
            [{0, 1}, {1}, {2}],
            id="a family name that is two people's",
        ),
        pytest.param(
            [said(0, "officials", kind="group"), said(1, "officials", kind="group"),
             said(2, None), said(3, "a source", kind="unnamed")],
            [],
            id="nobody who could be found again",
        ),
        pytest.param(
            [said(0, "The Red Cross", kind="organization"), said(1, "Red Cross",
             kind="organization"), said(2, "Red Crescent", kind="organization")],
            [{0, 1}, {2}],
            id="bodies by their names",
        ),
    ],
)  # fmt: skip
def test_who_is_who(statements: list[Statement], people: list[set[int]]) -> None:
    assert found(*statements) == people


def test_person_tells_roles_over_time() -> None:
    (person,) = persons(
        [
            said(0, "Carol Henn", "state senator", day="2009-02-14", title="Dakota school bill"),
            said(1, "Carol Henn", "governor of Dakota", organization="Dakota", day="2014-11-20",
                 title="Dakota flood"),
            said(1, "Carol Henn", "Dakota governor", day="2014-11-20", title="Dakota flood"),
            said(2, "Gov. Carol Henn", "governor of Dakota", organization="Dakota",
                 day="2015-05-01", title="Dakota farms"),
        ]
    )  # fmt: skip
    assert (person.person_id, person.display_name) == ("carol-henn", "Carol Henn")
    assert (person.statements, person.articles) == (4, 3)
    told = [(r.role, str(r.first_day), str(r.last_day), r.statements) for r in person.roles]
    assert told == [
        ("state senator", "2009-02-14", "2009-02-14", 1),
        ("governor of Dakota", "2014-11-20", "2015-05-01", 3),
    ]


def test_possible_matches_are_listed() -> None:
    people = persons(
        [
            said(0, "Mara Olsen", "banker", title="Bank closes"),
            said(1, "Nils Olsen", "banker", title="Bank closes"),
            said(2, "Olsen", "banker", title="Bank closes"),
        ]
    )
    alone = next(person for person in people if person.display_name == "Olsen")
    assert set(alone.maybe) == {"mara-olsen", "nils-olsen"}


def test_ids_do_not_depend_on_what_comes_later() -> None:
    first = [said(0, "Anna Lind", "Swedish minister"), said(1, "Anna Lind", "Norwegian minister")]
    later = [*first, said(2, "Anna Lind", "Finnish judge", day="2023-01-01")]
    ids = {p.members[0]: p.person_id for p in persons(first)}
    assert ids == {
        Member("a.parquet", 0, "p1"): "anna-lind",
        Member("a.parquet", 1, "p1"): "anna-lind-2",
    }
    assert ids.items() <= {p.members[0]: p.person_id for p in persons(later)}.items()


OLSEN = Known("Mara Olsen", ("Olsen",), (), {"wikidata": "Q1"})


@pytest.mark.parametrize(
    ("table", "people"),
    [
        ([], [{0}, {1}, {2}]),
        # Nothing but the name, so whoever has it is meant.
        ([OLSEN], [{0, 1, 2}]),
        # Roles distinguish two with one name; a speaker with none of them is not in the table.
        (
            [
                Known("Mara Olsen", (), ("farmer",), {"wikidata": "Q1"}),
                Known("Mara Olsen", (), ("actress",), {"wikidata": "Q2"}),
            ],
            [{0}, {1}, {2}],
        ),
    ],
)
def test_table_wins(table: list[Known], people: list[set[int]]) -> None:
    statements = [
        said(0, "Mara Olsen", "farmer", title="Corn withers"),
        said(1, "Mara Olsen", "actress", title="A festival opens", day="2001-01-01"),
        said(2, "Olsen", title="Letters"),
    ]
    assert found(*statements, table=table) == people
    ids = [p.external_ids for p in persons(statements, table) if p.external_ids]
    assert sorted(each["wikidata"] for each in ids) == sorted(k.ids["wikidata"] for k in table)


def test_name_of_the_table_is_shown() -> None:
    (person,) = persons([said(0, "Olsen")], [OLSEN])
    assert (person.display_name, person.aliases) == ("Mara Olsen", ("Olsen",))


CSV = "name,aliases,roles,wikidata\nMara Olsen,Olsen; M. Olsen,Danish minister,Q1\nTeo Marsh,,,\n"
TOML = """
[[person]]
name = "Mara Olsen"
aliases = ["Olsen", "M. Olsen"]
roles = ["Danish minister"]
ids = { wikidata = "Q1" }
[[person]]
name = "Teo Marsh"
"""


@pytest.mark.parametrize(("name", "text"), [("people.csv", CSV), ("people.toml", TOML)])
def test_table_is_read(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    assert read(path) == [
        Known("Mara Olsen", ("Olsen", "M. Olsen"), ("Danish minister",), {"wikidata": "Q1"}),
        Known("Teo Marsh"),
    ]


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("people.json", "{}", "ends in '.json'; give a .csv or a .toml file"),
        ("people.csv", "names\nMara\n", "has no column name"),
        ("people.csv", "", "has no column name"),
        ("people.csv", "name,wikidata\nMara\n", "line 2: has a different number of values"),
        ("people.csv", "name,wikidata\n,Q1\n", "line 2: has no name"),
        ("people.csv", "name,wikidata\nMara,1\n", "line 2: wikidata is '1'; give an item"),
        ("people.csv", "name,wikidata\nMara,Q1\nTeo,Q1\n", "line 3: wikidata Q1 is also used by"),
        ("people.toml", "person = 1", "may only have a [[person]]"),
        ("people.toml", "[[person]]\nrole = []", "person 1: has role; use only name"),
        ("people.toml", '[[person]]\nname = "A"\naliases = "B"', "person 1: aliases is 'B'"),
        ("people.toml", '[[person]]\nname = "A"\nids = { a = 1 }', "person 1: ids is not"),
        ("people.toml", "[[person]]\nname = 1", "person 1: name is 1; give a text"),
        ("people.toml", "[[", "is not TOML"),
    ],
)
def test_bad_table_is_reported(tmp_path: Path, name: str, text: str, told: str) -> None:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    with pytest.raises(BadTable, match=r"people") as raised:
        read(path)
    assert told in str(raised.value)


def test_table_that_is_not_utf_8_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes(b"name\nJ\xf6rg\n")
    with pytest.raises(BadTable, match="is not UTF-8"):
        read(path)


def test_fields_are_plain() -> None:
    day = datetime.date(2021, 3, 2)
    assert people_fields(Person("a", "A", "person", first_day=day))["first_day"] == "2021-03-02"


def told_of(name: str, *roles: str) -> dict[str, float]:
    """The evidence of two speakers of one name, some years apart, by their roles."""
    one, other = (
        profile.of_voice(
            voices.Voice(name, roles=((voices.Held(role), 1),), day=day, last_day=day, title=title)
        )
        for role, day, title in (
            (roles[0], datetime.date(2005, 3, 2), "Club loses its goalkeeper"),
            (roles[1], datetime.date(2015, 3, 2), "Budget passes"),
        )
    )
    agreed = name_sets.best_agreement(one, other)
    assert agreed
    return dict(evidence.evidence(one, other, agreed))


def test_what_speaks_against_one_person_is_told_by_itself_of_rare_names() -> None:
    rare = told_of("Kestutis Vaitiekaitis", "goalkeeper", "lawmaker")
    frequent = told_of("Peter Smith", "goalkeeper", "lawmaker")
    assert rare["other field"] == frequent["other field"] == 1
    assert rare["rare family name"] > 1 > frequent["rare family name"]
    assert rare["rare, other field"] > frequent["rare, other field"]
    assert rare["rare given name"] > frequent["rare given name"]


def test_what_a_life_may_have_is_told_by_itself_after_years() -> None:
    apart = told_of("Peter Smith", "goalkeeper", "lawmaker")
    for key in ("one life", "two lives"):
        assert apart.get(f"{key}, gap", 0.0) == pytest.approx(apart[key] * apart["gap"])
        assert f"{key}, same weeks" not in apart
