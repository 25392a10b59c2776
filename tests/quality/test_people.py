"""The pairs of speakers: do they hold together, and is it known who is who?"""

from __future__ import annotations

from collections import Counter

import pytest

from evaluation.people.gold import cases, pairs
from evaluation.people.score import Score, score
from quoth_server.archive.people.model import shipped


@pytest.fixture(scope="module")
def held_out() -> Score:
    return score([case for case in cases() if case.held_out], shipped())


def test_there_are_enough_pairs_and_half_of_them_tempt() -> None:
    known = [pair for case in cases() for pair in pairs(case) if pair.same is not None]
    counts = Counter(bool(pair.case.tempts) for pair in known)
    assert len(known) >= 4500
    assert counts[True] >= counts[False]
    assert 0.08 <= sum(pair.case.held_out for pair in known) / len(known) <= 0.35


def test_each_speaker_is_of_an_article_of_its_own() -> None:
    for case in cases():
        assert len(case.voices) >= 2, case.id
        assert all(len(who) == 1 for who, _ in case.voices), case.id


def test_cases_learned_from_are_known() -> None:
    learned_from = [case for case in cases() if not case.held_out]
    found = score([case for case in learned_from if case.for_bound], shipped())
    # 8-bit products are rounded differently from processor to processor: some pairs of room.
    assert found.precision >= 0.98
    assert found.recall >= 0.94
    assert score(learned_from, shipped()).precision >= 0.93


def test_cases_kept_aside_are_known(held_out: Score) -> None:
    assert held_out.precision >= 0.975
    assert held_out.recall >= 0.895
