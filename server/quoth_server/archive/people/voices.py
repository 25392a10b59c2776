"""The speakers of single articles, as their statements show them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

from quoth_server.archive.statement import Statement

__all__ = ["Held", "Member", "Voice", "voices"]

_SHOWN = 2000  # code points of what somebody said that are looked at


@dataclass(frozen=True, slots=True)
class Held:
    """A role as an article gives it.

    Attributes:
        role: The words for it.
        organization: Where it is held; empty where the article does not say.
        status: A word of the rows: "current", "former", "acting" or "prospective".
    """

    role: str
    organization: str = ""
    status: str = "current"


@dataclass(frozen=True, slots=True)
class Member:
    """One speaker of one article of the archive."""

    source: str
    position: int
    speaker_id: str


@dataclass(frozen=True, slots=True)
class Voice:
    """A speaker of one article.

    Attributes:
        name: The fullest name that the article has.
        type: A word of the rows, such as "person".
        roles: With the number of statements made in each.
        day: Of the article, else the first one of its statements; None where neither is known.
        last_day: The last one of its statements, likewise.
        title: Of the article.
        said: The contents of the statements, as far as they are looked at.
        statements: How many there are.
    """

    name: str
    type: str = "person"
    roles: tuple[tuple[Held, int], ...] = ()
    day: datetime.date | None = None
    last_day: datetime.date | None = None
    title: str = ""
    said: str = ""
    statements: int = 1
    member: Member = field(default=Member("", 0, ""))

    @property
    def article(self) -> object:
        """What all speakers of the article have in common; a reprint of the day is the same one."""
        if self.title and self.day:
            return self.title, self.day
        return self.member.source, self.member.position


def voices(statements: Iterable[Statement]) -> Iterator[Voice]:
    """The speakers of statements, which come article by article; what nobody said is left out."""
    for (source, position), article in groupby(statements, key=lambda s: (s.source, s.position)):
        by_speaker: dict[str, list[Statement]] = {}
        for each in article:
            if each.speaker_id and each.speaker:
                by_speaker.setdefault(each.speaker_id, []).append(each)
        for speaker_id, said in by_speaker.items():
            yield _voice(Member(source, position, speaker_id), said)


def _voice(member: Member, said: list[Statement]) -> Voice:
    roles: dict[Held, int] = {}
    for each in said:
        if each.role:
            held = Held(each.role, each.role_organization or "", each.role_status or "current")
            roles[held] = roles.get(held, 0) + 1
    # What was said long ago may be reported today: its day says little about who is meant.
    days = sorted(day for each in said if (day := each.anchor_date or each.day))
    first = said[0]
    assert first.speaker
    return Voice(
        first.speaker,
        first.speaker_type or "",
        tuple(roles.items()),
        days[0] if days else None,
        days[-1] if days else None,
        first.title or "",
        " ".join(each.content for each in said)[:_SHOWN],
        len(said),
        member,
    )
