"""All that is known of one speaker, from one article or from many."""

from __future__ import annotations

import datetime
from collections import Counter
from dataclasses import dataclass, field, replace

from quoth_server.archive.people import courses, meanings, names, signs
from quoth_server.archive.people.courses import Course
from quoth_server.archive.people.meanings import Meanings, Told
from quoth_server.archive.people.names import PersonName
from quoth_server.archive.people.signs import Signs
from quoth_server.archive.people.voices import Voice

__all__ = ["QUARTER", "Profile", "of_voice"]

QUARTER = 91
"""Days of a quarter of a year."""
_YEAR = 365.2425  # days
_KEPT = 60  # topics of somebody of whom there is much
_WHEN_FULL = 400
_TEXTS = 8
"""Articles of somebody whose roles and titles are read for what they mean."""
_OFFICES = {"father": "priest", "fr": "priest", "brother": "monk", "sister": "nun"}
"""Offices of titles that mean something else when they are not titles."""


@dataclass(slots=True)
class Profile:
    """What one speaker is called and is, in which countries, about what and when.

    Attributes:
        names: How many articles have each name.
        roles: What the roles and the titles before the name tell.
        around: What the titles of the articles tell, and the places in roles.
        topics: How many articles have each stem.
        held: The offices with their status and the first and the last day of it.
        first: The first day; None where none is known.
        last: The last day.
        articles: How many there are.
        quarters: When they are of, in quarters of a year.
        texts: What its first articles say of roles, and their titles.
    """

    names: Counter[PersonName] = field(default_factory=Counter)
    roles: Signs = field(default_factory=Signs)
    around: Signs = field(default_factory=Signs)
    topics: Counter[str] = field(default_factory=Counter)
    held: dict[tuple[str, str], tuple[datetime.date, datetime.date]] = field(default_factory=dict)
    first: datetime.date | None = None
    last: datetime.date | None = None
    articles: int = 0
    quarters: frozenset[int] = frozenset()
    texts: tuple[Told, ...] = ()
    _telling: frozenset[str] | None = None
    _meanings: Meanings | None = None
    _course: Course | None = None

    def add(self, other: Profile) -> None:
        """Takes up what is known of the same speaker elsewhere."""
        self.names.update(other.names)
        self.roles |= other.roles
        self.around |= other.around
        self.topics.update(other.topics)
        self._telling = None
        if len(self.topics) > _WHEN_FULL:
            self.topics = Counter(dict(self.topics.most_common(_KEPT)))
        for held, (first, last) in other.held.items():
            known = self.held.get(held, (first, last))
            self.held[held] = min(known[0], first), max(known[1], last)
        self.first = min(filter(None, (self.first, other.first)), default=None)
        self.last = max(filter(None, (self.last, other.last)), default=None)
        self.articles += other.articles
        self.quarters |= other.quarters
        self.texts = (*self.texts, *other.texts)[:_TEXTS]
        self._meanings = self._course = None

    def copy(self) -> Profile:
        """The same, to be added to by itself."""
        return replace(
            self, names=Counter(self.names), topics=Counter(self.topics), held=dict(self.held)
        )

    @property
    def telling(self) -> frozenset[str]:
        """The stems that many of its articles have."""
        if self._telling is None:
            often = self.articles // 20 + 1
            kept = self.topics.most_common(_KEPT)
            self._telling = frozenset(stem for stem, number in kept if number >= often)
        return self._telling

    @property
    def meanings(self) -> Meanings:
        """What its roles and titles mean, read when first asked for."""
        if self._meanings is None:
            self._meanings = meanings.of(self.texts)
        return self._meanings

    @property
    def course(self) -> Course:
        """What its articles mean as those of a life, read when first asked for."""
        if self._course is None:
            self._course = courses.of(self.meanings)
        return self._course


def of_voice(voice: Voice) -> Profile:
    """The profile of a speaker of one article."""
    name = names.parse(voice.name)
    told = signs.of_role(" ".join(_OFFICES.get(title, title) for title in name.titles))
    held = {}
    for each, _ in voice.roles:
        told_apart = each.organization and each.organization not in each.role
        body = f" at {each.organization}" if told_apart else ""
        found = signs.of_role(f"{each.role}{body}")
        told |= found
        if voice.day and voice.last_day:
            for office in found.offices:
                held[office, each.status] = voice.day, voice.last_day
    own = set(name.parts)
    titled = signs.of_role(voice.title)
    stems = (s for s in signs.topics(voice.title) if s not in own)
    return Profile(
        Counter({name: 1}),
        told,
        Signs(countries=titled.countries | titled.around | told.around),
        Counter(stems),
        held,
        voice.day,
        voice.last_day,
        1,
        frozenset(day.toordinal() // QUARTER for day in (voice.day, voice.last_day) if day),
        (_told(voice),),
    )


def _told(voice: Voice) -> Told:
    """The roles in a row, the title, and the year with the part of it that has passed."""
    roles = []
    for each, _ in voice.roles:
        gone = each.status == "former" and "former" not in each.role.lower()
        body = each.organization and each.organization not in each.role
        roles.append(f"{'former ' * gone}{each.role}{f' at {each.organization}' if body else ''}")
    year = voice.day.toordinal() / _YEAR if voice.day else None
    return Told("; ".join(roles), voice.title, year)
