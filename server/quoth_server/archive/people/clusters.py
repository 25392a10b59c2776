"""Speakers of many articles put together to people, one after the other, the surest first."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable
from dataclasses import dataclass, field

from quoth_server.archive.people.agreeing import Fit
from quoth_server.archive.people.bearers import Bearers
from quoth_server.archive.people.model import Model
from quoth_server.archive.people.name_sets import best_agreement
from quoth_server.archive.people.names import PersonName
from quoth_server.archive.people.profile import Profile
from quoth_server.archive.people.signs import Signs

__all__ = ["Cluster", "clustered"]

_EARLIEST = datetime.date.min
_HEARD = 8
"""Of how many speakers of a person it is kept what each told."""
_NOBODY = -math.inf, None


@dataclass(slots=True, eq=False)
class Cluster:
    """What is taken for one person.

    Attributes:
        profile: All that is known.
        members: The numbers of the speakers, as they came.
        articles: The articles that they are of; in one article nobody is two speakers.
        seed: The number of the row of the user's table that it began with; None without one.
        rivals: People whom some of its speakers could be as well.
        became: What it was put into, if it was.
        heard: What its first speakers told one by one; empty as long as it has one.
    """

    profile: Profile
    members: list[int] = field(default_factory=list)
    articles: set[object] = field(default_factory=set)
    seed: int | None = None
    rivals: list[Cluster] = field(default_factory=list)
    became: Cluster | None = None
    heard: list[Profile] = field(default_factory=list)

    @property
    def now(self) -> Cluster:
        """Itself, or what it was put into."""
        found = self
        while found.became is not None:
            found = found.became
        return found


def clustered(
    speakers: Iterable[tuple[object, Profile]], model: Model, seeds: Iterable[Profile] = ()
) -> list[Cluster]:
    """Puts speakers together.

    Args:
        speakers: The article of each, as anything that can be compared, and what is known of them.
        model: Decides.
        seeds: Of people known beforehand; no two of them are one person.
    """
    found = _Found(model)
    for number, seed in enumerate(seeds):
        found.seed(Cluster(seed, seed=number))
    given = list(enumerate(speakers))
    given.sort(key=lambda each: _rank(each[1][1]))
    for number, (article, profile) in given:
        found.place(Cluster(profile, [number], {article}))
    found.join()
    return list(found.clusters)


def _rank(profile: Profile) -> tuple[bool, bool, datetime.date]:
    """Full names before short ones and those with a role before those without, by day."""
    full = any(name.full for name in profile.names)
    return not full, not profile.roles.offices, profile.first or _EARLIEST


_Called = tuple[tuple[str, ...], str]


def _called(name: PersonName) -> _Called:
    return name.parts, name.generation


def _agree(known: Signs, told: Signs) -> bool:
    """Whether a role can be one of somebody's known beforehand."""
    if known.countries and told.countries and not known.countries & told.countries:
        return False
    return bool(
        known.offices & told.offices
        or known.special & told.special
        or known.countries & told.countries
    )


def _again(profile: Profile) -> object:
    """What two speakers have in common who need not be compared; None where there is too little.

    A full name within a year, in the same role or where neither role nor title is told.
    """
    ((name, _),) = profile.names.items()
    told = profile.roles.offices or profile.roles.special or not profile.topics
    if not name.full or not told or profile.first is None:
        return None
    return name, profile.roles, profile.around.countries, profile.first.year


class _Found:
    """The clusters so far, by what their names share."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self.clusters: dict[Cluster, None] = {}
        self._bearers = Bearers[Cluster]()
        self._again: dict[object, Cluster] = {}
        self._seeds: dict[_Called, list[tuple[Cluster, Signs]]] = {}

    def seed(self, cluster: Cluster) -> None:
        """Adds somebody known beforehand."""
        for name in cluster.profile.names:
            known = self._seeds.setdefault(_called(name), [])
            known.append((cluster, cluster.profile.roles))
        self.add(cluster)

    def _meant(self, profile: Profile) -> Cluster | None:
        """Which of those known beforehand is meant, by an exact name and what else is known."""
        ((name, _),) = profile.names.items()
        known = self._seeds.get(_called(name), [])
        told = profile.roles
        if not (told.offices or told.special or told.countries):
            return known[0][0] if len(known) == 1 else None
        fitting = [cluster for cluster, roles in known if roles == Signs() or _agree(roles, told)]
        return fitting[0] if len(fitting) == 1 else None

    def place(self, cluster: Cluster) -> None:
        """Adds a speaker to whom they surely are, else as somebody new."""
        meant = self._meant(cluster.profile)
        key = _again(cluster.profile)
        best = meant or (self._again.get(key) if key else None)
        if best is None or (best is not meant and self._apart(cluster, best)):
            ranked = self._ranked(cluster)
            best = self._surely(cluster, ranked)
            if best is None:
                cluster.rivals = [each for score, each in ranked if score >= 0]
                self.add(cluster)
                best = cluster
            else:
                self._take(best, cluster)
        else:
            self._take(best, cluster)
        if key:
            self._again[key] = best

    def join(self) -> None:
        """Puts clusters together that are surely one person, now that all is known of each."""
        waiting = list(self.clusters)
        while waiting:
            cluster = waiting.pop()
            if cluster not in self.clusters:
                continue
            best = self._surely(cluster, self._ranked(cluster))
            # The only person found for a short name is not the only one it can mean.
            if best is not None and (
                self._sure_name(cluster, best) or self._surely(best, self._ranked(best)) is cluster
            ):
                if cluster.seed is not None:
                    best, cluster = cluster, best
                self._remove(cluster)
                self._take(best, cluster)
                waiting.append(best)

    def add(self, cluster: Cluster) -> None:
        """Adds somebody new."""
        self.clusters[cluster] = None
        self._bearers.add(cluster, cluster.profile.names)

    def _surely(self, cluster: Cluster, ranked: list[tuple[float, Cluster]]) -> Cluster | None:
        # Who is in the same article as somebody else is not that one.
        able = ((score, each) for score, each in ranked if not self._apart(cluster, each))
        (score, best), (next_score, _) = next(able, _NOBODY), next(able, _NOBODY)
        if best is None or score < self._model.same:
            return None
        near = score - next_score < self._model.lead
        if near and not self._sure_name(cluster, best):
            return None
        return best if self._heard_alike(cluster, best) else None

    def _sure_name(self, one: Cluster, other: Cluster) -> bool:
        found = best_agreement(one.profile, other.profile)
        return found is not None and found.fit is Fit.SAME and found.given > 0

    def _apart(self, one: Cluster, other: Cluster) -> bool:
        if one.seed is not None and other.seed is not None:
            return True
        if one.articles.isdisjoint(other.articles):
            return False
        found = best_agreement(one.profile, other.profile)
        return found is None or found.fit is not Fit.SAME or found.given < 1

    def _ranked(self, cluster: Cluster) -> list[tuple[float, Cluster]]:
        """Who a speaker could be, the likeliest first."""
        found = [
            (self._model.score(cluster.profile, each.profile), each)
            for each in self._bearers.near(cluster.profile.names)
            if each is not cluster
        ]
        return sorted(((s, e) for s, e in found if s is not None), key=lambda pair: -pair[0])

    def _heard_alike(self, one: Cluster, other: Cluster) -> bool:
        """Whether some two of their speakers are surely one person by what each told alone."""
        if one.seed is not None or other.seed is not None:
            return True
        if not (one.heard or other.heard):
            return True
        found = (
            self._model.score(a, b)
            for a in one.heard or [one.profile]
            for b in other.heard or [other.profile]
        )
        return any(score is not None and score >= self._model.same for score in found)

    def _take(self, best: Cluster, cluster: Cluster) -> None:
        new = [name for name in cluster.profile.names if name not in best.profile.names]
        cluster.became = best
        if not best.heard and best.seed is None:
            best.heard = [best.profile]
            best.profile = best.profile.copy()
        best.heard = [*best.heard, *(cluster.heard or [cluster.profile])][:_HEARD]
        best.profile.add(cluster.profile)
        best.members += cluster.members
        best.articles |= cluster.articles
        best.rivals += cluster.rivals
        self._bearers.add(best, new)

    def _remove(self, cluster: Cluster) -> None:
        del self.clusters[cluster]
        self._bearers.remove(cluster, cluster.profile.names)
