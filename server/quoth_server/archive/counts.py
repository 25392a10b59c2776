"""How many statements there are: by month, by type of speaker and by person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from quoth_server.archive.columns import NO_MONTH, TYPES, Columns, Numbers

if TYPE_CHECKING:
    from quoth_server.archive.register import Register

__all__ = ["Counts", "count"]

Month: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many statements there are.

    Attributes:
        total: Of all.
        types: By each type of speaker; None is the type of those whose speaker is not known.
        months: By each month, year and month, the first one first.
        people: The people with the most, by their places in the register: how many, and how many
            in each month.
    """

    total: int
    types: dict[str | None, int]
    months: dict[Month, int]
    people: list[tuple[int, int, dict[Month, int]]]


def count(
    columns: Columns, register: Register, numbers: Sequence[int] | None, most_people: int
) -> Counts:
    """Counts statements.

    Args:
        columns: Of the archive.
        register: Its people.
        numbers: Which statements; None are all.
        most_people: How many people at most.
    """
    months, types = columns.months, columns.types
    people = np.full(len(months), -1, np.int32)  # of those that are new nobody is known yet
    known = register.places()[: len(people)]
    people[: len(known)] = known
    if numbers is not None:
        which = np.asarray(numbers, np.int64)
        months, types, people = months[which], types[which], people[which]
    by_type = np.bincount(types, minlength=len(TYPES) + 1)
    by_person = np.bincount(people[people >= 0])
    most = np.argsort(-by_person, kind="stable")[:most_people]
    return Counts(
        total=len(months),
        types={(*TYPES, None)[at]: int(found) for at, found in enumerate(by_type) if found},
        months=_by_month(months),
        people=[
            (int(at), int(by_person[at]), _by_month(months[people == at]))
            for at in most
            if by_person[at]
        ],
    )


def _by_month(months: Numbers) -> dict[Month, int]:
    found, counts = np.unique(months[months != NO_MONTH], return_counts=True)
    return {
        (int(month) // 12, int(month) % 12 + 1): int(number)
        for month, number in zip(found, counts, strict=True)
    }
