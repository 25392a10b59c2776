"""The word lists of this package that say what a word of a role or a title is."""

from __future__ import annotations

from functools import cache

from quoth_server.archive.people import spelling
from quoth_server.engine.lexicon import words

__all__ = [
    "bodies",
    "countries",
    "country_names",
    "kin",
    "offices",
    "places",
    "plain",
    "regions",
    "spheres",
]


@cache
def offices() -> dict[str, tuple[str, str]]:
    """Field and name of an office by each word for it, plurals too."""
    found: dict[str, tuple[str, str]] = {}
    for line in spelling.entries("occupations"):
        field, _, groups = line.partition(": ")
        for group in groups.split(" | "):
            forms = group.split()
            for form in forms:
                found.setdefault(form, (field, forms[0]))
                found.setdefault(f"{form}s", (field, forms[0]))
    return found


@cache
def spheres() -> dict[str, str]:
    """The field that a word tells of."""
    found = (line.partition(": ") for line in spelling.entries("spheres"))
    return {word: field for field, _, told in found for word in told.split()}


@cache
def kin() -> dict[str, str]:
    """The name of a family tie by each word for it."""
    return {word: line.split()[0] for line in spelling.entries("kin") for word in line.split()}


@cache
def plain() -> frozenset[str]:
    """Words that reveal nothing about who is meant."""
    return frozenset(word for line in spelling.entries("plain_words") for word in line.split())


@cache
def bodies() -> frozenset[str]:
    """Nouns that many bodies have in their names, and plurals of them."""
    nouns = words("organization_nouns")
    return nouns | {f"{noun}s" for noun in nouns}


@cache
def places() -> dict[str, str]:
    """The name of the country of a city or a region."""
    found = (line.split() for line in spelling.entries("places"))
    return {place: country for country, *places in found for place in places}


@cache
def regions() -> dict[str, str]:
    """The name of a state or a province by each word for it and its people."""
    found = (line.split() for line in spelling.entries("regions"))
    return {word: names[0] for names in found for each in names for word in (each, f"{each}s")}


@cache
def country_names() -> frozenset[str]:
    """The names of countries that the others stand for."""
    return frozenset(countries().values())


@cache
def countries() -> dict[str, str]:
    """The name of a country by each word for it and its people."""
    found: dict[str, str] = {}
    for line in spelling.entries("countries"):
        name, *others = line.split()
        for form in (name, *others):
            found.setdefault(form, name)
            found.setdefault(f"{form}s", name)
    return found
