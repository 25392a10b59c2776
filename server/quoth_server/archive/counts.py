"""How many statements there are: by month, by type of speaker and by person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from quoth import v1
from quoth_server.archive import messages
from quoth_server.archive.columns import NO_MONTH, TYPES, Columns, Numbers
from quoth_server.service.enums import number

if TYPE_CHECKING:
    from quoth_server.archive.register import Register

__all__ = ["count"]


def count(
    columns: Columns, register: Register, numbers: Sequence[int] | None, most_people: int
) -> v1.CountStatementsResponse:
    """Counts the statements of these numbers, or all; of people those with the most statements.

    Statements whose speaker is not known are counted under the unspecified type.
    """
    months, types = columns.months, columns.types
    people = np.full(len(months), -1, np.int32)  # of those that are new nobody is known yet
    known = register.places[: len(people)]
    people[: len(known)] = known
    if numbers is not None:
        which = np.asarray(numbers, np.int64)
        months, types, people = months[which], types[which], people[which]
    by_type = np.bincount(types, minlength=len(TYPES) + 1).tolist()
    by_person = np.bincount(people[people >= 0])
    most = np.argsort(-by_person, kind="stable")[:most_people].tolist()
    of_types = [
        v1.SpeakerTypeCount(type=number(v1.SpeakerType, kind), statements=statements)
        for kind, statements in zip((*TYPES, None), by_type, strict=True)
        if statements
    ]
    return v1.CountStatementsResponse(
        total_size=len(months),
        speaker_types=sorted(of_types, key=lambda each: each.type),
        months=_by_month(months),
        people=[
            v1.PersonCount(
                person=messages.person(register.people[at], roles=False),
                statements=int(by_person[at]),
                months=_by_month(months[people == at]),
            )
            for at in most
            if by_person[at]
        ],
    )


def _by_month(months: Numbers) -> list[v1.MonthCount]:
    found, counts = np.unique(months[months != NO_MONTH], return_counts=True)
    return [
        v1.MonthCount(
            month=v1.CalendarDate(year=month // 12, month=month % 12 + 1), statements=statements
        )
        for month, statements in zip(found.tolist(), counts.tolist(), strict=True)
    ]
