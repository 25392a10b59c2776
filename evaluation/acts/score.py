"""Scores the engine on `rows.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from quoth_server.engine import Attributor
from quoth_server.engine.types import Reading

__all__ = ["Figures", "score"]

_ROWS = Path(__file__).parent / "rows.toml"

Told = tuple[str, ...]


@dataclass
class Figures:
    """How many were given that should be, that should not, and that are missing.

    Attributes:
        right: Of those found, how many are right in all that the row says of them.
        errors: What is wrong, in words.
    """

    found: int = 0
    false: int = 0
    missed: int = 0
    right: int = 0
    errors: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """Of those given, the share that should be."""
        return self.found / max(1, self.found + self.false)

    @property
    def recall(self) -> float:
        """Of those that should be, the share that is given."""
        return self.found / max(1, self.found + self.missed)

    def add(self, text: str, wanted: Iterable[Told], given: list[Told], same: Same) -> None:
        """Counts what is given of a text."""
        left = list(given)
        for want in wanted:
            match = next((each for each in left if same(want, each)), None)
            if match is None:
                self.missed += 1
                self.errors.append(f"missing: {want}: {text}")
                continue
            left.remove(match)
            self.found += 1
            self.right += match == want
            if match != want:
                self.errors.append(f"{match} and not {want}: {text}")
        self.false += len(left)
        self.errors += [f"too much: {each}: {text}" for each in left]


Same = Callable[[Told, Told], bool]


def score() -> tuple[Figures, Figures]:
    """Those of who did not answer, and those of sources without a name."""
    silent, unnamed = Figures(), Figures()
    attributor = Attributor()
    for row in tomllib.loads(_ROWS.read_text("utf-8"))["row"]:
        text = row["text"]
        reading = attributor.attribute(text)
        silent.add(text, map(tuple, row.get("silent", ())), _silent(reading, text), _same_words)
        unnamed.add(text, map(tuple, row.get("unnamed", ())), _unnamed(reading, text), _same_name)
    return silent, unnamed


def _silent(reading: Reading, text: str) -> list[Told]:
    names = {each.speaker_id: each.display_name for each in reading.speakers}
    return [
        (
            each.kind.name,
            each.cue.span.of(text),
            names.get(each.speaker.speaker_id, "") if each.speaker else "",
        )
        for each in reading.nonresponses
    ]


def _unnamed(reading: Reading, text: str) -> list[Told]:
    return [
        (each.display_name, each.anonymity.reason.of(text) if each.anonymity.reason else "")
        for each in reading.speakers
        if each.anonymity
    ]


def _same_words(one: Told, other: Told) -> bool:
    return one[1] in other[1] or other[1] in one[1]


def _same_name(one: Told, other: Told) -> bool:
    return one[0] in other[0] or other[0] in one[0]
