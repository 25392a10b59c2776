"""How well two people agree of whom each is called by several names."""

from __future__ import annotations

from collections.abc import Set

from quoth_server.archive.people.agreeing import WEAK, Agreement, agreement
from quoth_server.archive.people.names import PersonName
from quoth_server.archive.people.profile import Profile

__all__ = ["best_agreement"]

_MANY_NAMES = 4


def best_agreement(one: Profile, other: Profile) -> Agreement | None:
    """The best agreement of their names; None where some of them contradict each other."""
    if len(one.names) == 1 == len(other.names):
        return agreement(*one.names, *other.names)
    generations = {each.generation for each in (*one.names, *other.names)} - {""}
    if len(generations) > 1:
        return None  # "Jr." and "Sr." stay two, even where a third name is without either
    best: Agreement | None = None
    for a, _ in one.names.most_common(_MANY_NAMES):
        for b, _ in other.names.most_common(_MANY_NAMES):
            found = agreement(a, b)
            if found is None:
                if a.full and b.full and not _bridged(a, b, one.names.keys() | other.names.keys()):
                    return None
            elif best is None or _rank(found) > _rank(best):
                best = found
    return best


def _bridged(one: PersonName, other: PersonName, known: Set[PersonName]) -> bool:
    """Whether a third name has all parts of both: Ann Lee, Ann Lee-Ray and Ann Ray."""
    if len(known) == 2:
        return False
    both = _words(one) | _words(other)
    return any(both <= _words(each) for each in known - {one, other})


def _words(name: PersonName) -> set[str]:
    return {word for part in name.parts for word in (part, *part.split("-"))}


def _rank(found: Agreement) -> tuple[bool, float, float]:
    return found.fit not in WEAK, found.given + found.family, found.middle
