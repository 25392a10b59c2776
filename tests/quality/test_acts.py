"""Who did not answer, and why sources have no name: as good as it was on our own texts."""

from __future__ import annotations

from evaluation.acts.score import score


def test_as_good_as_it_was() -> None:
    silent, unnamed = score()
    assert silent.precision >= 0.95, silent.errors
    assert silent.recall >= 0.86, silent.errors
    assert silent.right >= 15, silent.errors
    assert (unnamed.precision, unnamed.recall) == (1, 1), unnamed.errors
    assert unnamed.right == 14, unnamed.errors
