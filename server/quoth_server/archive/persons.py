"""The speakers of an archive by name: one name is one person, whatever article it is in."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from quoth_server.archive import words
from quoth_server.archive.statement import Statement

__all__ = ["Member", "Person", "RoleOverTime", "persons"]

_TYPES = frozenset({"person", "organization", "place"})
_NO_WORD = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Member:
    """A speaker of one article."""

    source: str
    position: int
    speaker_id: str


@dataclass(frozen=True, slots=True)
class RoleOverTime:
    """A role that a person has in the articles, with the first and the last day that it has."""

    role: str
    organization: str
    status: str
    first_day: datetime.date | None
    last_day: datetime.date | None
    statements: int


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who speaks in one article or in many; or a body that does."""

    person_id: str
    display_name: str
    type: str
    aliases: tuple[str, ...] = ()
    roles: tuple[RoleOverTime, ...] = ()
    external_ids: Mapping[str, str] = field(default_factory=dict)
    statements: int = 0
    articles: int = 0
    first_day: datetime.date | None = None
    last_day: datetime.date | None = None
    members: tuple[Member, ...] = ()


@dataclass(slots=True)
class _Draft:
    type: str
    names: Counter[str] = field(default_factory=Counter)
    days: list[datetime.date] = field(default_factory=list)
    roles: dict[tuple[str, str, str], list[datetime.date | None]] = field(default_factory=dict)
    members: dict[Member, None] = field(default_factory=dict)


def persons(statements: Iterable[Statement]) -> list[Person]:
    """The people and bodies of an archive, those with the most statements first."""
    drafts: dict[tuple[str, str], _Draft] = {}
    for statement in statements:
        if not statement.speaker or statement.speaker_type not in _TYPES:
            continue
        key = " ".join(words.keys(statement.speaker)), statement.speaker_type
        draft = drafts.setdefault(key, _Draft(statement.speaker_type))
        draft.names[statement.speaker] += 1
        member = Member(statement.source, statement.position, statement.speaker_id or "")
        draft.members[member] = None
        if statement.day:
            draft.days.append(statement.day)
        if statement.role:
            role = statement.role, statement.role_organization or "", statement.role_status or ""
            draft.roles.setdefault(role, []).append(statement.day)
    found = sorted(drafts.values(), key=lambda draft: (-draft.names.total(), min(draft.names)))
    taken: Counter[str] = Counter()
    return [_person(draft, taken) for draft in found]


def _person(draft: _Draft, taken: Counter[str]) -> Person:
    (name, _), *aliases = draft.names.most_common()
    base = _NO_WORD.sub("-", " ".join(words.keys(name))).strip("-") or draft.type
    taken[base] += 1
    return Person(
        base if taken[base] == 1 else f"{base}-{taken[base]}",
        name,
        draft.type,
        tuple(alias for alias, _ in aliases),
        _roles(draft),
        {},
        draft.names.total(),
        len({(member.source, member.position) for member in draft.members}),
        min(draft.days, default=None),
        max(draft.days, default=None),
        tuple(draft.members),
    )


def _roles(draft: _Draft) -> tuple[RoleOverTime, ...]:
    made = []
    for (role, organization, status), given in draft.roles.items():
        days = [day for day in given if day]
        first, last = min(days, default=None), max(days, default=None)
        made.append(RoleOverTime(role, organization, status, first, last, len(given)))
    return tuple(sorted(made, key=lambda each: (each.first_day or datetime.date.max, each.role)))
