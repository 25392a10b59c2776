"""Whom the label of a turn stands for."""

from __future__ import annotations

import pytest

from quoth_server.engine.speakers import labels

from .marked import read


@pytest.mark.parametrize(
    ("label", "name", "rank"),
    [
        ("WSS", "William S. Saturn", 2),
        ("W.S.S.", "William S. Saturn", 2),
        ("WN", "Wikinews", 1),
        ("WS", "William S. Saturn", 0),
        ("NW", "Wikinews", 0),
        ("Newsdesk", "Newsdesk", 1),
        ("HOLT", "Ana Holt", 0),
        ("BBC", "BBC", 0),
        ("A", "Ana", 0),
        ("Wn", "Wikinews", 0),
        ("WN", "Wiki News Desk", 0),
    ],
)
def test_fits(label: str, name: str, rank: int) -> None:
    assert labels.fits(label, name) == rank


def test_the_turns_of_an_interview_are_those_of_its_two() -> None:
    marked = read(
        "Reporter Will S. Sato met the biologist Ida Fenn.\n((WSS))<<:>> [[Why whales?]]\n"
        "((IF))<<:>> [[They sing.]]\n((WSS))<<:>> [[What do they sing?]]"
    )
    assert marked.names() == ["Will S. Sato", "Ida Fenn", "Will S. Sato"]
