"""From scores to attributions, on scores made by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quoth_server.engine.attributions.decoding import TAGS, Scores, decode, propose

LETTERS = {"O": "O", "S": "B-source", "s": "I-source", "C": "B-cue", "c": "I-cue",
           "Q": "B-content", "q": "I-content"}  # fmt: skip


def scores(
    tags: str,
    cue_of: dict[int, int] | None = None,
    source_of: dict[int, int] | None = None,
    sure: float = 0.9,
) -> Scores:
    """One letter a word (see LETTERS), and where words point; the others point to none."""
    rest = (1.0 - sure) / (len(TAGS) - 1)
    table = np.full((len(tags), len(TAGS)), np.log(rest), dtype=np.float32)
    for word, letter in enumerate(tags):
        table[word, TAGS.index(LETTERS[letter])] = np.log(sure)

    def pointer(heads: dict[int, int] | None) -> np.ndarray:
        return np.array([[(heads or {}).get(word, -1)] for word in range(len(tags))])

    masses = np.full((len(tags), 1), sure, dtype=np.float32)
    return Scores(table, pointer(cue_of), masses, pointer(source_of), masses)


def heads(words: range | list[int], head: int) -> dict[int, int]:
    return dict.fromkeys(words, head)


def test_content_cue_and_source_are_linked() -> None:
    (found,) = decode(scores("SsCOQqq", heads([4, 5, 6], 2), {2: 0}))
    assert found.content == ((4, 7),)
    assert found.cue == (2, 3)
    assert found.source == (0, 2)
    assert 0.5 < found.score < 0.9


def test_a_split_quotation_is_one_attribution() -> None:
    (found,) = decode(scores("QqSCQq", heads([0, 1, 4, 5], 3), {3: 2}))
    assert found.content == ((0, 2), (4, 6))


def test_content_is_split_at_a_paragraph_boundary() -> None:
    (found,) = decode(scores("SCQqqq", heads([2, 3, 4, 5], 1), {1: 0}), starts=[0, 4])
    assert found.content == ((2, 4), (4, 6))


def test_a_segment_that_does_not_continue_the_cue_is_a_separate_attribution() -> None:
    first, second = decode(scores("SCQqqqOC", heads([2, 3], 1) | heads([4, 5], 7)), starts=[4])
    assert (first.content, second.content) == (((2, 4),), ((4, 6),))
    assert (first.cue, second.cue) == ((1, 2), (7, 8))


def test_two_cues_may_share_a_source() -> None:
    first, second = decode(scores("SCQqOCQq", heads([2, 3], 1) | heads([6, 7], 5), {1: 0, 5: 0}))
    assert first.source == second.source == (0, 1)
    assert (first.cue, second.cue) == ((1, 2), (5, 6))


def test_content_without_a_cue_stands_alone() -> None:
    (found,) = decode(scores("OQqqO"))
    assert (found.content, found.cue, found.source) == (((1, 4),), None, None)


def test_an_untagged_word_that_content_points_to_becomes_its_cue() -> None:
    (found,) = decode(scores("SOQqq", heads([2, 3, 4], 1), {1: 0}))
    assert (found.cue, found.source) == ((1, 2), (0, 1))


def test_a_cue_without_a_source() -> None:
    (found,) = decode(scores("CQq", heads([1, 2], 0)))
    assert (found.cue, found.source) == ((0, 1), None)


def test_a_cue_without_content_is_nothing() -> None:
    assert decode(scores("SCO", {}, {1: 0})) == ()


def test_most_mass_decides() -> None:
    (found,) = decode(scores("CQqqOC", {1: 0, 2: 5, 3: 5}))
    assert found.cue == (5, 6)


def test_an_inside_tag_never_starts_a_segment() -> None:
    for found in decode(scores("OqqCcO", heads([1, 2], 3), sure=0.4)):
        assert found.content[0][0] >= 0


def test_a_quotation_that_is_mostly_content_is_content_throughout() -> None:
    ragged = scores("QqOOqqqqSC", heads([0, 1, 4, 5, 6, 7], 9), {9: 8})
    assert decode(ragged)[0].content != ((0, 8),)
    (found,) = decode(ragged, quoted=[(0, 8)])
    assert found.content == ((0, 8),)


@pytest.mark.parametrize(
    ("tags", "quoted"),
    [("OOQqOOOOSC", (0, 8)), ("OQqqqSC", (0, 5))],
    ids=["hardly content", "short"],
)
def test_a_quotation_that_is_hardly_content_or_short_is_left_alone(
    tags: str, quoted: tuple[int, int]
) -> None:
    cue = len(tags) - 1
    made = scores(tags, heads([1, 2, 3, 4], cue))
    (found,) = decode(made, quoted=[quoted])
    assert found == decode(made)[0]
    assert found.content[0] != quoted


def test_an_empty_document() -> None:
    none = np.zeros((0, 1))
    assert decode(Scores(np.zeros((0, 7), dtype=np.float32), none, none, none, none)) == ()


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10_000), count=st.integers(1, 60))
def test_whatever_the_scores_attributions_are_sound(seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    tags = rng.dirichlet(np.ones(len(TAGS)) * 0.3, size=count)
    pointers = [rng.integers(-1, count, size=(count, 3)) for _ in range(2)]
    masses = [rng.dirichlet(np.ones(3), size=count).astype(np.float32) for _ in range(2)]
    logs = np.log(tags + 1e-9).astype(np.float32)
    random_scores = Scores(logs, pointers[0], masses[0], pointers[1], masses[1])
    used: set[int] = set()
    for found in decode(random_scores, quoted=[(0, count // 2)] if count > 1 else []):
        assert found.content
        assert 0.0 <= found.score <= 1.0
        assert list(found.content) == sorted(found.content)
        for first, last in found.content:
            assert 0 <= first < last <= count
            assert not used.intersection(range(first, last))
            used.update(range(first, last))
        for part in (found.cue, found.source):
            assert part is None or 0 <= part[0] < part[1] <= count


def unsure(tags: str, words: range, outside: float, **pointers: dict[int, int]) -> Scores:
    """As `scores`, but some words are outside with a probability, else what their letter says."""
    found = scores(tags, **pointers)
    for word in words:
        found.tags[word] = np.log(1e-4)
        found.tags[word, TAGS.index("O")] = np.log(outside)
        found.tags[word, TAGS.index(LETTERS[tags[word]])] = np.log(1.0 - outside)
    return found


def test_what_is_less_likely_is_proposed_where_nothing_is_found() -> None:
    given = unsure(
        "SCQqOSCQq",
        range(5, 9),
        0.7,
        cue_of=heads([2, 3], 1) | heads([7, 8], 6),
        source_of={1: 0, 6: 5},
    )
    (sure,) = decode(given)
    assert propose(given)[0] == sure
    assert [each.content for each in propose(given)] == [((2, 4),), ((7, 9),)]


def test_what_is_unlikely_is_not_proposed() -> None:
    given = unsure("SCQq", range(4), 0.95, cue_of=heads([2, 3], 1), source_of={1: 0})
    assert propose(given) == ()


def test_what_is_proposed_leaves_what_is_found_as_it_is() -> None:
    given = unsure("SCQqq", range(4, 5), 0.7, cue_of=heads([2, 3, 4], 1), source_of={1: 0})
    assert propose(given) == decode(given)
    assert propose(given)[0].content == ((2, 4),)
