"""Who did not answer, and why sources have no name: as good as it was on our own texts."""

from __future__ import annotations

from evaluation.acts.score import score


def test_as_good_as_it_was() -> None:
    silent, unnamed = score()
    assert silent.precision >= 0.94, silent.errors
    assert silent.recall >= 0.77, silent.errors
    assert silent.right >= 15, silent.errors
    assert unnamed.precision >= 0.92, unnamed.errors
    assert unnamed.recall >= 0.85, unnamed.errors
    assert unnamed.right >= 11, unnamed.errors
