"""Texts that once took a worker for minutes: four times the text takes about four times as long."""

from __future__ import annotations

import time
from functools import cache
from itertools import product

import pytest

from quoth_server.engine.attributor import Attributor

pytestmark = [pytest.mark.model, pytest.mark.slow]

NAMES = [
    f"{given}{end} {family}{suffix}"
    for given, end, family, suffix in product(
        ("Al", "Be", "Ca", "Do", "Em"),
        ("an", "bo", "ci", "do", "ex", "fa", "gi", "ho"),
        ("Zar", "Yor", "Xan", "Wim", "Vol", "Ulm"),
        ("son", "ski", "vic", "man"),
    )
]
SHORT, LONG = 3_000, 12_000
TEXTS = {
    "s'": "s' " * LONG,
    "and": "Ann and " * LONG,
    "of": "mayor of " * LONG,
    "dates": "the 1st of " * LONG,
    "names": ", ".join(NAMES),
    "speakers": "".join(f"{name} said it rained. " for name in NAMES),
    "roles": "".join(f"Mayor {name} of Lund said it rained. " for name in NAMES),
    "quotations": "“Yes,” he said. " * LONG,
}


@cache
def _attributor() -> Attributor:
    return Attributor()


def _seconds(text: str) -> float:
    """CPU seconds of this process; other programs do not count."""
    begun = time.process_time()
    _attributor().attribute(text)
    return time.process_time() - begun


def _growth(text: str) -> float:
    """How many times as long the long text takes as all of its words in short ones, in turn."""
    times = LONG // SHORT
    before = sum(_seconds(text[:SHORT]) for _ in range(times // 2))
    long = _seconds(text[:LONG])
    return long / (before + sum(_seconds(text[:SHORT]) for _ in range(times // 2)))


@pytest.mark.parametrize("name", TEXTS)
def test_time_grows_with_the_text(name: str) -> None:
    _seconds(TEXTS[name][:SHORT])  # what is loaded and kept at first is not part of it
    # Quadratic time gives 4 each time; a busy machine seldom gives 2 three times in a row.
    assert any(_growth(TEXTS[name]) < 2 for _ in range(3))
