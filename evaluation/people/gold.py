"""Reads the cases of this folder; their form is described in README.md."""

from __future__ import annotations

import datetime
import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

from quoth_server.archive.people.voices import Held, Member, Voice

__all__ = ["Case", "Pair", "cases", "pairs"]

_FOLDER = Path(__file__).parent
_UNKNOWN = "?"


@dataclass(frozen=True, slots=True)
class Case:
    """Speakers of different articles, and who is who.

    Attributes:
        id: Unique over all files.
        tempts: What could mislead; empty for a plain case.
        held_out: It is for measuring alone.
        for_bound: The bound is chosen by it, since some of its file is held out and is like it;
            all other cases only teach weights.
        voices: Each with the letter of its person; "?" where nobody can know.
    """

    id: str
    tempts: str
    held_out: bool
    for_bound: bool
    voices: tuple[tuple[str, Voice], ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two speakers; `same` is None where nobody can know whether they are one person."""

    case: Case
    one: Voice
    other: Voice
    same: bool | None


def cases(folder: Path = _FOLDER) -> list[Case]:
    """All cases, in the order of files and lines.

    Raises:
        ValueError: A key is missing or unknown, or an id stands twice.
    """
    found: dict[str, Case] = {}
    for path in sorted(folder.glob("*.toml")):
        file = tomllib.loads(path.read_text("utf-8"))
        one_in = file["hold_out_one_in"]
        for each in file["case"]:
            case = _case(path, each, one_in)
            if case.id in found:
                raise ValueError(f"{path.name}: the id {case.id} stands twice; rename one")
            found[case.id] = case
    return list(found.values())


def pairs(case: Case) -> Iterator[Pair]:
    """Every two speakers of a case."""
    for (a, one), (b, other) in combinations(case.voices, 2):
        yield Pair(case, one, other, None if _UNKNOWN in (a, b) else a == b)


def _case(path: Path, case: Mapping[str, Any], one_in: int) -> Case:
    if odd := case.keys() - {"id", "tempts", "voices"}:
        raise ValueError(f"{path.name}: case {case['id']} has {sorted(odd)}; see README.md")
    held_out = one_in > 0 and hashlib.sha256(case["id"].encode()).digest()[0] % one_in == 0
    voices = tuple(
        (each["who"], _voice(path, case["id"], number, each))
        for number, each in enumerate(case["voices"])
    )
    return Case(case["id"], case.get("tempts", ""), held_out, one_in > 0, voices)


def _voice(path: Path, case: str, number: int, voice: Mapping[str, Any]) -> Voice:
    if odd := voice.keys() - {"who", "name", "roles", "on", "title", "said"}:
        raise ValueError(f"{path.name}: case {case} has {sorted(odd)}; see README.md")
    day: datetime.date = voice["on"]
    roles = tuple((Held(*role), 1) for role in voice.get("roles", ()))
    member = Member(case, number, "p1")
    return Voice(
        voice["name"], "person", roles, day, day, voice["title"], voice.get("said", ""), 1, member
    )
