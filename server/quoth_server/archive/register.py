"""The people of an archive by their ids, and whose each statement is."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from quoth_server.archive import words
from quoth_server.archive.people import Known, Member, Person, persons
from quoth_server.archive.statement import Statement

if TYPE_CHECKING:
    from quoth_server.archive.archive import View

__all__ = ["Register", "register"]

_NOBODY = -1


@dataclass(frozen=True)
class Register:
    """The people of a view.

    Attributes:
        people: Those with the most statements first.
        places: The place in `people` of who made each statement, by number; -1 for nobody of these.
    """

    people: tuple[Person, ...]
    places: array[int]

    def id_of(self, number: int) -> str:
        """The id of who made a statement; empty where it is nobody of these."""
        at = self.places[number] if number < len(self.places) else _NOBODY
        return "" if at == _NOBODY else self.people[at].person_id

    def person(self, person_id: str) -> Person | None:
        """The person of an id."""
        at = self._by_id.get(person_id)
        return None if at is None else self.people[at]

    def numbers(self, person_id: str) -> list[int]:
        """The statements of a person; none of an id that is not known."""
        at = self._by_id.get(person_id)
        return [] if at is None else [n for n, of in enumerate(self.places) if of == at]

    def named(self, name: str, types: frozenset[str]) -> list[Person]:
        """Those with a name that has these words; a word that ends in `*` is the beginning of one.

        An empty name is everybody's, and no types are all.
        """
        asked = [(word.endswith("*"), key) for word in name.split() for key in words.keys(word)]
        return [
            person
            for at, person in enumerate(self.people)
            if (not types or person.type in types)
            and (not asked or any(_has(of, asked) for of in self._names[at]))
        ]

    @cached_property
    def _by_id(self) -> dict[str, int]:
        return {person.person_id: at for at, person in enumerate(self.people)}

    @cached_property
    def _names(self) -> list[list[frozenset[str]]]:
        return [
            [frozenset(words.keys(name)) for name in (person.display_name, *person.aliases)]
            for person in self.people
        ]


def _has(name: frozenset[str], asked: list[tuple[bool, str]]) -> bool:
    return all(
        any(word.startswith(key) for word in name) if beginning else key in name
        for beginning, key in asked
    )


def register(view: View, table: Sequence[Known] = (), *, least: float = 0) -> Register:
    """Puts the people of a view together; this reads all of it.

    Args:
        view: The archive.
        table: The people whom the user knows.
        least: The confidence of the statements that count; those without one do, too.
    """
    speakers: dict[Member, int] = {}
    said = array("i")

    def noted() -> Iterator[Statement]:
        for statement in view.rows.each():
            if not statement.is_likely(least):
                said.append(_NOBODY)
                continue
            member = Member(statement.source, statement.position, statement.speaker_id or "")
            said.append(speakers.setdefault(member, len(speakers)))
            yield statement

    people = persons(noted(), table)
    of = array("i", [_NOBODY]) * len(speakers)
    for at, person in enumerate(people):
        for member in person.members:
            of[speakers[member]] = at
    return Register(tuple(people), array("i", (_of(of, speaker) for speaker in said)))


def _of(places: array[int], speaker: int) -> int:
    return _NOBODY if speaker == _NOBODY else places[speaker]
