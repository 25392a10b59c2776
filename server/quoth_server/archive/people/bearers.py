"""Finds who has a name that can be one person's with another: each two names are compared once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

from quoth_server.archive.people import names
from quoth_server.archive.people.agreeing import agreement
from quoth_server.archive.people.names import PersonName

__all__ = ["Bearers"]

T = TypeVar("T")


class Bearers(Generic[T]):
    """Those who have names, by names that agree."""

    def __init__(self) -> None:
        self._of: dict[PersonName, dict[T, None]] = {}
        self._agreeing: dict[PersonName, list[PersonName]] = {}
        self._full: dict[tuple[str, str], list[PersonName]] = {}
        self._short: dict[str, list[PersonName]] = {}
        self._any: dict[str, list[PersonName]] = {}
        self._numbers: dict[T, int] = {}

    def add(self, bearer: T, called: Iterable[PersonName]) -> None:
        """Adds a bearer of names, or names of one."""
        self._numbers.setdefault(bearer, len(self._numbers))
        for name in called:
            self._agreeing_with(name)
            self._of.setdefault(name, {})[bearer] = None

    def remove(self, bearer: T, called: Iterable[PersonName]) -> None:
        """Takes the names from one."""
        for name in called:
            self._of[name].pop(bearer, None)

    def near(self, called: Iterable[PersonName]) -> list[T]:
        """Those who have one of the names, or one that agrees with it; who came first is first."""
        found: dict[T, None] = {}
        for name in called:
            for other in self._agreeing_with(name):
                found |= self._of.get(other, {})
        return sorted(found, key=self._numbers.__getitem__)

    def _agreeing_with(self, name: PersonName) -> list[PersonName]:
        known = self._agreeing.get(name)
        if known is not None:
            return known
        found = [each for each in dict.fromkeys(self._alike(name)) if agreement(name, each)]
        for each in found:
            self._agreeing[each].append(name)
        self._agreeing[name] = [*found, name]
        self._index(name)
        return self._agreeing[name]

    def _alike(self, name: PersonName) -> Iterator[PersonName]:
        """Names that share the beginning of a word with one, as those that agree do."""
        for key in names.keys(name):
            if not name.full:
                yield from self._any.get(key, ())
                continue
            for given in names.given_keys(name):
                yield from self._full.get((key, given), ())
            yield from self._short.get(key, ())

    def _index(self, name: PersonName) -> None:
        for key in names.keys(name):
            self._any.setdefault(key, []).append(name)
            if not name.full:
                self._short.setdefault(key, []).append(name)
                continue
            for given in names.given_keys(name):
                self._full.setdefault((key, given), []).append(name)
