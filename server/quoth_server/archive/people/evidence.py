"""What speaks for and against two speakers being one person, as numbers that weights go with."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping, Set

from quoth_server.archive.people import courses, meanings, signs
from quoth_server.archive.people.agreeing import WEAK, Agreement
from quoth_server.archive.people.profile import Profile
from quoth_server.archive.people.signs import Signs
from quoth_server.archive.people.times import times
from quoth_server.engine.speakers.names import Gender, gender_of_given

__all__ = ["evidence"]

_EVERYDAY = frozenset({"ordinary", "labor"})
_HEARD_OF = 4  # articles, up to which somebody is one of many
_STAGES = {"school": 0, "sport": 1, "media": 3, "state": 3, "politics": 3}
"""Which fields come first in a life: a goalkeeper can become a minister, but not the reverse."""
_MIDDLE = 2  # the stage of all others
_SITUATIONS = frozenset({"ordinary", "crime"})
"""What anybody can be for a day: a survivor, or a suspect."""
_ANYWHERE = frozenset({"sport", "arts", "science", "media", "business", "activism"})
_PUBLIC = frozenset({"politics", "state", "law", "police", "military"})
"""Fields between which people in public office change."""

_LIVES = (*meanings.NOTHING, *courses.NOTHING)
"""How likely what is told of two is one life."""

_MORE_IF_WEAK = (
    "same post",
    "no role",
    "gap",
    "same office",
    "soon",
    "role in topics",
    "topics shared",
    "given up before held",
    *_LIVES,
)
_MORE_IF_COMMON = (
    "other field",
    "roles at odds",
    "role vague",
    "no role",
    "gap",
    "same field",
    *_LIVES,
)
_MORE_IF_RARE = (
    "other field",
    "roles at odds",
    "no topic shared",
    "role vague",
    "no role",
    "gap",
    "long gap",
    "other country",
    "other country in roles",
    "same office at odds",
    "bodies at odds",
    "given up before held",
    "career backward",
    *_LIVES,
)
_OTHER_IF_UNTITLED = (
    "no role",
    "gap",
    "soon",
    "same office",
    "same field",
    "other field",
    "roles at odds",
    "common family name",
    "rare family name",
    *_LIVES,
)
_MORE_IF_RARE_GIVEN = (
    "other field",
    "roles at odds",
    "no topic shared",
    "gap",
    "no role",
    "two courses",
)
_LIVES_BY = (
    "gap",
    "same weeks",
    "other field",
    "same office",
    "same field",
    "roles at odds",
    "no role",
)
"""With what it changes how much it tells that one life may have what is told of both."""


def evidence(one: Profile, other: Profile, names: Agreement) -> Mapping[str, float]:
    """The features of two speakers whose names agree, by name; what is not there is 0."""
    weak = names.fit in WEAK
    found = {
        "always": 1.0,
        f"fit {names.fit.value}": 1.0,
        "given name": names.given,
        "family name": names.family,
        "middle name": max(names.middle, 0.0),
        "middle name left out": max(-names.middle, 0.0),
        "generation": float(names.generation),
        "particles": float(names.particles),
        "loose particles": float(names.loose),
        "article": float(names.article),
        "common family name": names.common * (not weak),
        "common name": names.common * names.common_given * (not weak),
        "double family name": float(names.double),
        "rare family name": names.rare,
        f"rare, fit {names.fit.value}": names.rare,
        "rare given name": names.rare_given * (names.given > 0),
        "spelled otherwise": float(0 < names.family < 1),
        # The more is heard of somebody, the likelier it is that they are meant again.
        "heard of": max(0.0, math.log(max(one.articles, other.articles) / _HEARD_OF))
        * (1 - names.common),
    }
    found |= _roles(one, other)
    found["other gender"] = float(_other_gender(one, other, weak))
    found |= _countries(one, other)
    found |= _topics(one, other)
    found |= times(one, other)
    found |= meanings.likeness(one.meanings, other.meanings)
    found |= courses.course(one.course, other.course)
    found["no title"] = float(not (_titled(one) and _titled(other)))
    # An athlete or a banker is spoken of in any country.
    anywhere = (one.roles.fields | other.roles.fields) & _ANYWHERE
    found["other country, field of any"] = found["other country"] * bool(anywhere)
    if found["other field"]:
        found |= _career(one, other)
    # Who is something else may have become so, but hardly within weeks.
    for key in ("other field", "roles at odds", "no topic shared"):
        found[f"{key}, soon"] = found[key] * found["soon"]
    if "career onward" in found:
        found["career onward"] *= 1 - found["soon"]
    # Athletes and experts speak of one thing today and of another tomorrow.
    alike = max(found[key] for key in ("same office", "same field", "role shared"))
    found["no topic shared, same trade"] = found["no topic shared"] * alike
    found["spelled otherwise, nothing shared"] = found["spelled otherwise"] * (1 - alike)
    # What somebody does changes with the years, and hardly within weeks.
    for key in filter(found.get, meanings.NOTHING):
        for by in filter(found.get, _LIVES_BY):
            found[f"{key}, {by}"] = found[key] * found[by]
    # Who has a rare name may do anything else, and it is still the one who has it.
    for key in filter(found.get, _MORE_IF_RARE):
        found[f"rare, {key}"] = found[key] * names.rare
    for key in filter(found.get, _MORE_IF_RARE_GIVEN):
        found[f"rare given, {key}"] = found[key] * found["rare given name"]
    if found["no title"]:
        found |= {f"no title, {key}": found[key] for key in _OTHER_IF_UNTITLED}
    if weak:
        # A family name says so little that all else counts more.
        found["weak, common family name"] = names.common
        for key in _MORE_IF_WEAK:
            found[f"weak, {key}"] = found[key]
        # Of two that held an office, the one who held it nearer in time is meant.
        held = found["same office"] or found["same general office"]
        found["weak, same office, gap"] = found["gap"] * held
    else:
        for key in _MORE_IF_COMMON:
            found[f"common, {key}"] = found[key] * names.common
    return found


def _roles(one: Profile, other: Profile) -> dict[str, float]:
    a, b = one.roles, other.roles
    offices = a.offices & b.offices
    # Two spokesmen have less in common than two senators.
    same, general = any(not signs.is_general(each) for each in offices), bool(offices)
    fields = bool(a.fields & b.fields)
    # A historian is a professor of history.
    shared = (a.special & b.stems) | (b.special & a.stems)
    bodies = _shared(a.bodies, b.bodies)
    elsewhere = bool(a.regions and b.regions) and not a.regions & b.regions
    # A health minister and a doctor are not of one field, but near.
    apart = bool(a.fields and b.fields) and not fields and not same
    near = bool(a.spheres & b.spheres) and apart
    told = bool(a.offices | a.special) and bool(b.offices | b.special)
    # A word of one's role that the other's article is about: "mayor of Ostby", "Ostby's bridge".
    crossed = (a.special & other.topics.keys()) | (b.special & one.topics.keys())
    kin = bool(a.kin & b.kin)
    odds = told and not (general or fields or shared or crossed or apart or kin)
    vague = _vague(a) or _vague(b)
    found = {
        "no role": float(not told),
        "same kin": float(kin),
        "same office": float(same),
        "same general office": float(general and not same),
        "same field": float(fields and not same),
        "near field": float(near),
        "other field": float(apart),
        "same post": float(same and bool(shared or _all_countries(one) & _all_countries(other))),
        "role shared": min(len(shared), 2) / 2,
        "roles at odds": float(odds and not vague),
        "role vague": float(odds and vague),
        "same office at odds": float(general and bool(a.special and b.special) and not shared),
        "bodies at odds": float(bool(a.bodies and b.bodies) and not bodies),
        "same body": float(bodies),
        "same body, other field": float(bodies and apart),
        "other region": float(elsewhere),
        "same office, other region": float(elsewhere and general),
        "role in topics": min(len(crossed), 2) / 2,
        "everyday": float(bool((a.fields | b.fields) & _EVERYDAY)),
    }
    if found["same field"]:
        found |= {f"same field, {each}": 1.0 for each in a.fields & b.fields}
    if apart:
        found["other field, both public"] = float(a.fields <= _PUBLIC and b.fields <= _PUBLIC)
        found |= {f"other field, {each}": 1.0 for each in a.fields ^ b.fields}
    return found


def _titled(profile: Profile) -> bool:
    return any(told.title for told in profile.texts)


def _vague(role: Signs) -> bool:
    """Whether a role can be one of any field: a director, or a captain."""
    return not (role.fields or role.special)


def _career(one: Profile, other: Profile) -> dict[str, float]:
    """Whether one of two fields can have been left for the other; none is both theirs."""
    if not (one.first and other.first):
        return {}
    early, late = sorted((one, other), key=lambda each: each.first or datetime.date.min)
    if (early.roles.fields | late.roles.fields) & _SITUATIONS:
        return {"trade and situation": 1.0}
    before, after = _stage(early), _stage(late)
    return {"career onward": float(after > before), "career backward": float(after < before)}


def _stage(profile: Profile) -> int:
    return max(_STAGES.get(each, _MIDDLE) for each in profile.roles.fields)


def _shared(some: Set[str], others: Set[str]) -> bool:
    """Whether names of bodies share a word, or the beginning of one: "Fed" and "Federal"."""
    return any(a.startswith(b) or b.startswith(a) for a in some for b in others)


def _other_gender(one: Profile, other: Profile, weak: bool) -> bool:
    """Whether what is told of the two is not one gender; one given name shows one gender."""
    a, b = (_gender(each, told_alone=not weak) for each in (one, other))
    return None is not a is not b is not None


def _gender(profile: Profile, *, told_alone: bool) -> Gender | None:
    """The gender that roles, titles or the given name show; None where they do not agree on one."""
    told = {*profile.roles.genders, *(name.gender for name in profile.names)} - {Gender.UNKNOWN}
    if not told and not told_alone:
        full = (name for name in profile.names if name.full)
        told = {gender_of_given(name.ends[0]) for name in full} - {Gender.UNKNOWN}
    return next(iter(told)) if len(told) == 1 else None


def _all_countries(profile: Profile) -> frozenset[str]:
    return profile.roles.countries | profile.around.countries


def _countries(one: Profile, other: Profile) -> dict[str, float]:
    sure = bool(one.roles.countries and other.roles.countries)
    a = one.roles.countries or one.around.countries
    b = other.roles.countries or other.around.countries
    shared = bool(_all_countries(one) & _all_countries(other))
    return {
        "same country": float(shared),
        "other country": float(bool(a and b) and not shared and not sure),
        "other country in titles": float(
            bool(a and b) and not shared and not (one.roles.countries or other.roles.countries)
        ),
        "other country in roles": float(sure and not shared),
    }


def _topics(one: Profile, other: Profile) -> dict[str, float]:
    # That a fire is what a fire chief speaks of tells nothing.
    own = (one.roles.stems - one.roles.special) | (other.roles.stems - other.roles.special)
    shared = (one.telling & other.telling) - own
    # Countries are evidence of their own.
    words = sum(not signs.is_country(each) for each in shared)
    return {
        "topics shared": min(math.log2(1 + words), 3) / 3,
        "no topic shared": float(bool(one.topics and other.topics) and not shared),
    }
