"""The people of an archive, and the bodies that speak in it."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from quoth_server.archive.people import clusters, known, names, profile, signs, spelling
from quoth_server.archive.people.clusters import Cluster
from quoth_server.archive.people.known import Known
from quoth_server.archive.people.model import Model, shipped
from quoth_server.archive.people.voices import Held, Member, Voice, voices
from quoth_server.archive.statement import Statement

__all__ = ["Person", "RoleOverTime", "persons"]

_PERSON = "person"
_BODIES = frozenset({"organization", "place"})
_NO_WORD = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class RoleOverTime:
    """A role that a person has in the articles.

    Attributes:
        role: As the articles name it most often.
        organization: Where it is held; empty where no article says so.
        status: A word of the rows, such as "former".
        first_day: The first day of an article that gives it; None where none has a day.
        last_day: The last one.
        statements: How many were made in it.
    """

    role: str
    organization: str
    status: str
    first_day: datetime.date | None
    last_day: datetime.date | None
    statements: int


@dataclass(frozen=True, slots=True)
class Person:
    """A person, or an organization, that speaks in one article or in many.

    Attributes:
        person_id: Such as `angela-merkel`, or `angela-merkel-2` of the next one of the name.
        display_name: The fullest of the frequent names, or that of the user's table.
        type: "person", "organization" or "place".
        aliases: Other names, the most frequent first.
        roles: In order of their first days.
        external_ids: From the user's table, such as `wikidata: Q567`.
        statements: How many there are.
        articles: How many they are in.
        first_day: Of an article; None where none has a day.
        last_day: Likewise.
        members: The speakers of single articles that are taken for this person.
        maybe: The ids of people whom the articles do not tell from this one.
    """

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
    maybe: tuple[str, ...] = ()


def persons(
    statements: Iterable[Statement], table: Sequence[Known] = (), model: Model | None = None
) -> list[Person]:
    """The people and bodies of an archive, those with most statements first.

    Speakers are one person only where what the articles tell makes it sure; else each is by
    itself, and `Person.maybe` says who it could be. Groups, documents and nameless sources are
    nobody who could be found in another article, and are left out.

    Args:
        statements: Of the whole archive, those of one article after the other.
        table: What the user knows; it wins over what the articles tell.
        model: Another model than the shipped one.
    """
    people: list[Voice] = []
    profiles: list[tuple[object, profile.Profile]] = []
    bodies: dict[tuple[str, str], list[Voice]] = {}
    for voice in voices(statements):
        light = replace(voice, title="", said="")
        if voice.type == _PERSON:
            people.append(light)
            profiles.append((voice.article, profile.of_voice(voice)))
        elif voice.type in _BODIES:
            key = " ".join(spelling.folded(voice.name).split()).removeprefix("the ")
            bodies.setdefault((key, voice.type), []).append(light)
    found = [
        each
        for each in clusters.clustered(profiles, model or shipped(), map(known.profile_of, table))
        if each.members
    ]
    drafts = [_of_cluster(each, people, table) for each in found]
    drafts += [_person([], said) for said in bodies.values()]
    ids = _ids(drafts)
    of_cluster = {id(each): name for each, name in zip(found, ids, strict=False)}
    done = [
        replace(
            draft,
            person_id=name,
            maybe=_maybe(found[number], of_cluster, name) if number < len(found) else (),
        )
        for number, (draft, name) in enumerate(zip(drafts, ids, strict=True))
    ]
    return sorted(done, key=lambda person: (-person.statements, person.person_id))


def _of_cluster(cluster: Cluster, people: Sequence[Voice], table: Sequence[Known]) -> Person:
    row = None if cluster.seed is None else table[cluster.seed]
    found = _person([row.name, *row.aliases] if row else [], [people[n] for n in cluster.members])
    return replace(found, external_ids=dict(row.ids)) if row else found


def _person(given: Sequence[str], said: Sequence[Voice]) -> Person:
    """A person without an id; `given` are the names of the user's table."""
    counted: Counter[str] = Counter()
    for voice in said:
        name = names.parse(voice.name).text if voice.type == _PERSON else voice.name
        counted[name] += 1
    called = given[0] if given else _fullest(counted)
    aliases = dict.fromkeys([name for name, _ in counted.most_common()] + list(given))
    days = [day for voice in said for day in (voice.day, voice.last_day) if day]
    return Person(
        "",
        called,
        said[0].type,
        tuple(name for name in aliases if name != called),
        _roles(said),
        {},
        sum(voice.statements for voice in said),
        len({(voice.member.source, voice.member.position) for voice in said}),
        min(days, default=None),
        max(days, default=None),
        tuple(voice.member for voice in said),
    )


def _fullest(counted: Counter[str]) -> str:
    """The most frequent of the names that have a given name, if any has."""
    full = {name: n for name, n in counted.items() if " " in name} or counted
    return max(full, key=lambda name: (full[name], not name.isupper(), len(name), name))


def _roles(said: Sequence[Voice]) -> tuple[RoleOverTime, ...]:
    by_key: dict[object, list[tuple[Held, int, Voice]]] = {}
    for voice in said:
        for held, number in voice.roles:
            by_key.setdefault(_role_key(held), []).append((held, number, voice))
    found = []
    for each in by_key.values():
        texts = Counter[str]()
        places = Counter[str]()
        for held, number, _ in each:
            texts[held.role] += number
            places[held.organization] += number if held.organization else 0
        days = [day for _, _, voice in each for day in (voice.day, voice.last_day) if day]
        found.append(
            RoleOverTime(
                _first(texts),
                _first(places),
                each[0][0].status,
                min(days, default=None),
                max(days, default=None),
                sum(number for _, number, _ in each),
            )
        )
    return tuple(
        sorted(found, key=lambda r: (r.first_day or datetime.date.max, -r.statements, r.role))
    )


def _role_key(held: Held) -> object:
    """What wordings of one role have in common: "minister of fisheries", "fisheries minister"."""
    told = signs.of_role(held.role)
    if told.offices:
        return told.offices, told.special, told.countries, held.status
    return spelling.folded(held.role), held.status


def _first(counted: Counter[str]) -> str:
    return max(counted, key=lambda text: (counted[text], text))


def _ids(drafts: Sequence[Person]) -> list[str]:
    """An id for each: its name, and a number where others of the name came first."""
    order = sorted(
        range(len(drafts)),
        key=lambda n: (
            drafts[n].first_day or datetime.date.max,
            drafts[n].members[0].source,
            drafts[n].members[0].position,
            drafts[n].members[0].speaker_id,
        ),
    )
    taken = Counter[str]()
    ids = [""] * len(drafts)
    for number in order:
        name = _NO_WORD.sub("-", spelling.folded(drafts[number].display_name)).strip("-")
        name = name or drafts[number].type
        taken[name] += 1
        ids[number] = name if taken[name] == 1 else f"{name}-{taken[name]}"
    return ids


def _maybe(cluster: Cluster, ids: Mapping[int, str], own: str) -> tuple[str, ...]:
    found = (ids.get(id(rival.now)) for rival in cluster.rivals)
    return tuple(dict.fromkeys(each for each in found if each and each != own))
