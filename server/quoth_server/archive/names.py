"""Whether a statement is by the speaker that somebody asks about."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from quoth_server.archive import words
from quoth_server.archive.statement import Statement

__all__ = ["Agreement", "agreement"]

# Words before a name that are not part of it. A search for a president's words by office and
# name means the name.
_TITLES = words.listed("name_titles.txt")
_AFTER = frozenset({"jr", "sr", "ii", "iii", "iv"})
_ONE_NAME = frozenset({"person", None})


class Agreement(StrEnum):
    """Whether a statement is by the speaker asked about; `NONE` where nobody is."""

    NONE = "none"
    SAME = "same"
    OTHER = "other"
    UNKNOWN = "unknown"


def agreement(asked: str, statement: Statement) -> Agreement:
    """Whether a statement is by the speaker asked about.

    Names of people agree if their last words do and none of the first ones contradicts: `Lopez`,
    `M. Lopez` and `Mayor Maria Lopez` are Maria Lopez, `Ana Lopez` is not. Other names and
    descriptions must have the same words.
    """
    wanted = _parts(asked)
    if not wanted:
        return Agreement.NONE
    named = statement.speaker or ""
    if not named:
        return Agreement.UNKNOWN
    known = _parts(named)
    if _bare(wanted) == _bare(known):
        return Agreement.SAME
    if statement.speaker_type in _ONE_NAME and _one_person(wanted, known):
        return Agreement.SAME
    return Agreement.OTHER


def _parts(name: str) -> list[str]:
    """The parts of a name between blanks, each as one word: `Clarke-Obi` is one."""
    return [part for given in name.split() if (part := "".join(words.keys(given)))]


def _bare(name: Sequence[str]) -> list[str]:
    return [word for word in name if word not in {"the", "a", "an"}]


def _one_person(wanted: Sequence[str], known: Sequence[str]) -> bool:
    first, second = _name(wanted), _name(known)
    if len(first) == 1 and first[0] in second[1:]:
        return True  # the first of two last names
    if not first or not second or first[-1] != second[-1]:
        return False
    return _compatible(first[:-1], second[:-1])


def _name(name: Sequence[str]) -> list[str]:
    """A name without titles before it and generations behind it."""
    found = list(name)
    while len(found) > 1 and found[-1] in _AFTER:
        found.pop()
    while len(found) > 1 and found[0] in _TITLES:
        found.pop(0)
    return found


def _compatible(first: Sequence[str], second: Sequence[str]) -> bool:
    """Whether the first names of two people with the same last name may be of one person."""
    if not first or not second:
        return True
    shorter, longer = sorted((first, second), key=len)
    at = 0
    for name in shorter:
        while at < len(longer) and not _alike(name, longer[at]):
            at += 1
        if at == len(longer):
            return False
        at += 1
    # The first of all first names is the one that people go by.
    return len(shorter) > 1 or len(longer) == 1 or _alike(shorter[0], longer[0])


def _alike(name: str, other: str) -> bool:
    if len(name) == 1 or len(other) == 1:
        return name[0] == other[0]
    return name == other
