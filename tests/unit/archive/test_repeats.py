"""The same words in several articles."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quoth_server.archive.repeats import Change, Edit, Repeat, alike, marks, repeats
from quoth_server.archive.repeats.grouping import Joined
from quoth_server.archive.statement import Statement

BRIDGE = "the bridge is safe and it will stay open through the winter"
WATER = "nobody in this town will pay for water that they cannot drink"
REPORTED = "the council had put off the repair of the dam for three years in a row"


@dataclass
class Listed:
    """Statements in a list."""

    all: Sequence[Statement]

    def __len__(self) -> int:
        return len(self.all)

    def each(self) -> Iterator[Statement]:
        return iter(self.all)

    def statement(self, number: int) -> Statement:
        return self.all[number]


def said(
    position: int,
    content: str,
    *,
    speaker: str | None = "Mara Olsen",
    day: int | None = 1,
    kind: str = "direct",
    title: str = "",
) -> Statement:
    return Statement(
        source="a.parquet",
        position=position,
        article_id=f"a{position}",
        content=content,
        speaker=speaker,
        anchor_date=datetime.date(2024, 5, day) if day else None,
        kind=kind,
        title=title or None,
    )


def found(*statements: Statement) -> list[Repeat]:
    return list(repeats(Listed(statements)))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (BRIDGE, BRIDGE, True),
        (BRIDGE, BRIDGE.upper() + "!", True),
        (BRIDGE, "the bridge is safe", False),  # four words, which many have in common
        (BRIDGE, "the bridge is safe and it will stay open", True),
        (BRIDGE, "the bridge is safe, and will stay open through this winter", True),
        (BRIDGE, "we looked at it: the bridge is safe and it will stay open, trust me", True),
        (BRIDGE, "the tunnel is old and it must stay shut through the summer", False),
        (BRIDGE, WATER, False),
        # All the words, but strewn over a long text.
        (
            "the bridge is safe and open",
            "the mayor said the old bridge on which so many drive to work is by all that we know "
            "of it as safe as any and so it stays open",
            False,
        ),
    ],
)
def test_one_quotation(one: str, other: str, same: bool) -> None:
    assert bool(found(said(0, one), said(1, other))) is same
    assert bool(found(said(0, other), said(1, one))) is same


def test_repeat_tells_where_and_since_when() -> None:
    (each,) = found(
        said(0, BRIDGE, day=3),
        said(1, WATER, speaker="Teo Marsh"),
        said(2, BRIDGE, day=1),
        said(3, f"look, {BRIDGE}", day=None),
    )
    assert each.text == BRIDGE
    assert (each.articles, each.stories) == (3, 3)
    assert [o.statement.article_id for o in each.occurrences] == ["a2", "a0", "a3"]
    assert (each.first_day, each.last_day) == (
        datetime.date(2024, 5, 1),
        datetime.date(2024, 5, 3),
    )
    assert each.speakers == ("Mara Olsen",)


def test_repeats_of_most_articles_come_first() -> None:
    all_found = found(
        *(said(n, WATER) for n in range(2)),
        *(said(n, BRIDGE) for n in range(2, 5)),
    )
    assert [each.text for each in all_found] == [BRIDGE, WATER]


def test_one_article_is_not_a_repeat() -> None:
    assert not found(said(0, BRIDGE), said(0, BRIDGE))


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("Mara Olsen", "Olsen", True),
        ("Mara Olsen", "Teo Marsh", False),
        ("Mara Olsen", None, False),
    ],
)
def test_few_words_are_one_quotation_only_by_one_speaker(
    first: str, second: str | None, same: bool
) -> None:
    text = "we will do what we can"
    assert bool(found(said(0, text, speaker=first), said(1, text, speaker=second))) is same


def test_many_words_with_two_speakers_are_one_quotation() -> None:
    (each,) = found(said(0, BRIDGE), said(1, BRIDGE), said(2, BRIDGE, speaker="Teo Marsh"))
    assert each.speakers == ("Mara Olsen", "Teo Marsh")


def test_wordings_tell_how_they_drift() -> None:
    (each,) = found(
        said(0, "“The bridge is safe,” and it will stay open through the winter", day=1),
        said(1, "The bridge is quite safe and will stay open through the summer", day=2),
        said(2, "the bridge is safe and it will stay open", day=3),
    )
    assert [w.changes for w in each.wordings] == [
        (),
        (
            Change(Edit.ADDED, "", "quite"),
            Change(Edit.LEFT_OUT, "it", ""),
            Change(Edit.REPLACED, "winter", "summer"),
        ),
        (Change(Edit.LEFT_OUT, "through the winter", ""),),
    ]
    assert [w.first_day for w in each.wordings] == [datetime.date(2024, 5, n) for n in (1, 2, 3)]


@pytest.mark.parametrize(
    ("second", "stories"),
    [
        # Words of the reporter, and most of the shorter article.
        ([(BRIDGE, "direct", 2), (REPORTED, "indirect", 2)], 1),
        ([(BRIDGE, "direct", 9), (REPORTED, "indirect", 9)], 2),  # a week later: background
        ([(BRIDGE, "direct", 2), (WATER, "direct", 2)], 2),  # both were there
        ([(REPORTED, "indirect", 2)], 2),  # one sentence
    ],
)
def test_reprints_are_one_story(second: list[tuple[str, str, int]], stories: int) -> None:
    first = [(BRIDGE, "direct"), (WATER, "direct"), (REPORTED, "indirect")]
    all_found = found(
        *(said(0, text, kind=kind) for text, kind in first),
        *(said(1, text, kind=kind, day=day) for text, kind, day in second),
    )
    assert {each.stories for each in all_found} == {stories}


def test_one_title_and_a_statement_in_the_same_words_are_one_story() -> None:
    (each,) = found(said(0, BRIDGE, title="A bridge"), said(1, BRIDGE, title="A Bridge"))
    assert each.stories == 1


def test_nothing_is_found_in_nothing() -> None:
    assert not found()
    assert not found(said(0, ""), said(1, ""))


def test_files_are_removed(tmp_path: Path) -> None:
    assert list(repeats(Listed([said(0, BRIDGE), said(1, BRIDGE)]), tmp_path))
    assert not list(tmp_path.iterdir())


_WORDS = st.lists(st.sampled_from([f"w{n}" for n in range(30)]), min_size=7, max_size=20)


@given(_WORDS, _WORDS, _WORDS)
def test_texts_with_seven_words_in_common_share_a_mark(
    common: list[str], before: list[str], behind: list[str]
) -> None:
    found, owner = marks.marks([[*before, *common], [*common[:7], *behind]])
    assert set(found[owner == 0].tolist()) & set(found[owner == 1].tolist())


@given(st.lists(st.lists(st.sampled_from("abcdef"), max_size=9), max_size=6))
def test_marks_of_a_text_do_not_depend_on_the_others(texts: list[list[str]]) -> None:
    together, owner = marks.marks(texts)
    for number, text in enumerate(texts):
        alone, _ = marks.marks([text])
        assert together[owner == number].tolist() == alone.tolist()
        assert bool(alone.size) is (len(text) >= marks.RUN)


@given(st.integers(1, 30), st.lists(st.tuples(st.integers(0, 29), st.integers(0, 29)), max_size=40))
def test_sets_are_those_that_were_joined(count: int, pairs: list[tuple[int, int]]) -> None:
    joined = Joined(count)
    sets = [{n} for n in range(count)]
    for one, other in pairs:
        if max(one, other) < count:
            joined.join(one, other)
            if sets[one] is not sets[other]:
                sets[one] |= sets[other]
                for n in sets[other]:
                    sets[n] = sets[one]
    assert joined.labels().tolist() == [min(sets[n]) for n in range(count)]
    assert np.array_equal(joined.labels(), [joined.find(n) for n in range(count)])


@given(_WORDS, _WORDS)
def test_changes_lead_from_one_wording_to_the_other(was: list[str], now: list[str]) -> None:
    edits = alike.changes([(w, w) for w in was], [(w, w) for w in now])
    lost = sum(len(each.was.split()) for each in edits)
    new = sum(len(each.now.split()) for each in edits)
    assert len(was) - lost == len(now) - new
    assert bool(edits) is (was != now)
