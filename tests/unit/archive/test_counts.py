"""How many statements there are, by month, type and person; and the statements of an article."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from quoth import v1
from quoth_server.archive.archive import View, opened
from quoth_server.archive.counts import count
from quoth_server.archive.question import Question
from quoth_server.archive.register import Register, register
from tests.unit.archive.made import archive

MAY, JUNE = (2026, 5), (2026, 6)


@pytest.fixture(scope="module")
def view(tmp_path_factory: pytest.TempPathFactory) -> View:
    return opened(archive(tmp_path_factory.mktemp("counts") / "a.parquet"))


@pytest.fixture(scope="module")
def known(view: View) -> Register:
    return register(view)


def by_month(counts: Iterable[v1.MonthCount]) -> dict[tuple[int, int], int]:
    return {(each.month.year, each.month.month): each.statements for each in counts}


def test_all_are_counted(view: View, known: Register) -> None:
    found = count(view.columns, known, None, 10)
    assert found.total_size == 5
    assert [(each.type, each.statements) for each in found.speaker_types] == [
        (v1.SpeakerType.SPEAKER_TYPE_PERSON, 3),
        (v1.SpeakerType.SPEAKER_TYPE_ORGANIZATION, 1),
        (v1.SpeakerType.SPEAKER_TYPE_UNNAMED, 1),
    ]
    assert by_month(found.months) == {MAY: 1, JUNE: 4}
    people = [
        (each.person.display_name, each.statements, by_month(each.months)) for each in found.people
    ]
    assert people[0] == ("Mara Olsen", 2, {MAY: 1, JUNE: 1})
    assert sorted(name for name, _, _ in people[1:]) == ["Harbor Trust", "Teo Marsh"]


@pytest.mark.parametrize(
    ("question", "total", "months"),
    [
        (Question(contains="repairs"), 1, {JUNE: 1}),
        (Question(speaker="olsen"), 2, {MAY: 1, JUNE: 1}),
        (Question(speaker_types=["unnamed"]), 1, {JUNE: 1}),
        (Question(speaker="nobody"), 0, {}),
    ],
)
def test_those_asked_for_are_counted(
    view: View, known: Register, question: Question, total: int, months: dict[tuple[int, int], int]
) -> None:
    found = count(view.columns, known, view.numbers(question), 10)
    assert (found.total_size, by_month(found.months)) == (total, months)


def test_people_are_as_many_as_asked_for(view: View, known: Register) -> None:
    assert [each.statements for each in count(view.columns, known, None, 1).people] == [2]


@pytest.mark.parametrize(
    ("number", "article"), [(0, range(1)), (1, range(1, 3)), (2, range(1, 3)), (4, range(3, 5))]
)
def test_an_article_is_all_of_its_statements(view: View, number: int, article: range) -> None:
    assert view.rows.article(number) == article
