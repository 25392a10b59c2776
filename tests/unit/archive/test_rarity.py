"""How rare a name is."""

from __future__ import annotations

import pytest

from quoth_server.archive.people.rarity import rarity


@pytest.mark.parametrize(
    ("rarer", "name"),
    [
        ("vaitiekaitis", "smith"),
        ("quillfeather", "reyes"),
        ("smith", "the"),
        ("anjali", "john"),
        ("dubrovnitsky", "ivanov"),
    ],
)
def test_what_a_vocabulary_has_late_or_not_at_all_is_rarer(rarer: str, name: str) -> None:
    assert rarity(rarer) > rarity(name)


@pytest.mark.parametrize("name", ["", "a", "smith", "o'brien", "al-zahrani", "梅", "x" * 300])
def test_it_has_bounds(name: str) -> None:
    assert 0 <= rarity(name) <= 2
