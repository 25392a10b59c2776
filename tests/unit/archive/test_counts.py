"""How many statements there are, by month, type and person; and the statements of an article."""

from __future__ import annotations

import pytest

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


def test_all_are_counted(view: View, known: Register) -> None:
    found = count(view.columns(), known, None, 10)
    assert found.total == 5
    assert found.types == {"person": 3, "organization": 1, "unnamed": 1}
    assert found.months == {MAY: 1, JUNE: 4}
    people = [(known.people[at].display_name, said, of) for at, said, of in found.people]
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
    found = count(view.columns(), known, view.numbers(question), 10)
    assert (found.total, found.months) == (total, months)


def test_people_are_as_many_as_asked_for(view: View, known: Register) -> None:
    assert [said for _, said, _ in count(view.columns(), known, None, 1).people] == [2]


@pytest.mark.parametrize(
    ("number", "article"), [(0, range(1)), (1, range(1, 3)), (2, range(1, 3)), (4, range(3, 5))]
)
def test_an_article_is_all_of_its_statements(view: View, number: int, article: range) -> None:
    assert view.rows.article(number) == article
