"""Where the words of a quotation are among those of a statement."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quoth_server.archive.alignment import align

WORDS = st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=12)


def shown(quoted: str, said: str) -> str:
    """The words that lie beside one another, `-` where there is none; in capitals if the same."""
    first, second = quoted.split(), said.split()
    aligned = align(first, second)
    parts = []
    for step in aligned.steps:
        mine = "-" if step.quoted is None else first[step.quoted]
        theirs = "-" if step.said is None else second[step.said]
        parts.append(mine.upper() if step.same else f"{mine}/{theirs}")
    return f"{aligned.cost} {' '.join(parts)}"


@pytest.mark.parametrize(
    ("quoted", "said", "expected"),
    [
        ("b c", "a b c d", "0 B C"),
        ("b x d", "a b c d e", "1 B x/c D"),
        ("b d", "a b c d e", "1 B -/c D"),
        ("b x c", "a b c d", "1 B x/- C"),
        ("x c d", "b c d", "1 x/b C D"),
        ("c d x", "c d e", "1 C D x/e"),
        ("c d x", "b c d", "1 C D x/-"),
        # An ellipsis costs nothing, however many words it stands for.
        ("a … e", "a b c d e", "0 A E"),
        ("a … b", "a b", "0 A B"),
        # Brackets stand for a few words, or for none.
        ("a [] d", "a b c d", "0 A D"),
        ("a [] b", "a b", "0 A B"),
        ("a [] b", "a 1 2 3 4 5 6 7 b", "1 A -/1 B"),
        ("x y", "a", "2 x/- y/a"),
        ("a", "", "1 a/-"),
    ],
)
def test_the_fewest_words_differ(quoted, said, expected):
    assert shown(quoted, said) == expected


@given(WORDS, WORDS, WORDS)
def test_words_that_are_there_cost_nothing(before, quoted, after):
    aligned = align(quoted, before + quoted + after)
    assert aligned.cost == 0
    assert aligned.same == len(quoted)


@given(WORDS, WORDS)
def test_the_cost_is_that_of_the_steps(quoted, said):
    aligned = align(quoted, said)
    assert aligned.cost == sum(not step.same for step in aligned.steps) <= len(quoted)
    assert [step.quoted for step in aligned.steps if step.quoted is not None] == list(
        range(len(quoted))
    )
    places = [step.said for step in aligned.steps if step.said is not None]
    assert places == list(range(aligned.start, aligned.end))
    for step in aligned.steps:
        if step.same:
            assert quoted[step.quoted] == said[step.said]
