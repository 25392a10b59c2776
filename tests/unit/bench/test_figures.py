from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.bench.figures import Completion, Spread, percentile, ratios, steady_rate


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [
        ([5.0], 0.5, 5.0),
        ([5.0], 0.99, 5.0),
        ([3, 1, 2], 0.5, 2),
        ([4, 3, 2, 1], 0.5, 2),
        (range(1, 101), 0.5, 50),
        (range(1, 101), 0.95, 95),
        (range(1, 101), 0.99, 99),
        (range(1, 101), 1.0, 100),
        (range(1, 1001), 0.99, 990),
    ],
)
def test_percentile(values, share, expected):
    assert percentile(list(values), share) == expected


@pytest.mark.parametrize(("values", "share"), [([], 0.5), ([1.0], 0.0), ([1.0], 1.5)])
def test_no_percentile(values, share):
    with pytest.raises(ValueError, match="percentile"):
        percentile(values, share)


@given(st.lists(st.floats(0, 1e6), min_size=1), st.floats(0.01, 1))
def test_a_percentile_is_one_of_the_values_and_parts_them(values, share):
    found = percentile(values, share)
    assert found in values
    assert sum(value <= found for value in values) >= share * len(values)
    assert sum(value < found for value in values) < share * len(values)


def test_spread():
    assert Spread.of([3.0, 1.0, 2.0, 10.0]) == Spread(2.5, 1.0, 10.0, 4)
    with pytest.raises(ValueError, match="nothing"):
        Spread.of([])


def test_ratios_are_of_pairs_and_not_of_medians():
    assert ratios([1.0, 10.0, 4.0], [1.0, 5.0, 1.0]) == Spread(2.0, 1.0, 4.0, 3)
    with pytest.raises(ValueError, match="zip"):
        ratios([1.0], [1.0, 2.0])


def test_a_steady_rate_leaves_out_the_start_and_what_came_too_late():
    done = [Completion(at, 100) for at in (3.0, 1.0, 2.0, 4.0, 9.0)]
    assert steady_rate(done, until=5.0) == 100
    assert steady_rate(done, until=10.0) == 50


@pytest.mark.parametrize("times", [[], [1.0], [1.0, 9.0], [1.0, 1.0]])
def test_no_rate_of_too_little(times):
    with pytest.raises(ValueError, match="too few"):
        steady_rate([Completion(at, 1) for at in times], until=5.0)


@pytest.mark.parametrize("workers", [1, 2, 7])
def test_the_rate_of_equal_workers_is_the_sum_of_theirs(workers):
    # Each takes a second for ten words; they do not run in step.
    done = [
        Completion(number + worker / workers, 10)
        for worker in range(workers)
        for number in range(1, 100)
    ]
    assert steady_rate(done, until=90) == pytest.approx(10 * workers)
