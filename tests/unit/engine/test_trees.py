"""Whatever the scores: every sentence is one tree."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quoth_server.engine.trees import one_subject, trees

NONE = -1


def found(heads: list[list[int]], masses: list[list[float]], begins: set[int]) -> list[int]:
    starts = np.array([at in begins for at in range(len(heads))], dtype=bool)
    made: list[int] = trees(
        np.array(heads, dtype=np.int64).reshape(len(heads), len(heads and heads[0])),
        np.array(masses, dtype=np.float32).reshape(len(heads), len(heads and heads[0])),
        starts,
    ).tolist()
    return made


@pytest.mark.parametrize(
    ("heads", "masses", "begins", "expected"),
    [
        ([], [], set(), []),
        ([[NONE]], [[1.0]], {0}, [0]),
        # "She said it": each word has the head that it likes best.
        ([[1, NONE], [NONE, 0], [1, 0]], [[0.9, 0.1], [0.8, 0.2], [0.7, 0.3]], {0}, [1, 1, 1]),
        # Two would be roots: the likelier one is, and the other takes its next choice.
        ([[NONE, 1], [NONE, 0]], [[0.6, 0.4], [0.9, 0.1]], {0}, [1, 1]),
        # None would be: the one that is most likely to.
        ([[1, NONE], [0, NONE]], [[0.9, 0.1], [0.8, 0.2]], {0}, [1, 1]),
        # A head in another sentence does not count.
        ([[1, NONE], [0, NONE]], [[0.9, 0.1], [0.8, 0.2]], {0, 1}, [0, 1]),
        # A word without a head in its sentence hangs on the root.
        ([[NONE, 1], [3, 2], [NONE, 0], [NONE, 1]], [[0.9, 0.1]] * 4, {0, 2}, [0, 0, 2, 2]),
        # Words 1 and 2 are a cycle: the one that leads to the root with less loss does.
        (
            [[NONE, 1], [2, 0], [1, 0]],
            [[0.9, 0.1], [0.7, 0.3], [0.9, 0.1]],
            {0},
            [0, 0, 1],
        ),
        # A cycle from which nothing leads to the root: its first word hangs on the root.
        ([[NONE, 0], [2, 1], [1, 2]], [[1.0, 0.0]] * 3, {0}, [0, 0, 1]),
    ],
)
def test_trees(
    heads: list[list[int]], masses: list[list[float]], begins: set[int], expected: list[int]
) -> None:
    assert found(heads, masses, begins) == expected


@st.composite
def scored(draw: st.DrawFn) -> tuple[list[list[int]], list[list[float]], set[int]]:
    count = draw(st.integers(1, 25))
    heads = st.lists(st.integers(NONE, count - 1), min_size=3, max_size=3)
    masses = st.lists(st.floats(0, 1, width=32), min_size=3, max_size=3)
    return (
        draw(st.lists(heads, min_size=count, max_size=count)),
        draw(st.lists(masses, min_size=count, max_size=count)),
        draw(st.sets(st.integers(0, count - 1))),
    )


@given(scored())
def test_every_word_leads_to_the_one_root_of_its_sentence(
    case: tuple[list[list[int]], list[list[float]], set[int]],
) -> None:
    heads, masses, begins = case
    made = found(heads, masses, begins)
    starts = sorted(begins | {0})
    for first, end in zip(starts, [*starts[1:], len(made)], strict=True):
        roots = [word for word in range(first, end) if made[word] == word]
        assert len(roots) == 1
        for word in range(first, end):
            at = word
            for _ in range(first, end):
                at = made[at]
            assert at == roots[0]


@pytest.mark.parametrize(
    ("heads", "subjects", "kept"),
    [
        ([1, 1, 1], [0], [0]),  # "Lund said so"
        ([0, 0], [1], [1]),  # "said Lund"
        ([1, 1, 1], [0, 2], [0]),  # "Reuters quoted Lund"
        ([2, 2, 2], [0, 1], [0, 1]),  # both before it
        ([1, 1, 3, 3], [0, 2], [0, 2]),  # of two verbs
        ([0], [], []),
    ],
)
def test_a_verb_has_one_subject(heads: list[int], subjects: list[int], kept: list[int]) -> None:
    labeled = np.isin(np.arange(len(heads)), subjects)
    found = one_subject(np.array(heads), labeled)
    assert np.flatnonzero(found).tolist() == kept
