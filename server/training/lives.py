"""Invented lives: what a person is called in the articles of some years.

A line of `invented_lives/*.tsv` is one article: its year, the roles in a row, its headline. An
empty line stands between two people. All are written for this project.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from quoth_server.archive.people.meanings import Told

__all__ = ["Life", "lives"]

Life = list[Told]

_FOLDER = Path(__file__).parent / "invented_lives"


def lives(folder: Path = _FOLDER) -> Iterator[Life]:
    """The articles of each person, in the order of files and lines.

    Raises:
        ValueError: A line is not a year, roles and a headline; the roles may be empty.
    """
    for path in sorted(folder.glob("*.tsv")):
        lines = enumerate(path.read_text("utf-8").splitlines(), 1)
        for filled, person in groupby(lines, key=lambda line: bool(line[1].strip())):
            if filled:
                yield [_told(line, f"{path}:{number}") for number, line in person]


def _told(line: str, place: str) -> Told:
    parts = line.split("\t")
    if len(parts) != 3 or not parts[0].isdecimal() or not parts[2]:
        raise ValueError(
            f"{place}: {line!r} is not a year, roles and a headline with tabs between them"
        )
    return Told(parts[1].strip(), parts[2].strip(), float(parts[0]))
