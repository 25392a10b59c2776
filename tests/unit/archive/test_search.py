"""Statements of an archive that are asked for, in order."""

from __future__ import annotations

import datetime

import pytest

from quoth_server.archive.archive import opened
from quoth_server.archive.errors import BadQuestion
from quoth_server.archive.question import Order, Question
from tests.unit.archive.archives import row, write

ROWS = [
    row(0, "We will cut taxes next year", speaker="Angela Merkel", role="Foreign minister",
        role_organization="Foreign Ministry", anchor_date="2019-05-01"),
    row(1, "Taxes will not be cut", speaker="Łukasz Wałęsa", kind="indirect", confidence=0.4,
        anchor_date="2019-05-01", date="2019-04-30", date_from="2019-04-30", date_to="2019-04-30"),
    row(2, "Nobody cuts the tax", speaker="the council", speaker_type="organization",
        anchor_date="2018-01-01", factuality="denied"),
    row(3, "It was in May", speaker="Merkelson", date="2019-05", date_from="2019-05-01",
        date_to="2019-05-31"),
    row(4, "No day is known", speaker="Jean-Luc Ames", confidence=None),
]  # fmt: skip


@pytest.fixture(scope="module")
def view(tmp_path_factory):
    return opened(write(tmp_path_factory.mktemp("search") / "a.parquet", ROWS))


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("question", "numbers"),
    [
        (Question(), [0, 1, 2, 3, 4]),
        (Question(contains="cut"), [0, 1]),
        (Question(contains="cut taxes"), [0]),
        (Question(contains="CUT, taxes!"), [0]),
        (Question(contains="taxes cut"), []),
        (Question(contains="tax*"), [0, 1, 2]),
        (Question(contains="cut tax*"), [0]),
        (Question(contains="cut* the tax"), [2]),
        (Question(speaker="merkel"), [0]),
        (Question(speaker="Merkel*"), [0, 3]),
        (Question(speaker="Merkel Angela"), [0]),
        (Question(speaker="walesa"), [1]),
        (Question(speaker="Jean Luc"), [4]),
        (Question(speaker="jean-luc ames"), [4]),
        (Question(role="minister"), [0]),
        (Question(organization="ministry foreign"), [0]),
        (Question(kinds=("indirect",)), [1]),
        (Question(kinds=("indirect", "direct")), [0, 1, 2, 3, 4]),
        (Question(speaker_types=("organization",)), [2]),
        (Question(factualities=("denied", "negated")), [2]),
        (Question(article_id="a1"), [2, 3]),
        (Question(since=day("2019-05-01")), [0, 3]),
        (Question(since=day("2019-05-20")), [3]),
        (Question(until=day("2019-04-30")), [1, 2]),
        (Question(since=day("2019-04-30"), until=day("2019-04-30")), [1]),
        (Question(min_confidence=0.9), [0, 2, 3]),
        (Question(min_confidence=0.0), [0, 1, 2, 3]),
        (Question(numbers=[1, 4, 9]), [1, 4]),
        (Question(numbers=[]), []),
        (Question(after=2), [3, 4]),
        (Question(contains="cut", speaker="merkel"), [0]),
        (Question(contains="cut", speaker="council"), []),
        # Nothing in a text is an expression.
        (Question(contains='cut" OR "day'), []),
        (Question(speaker="m.rkel"), []),
        (Question(speaker="(merkel"), [0]),
    ],
)
def test_all_that_is_asked_for_must_hold(view, question, numbers):
    assert view.index.search(question, Order.ARCHIVE, limit=9) == (numbers, len(numbers))


@pytest.mark.parametrize(
    ("order", "numbers"),
    [
        (Order.ARCHIVE, [0, 1, 2, 3, 4]),
        (Order.NEWEST, [0, 3, 1, 2, 4]),
        (Order.OLDEST, [2, 1, 0, 3, 4]),
    ],
)
def test_what_has_no_day_comes_last(view, order, numbers):
    assert view.index.search(Question(), order, limit=9) == (numbers, 5)
    assert view.index.search(Question(), order, limit=2, offset=1) == (numbers[1:3], 5)
    assert view.index.search(Question(), order, limit=2, offset=5) == ([], 5)


@pytest.mark.parametrize("field", ["contains", "speaker", "role", "organization"])
@pytest.mark.parametrize("text", [" ", "*", "…"])
def test_a_text_without_a_word_is_refused(view, field, text):
    with pytest.raises(BadQuestion) as refused:
        view.index.search(Question(**{field: text}), Order.NEWEST, limit=9)
    assert refused.value.field == field


def test_what_shares_the_rarest_words_is_the_closest(view):
    assert view.index.closest("Will taxes be cut?", 1)[0] == 1
    assert view.index.closest("nothing of this", 5) == []
    assert view.index.closest("the tax nobody will cut", 9, "Merkel") == [0]
