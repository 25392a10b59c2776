"""Columns of an archive by which its statements are counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from quoth_server.archive.rows import Rows

__all__ = ["NO_MONTH", "TYPES", "Columns", "Numbers"]

Numbers: TypeAlias = "np.ndarray[Any, np.dtype[Any]]"

NO_MONTH = 0
"""The month of a statement without a date."""
TYPES = ("person", "organization", "group", "document", "unnamed", "place")
"""Types of speakers, by the number that `Columns.types` has; an unknown one has the next number."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The month and the type of speaker of every statement, by their numbers.

    A month is counted from year 0 on.
    """

    months: Numbers
    types: Numbers

    @classmethod
    def of(cls, rows: Rows) -> Columns:
        """Those of some rows; this reads three columns of all."""
        months, types = [np.zeros(0, np.int32)], [np.zeros(0, np.int8)]
        known = pa.array(TYPES)
        for batch in rows.batches():
            day = pc.coalesce(
                batch.column("date_from"), batch.column("date_to"), batch.column("anchor_date")
            )
            month = pc.add(pc.multiply(pc.year(day), 12), pc.subtract(pc.month(day), 1))
            months.append(pc.fill_null(month, NO_MONTH).to_numpy(zero_copy_only=False))
            kind = pc.fill_null(pc.index_in(batch.column("speaker_type"), known), len(TYPES))
            types.append(kind.to_numpy(zero_copy_only=False))
        return cls(np.concatenate(months), np.concatenate(types))
