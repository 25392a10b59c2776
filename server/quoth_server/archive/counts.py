"""How many statements there are: by month, by type of speaker and by person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from quoth import v1
from quoth_server.archive import messages
from quoth_server.service.enums import number

if TYPE_CHECKING:
    from quoth_server.archive.register import Register
    from quoth_server.archive.rows import Rows

__all__ = ["Columns", "count"]

_Numbers: TypeAlias = "np.ndarray[Any, np.dtype[Any]]"

_NO_MONTH = 0  # of a statement without a date
_TYPES = ("person", "organization", "group", "document", "unnamed", "place")
_UNKNOWN = len(_TYPES)  # the number of the type of an unknown speaker


@dataclass(frozen=True, slots=True)
class Columns:
    """The month and the type of speaker of every statement, by their numbers."""

    months: _Numbers
    types: _Numbers

    @classmethod
    def of(cls, rows: Rows) -> Columns:
        """Those of some rows; this reads three columns of all."""
        months, types = [np.zeros(0, np.int32)], [np.zeros(0, np.int8)]
        known = pa.array(_TYPES)
        for batch in rows.batches():
            day = pc.coalesce(
                batch.column("date_from"), batch.column("date_to"), batch.column("anchor_date")
            )
            month = pc.add(pc.multiply(pc.year(day), 12), pc.subtract(pc.month(day), 1))
            months.append(pc.fill_null(month, _NO_MONTH).to_numpy(zero_copy_only=False))
            kind = pc.fill_null(pc.index_in(batch.column("speaker_type"), known), _UNKNOWN)
            types.append(kind.to_numpy(zero_copy_only=False))
        return cls(np.concatenate(months), np.concatenate(types))


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
    by_type = np.bincount(types, minlength=len(_TYPES) + 1).tolist()
    by_person = np.bincount(people[people >= 0])
    most = np.argsort(-by_person, kind="stable")[:most_people].tolist()
    of_types = [
        v1.SpeakerTypeCount(type=number(v1.SpeakerType, kind), statements=statements)
        for kind, statements in zip((*_TYPES, None), by_type, strict=True)
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


def _by_month(months: _Numbers) -> list[v1.MonthCount]:
    found, counts = np.unique(months[months != _NO_MONTH], return_counts=True)
    return [
        v1.MonthCount(
            month=v1.CalendarDate(year=month // 12, month=month % 12 + 1), statements=statements
        )
        for month, statements in zip(found.tolist(), counts.tolist(), strict=True)
    ]
