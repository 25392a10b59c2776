"""Reading in several processes: in order, no further ahead than needed, and nothing stays."""

from __future__ import annotations

import contextlib
import itertools
import multiprocessing
import operator
from collections.abc import Iterator

import pytest

from quoth_server.results import cores

pytestmark = pytest.mark.slow


def test_outcomes_are_in_the_order_of_the_articles_and_few_are_waited_for() -> None:
    taken: list[str] = []

    def articles() -> Iterator[str]:
        for number in itertools.count():
            taken.append(str(number))
            yield taken[-1]

    with contextlib.closing(cores.outcomes(operator.add, articles(), "z", 2)) as found:
        assert [next(found) for _ in range(20)] == [f"{number}z" for number in range(20)]
        assert len(taken) <= 20 + 2 * 4
        assert len(multiprocessing.active_children()) == 2
    assert multiprocessing.active_children() == []


def test_an_error_of_the_articles_ends_the_processes() -> None:
    def articles() -> Iterator[str]:
        yield "a"
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="gone"):
        list(cores.outcomes(operator.add, articles(), "z", 2))
    assert multiprocessing.active_children() == []


def test_there_is_a_core() -> None:
    assert cores.available() >= 1
