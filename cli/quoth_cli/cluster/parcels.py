"""The articles of an archive in parcels: what goes to an actor at once, and what comes back.

A row of the dataset is one parcel, pickled, and a block is one row. So the unit of work is the same
whatever the length of the articles, and a read that Ray repeats gives the same parcels.
"""

from __future__ import annotations

import itertools
import pickle
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import pyarrow as pa
from ray.data import Datasource, ReadTask
from ray.data.block import BlockMetadata

from quoth_cli.bulk.feed import Feed
from quoth_cli.exits import Failure
from quoth_cli.reading import Item

__all__ = ["Parcel", "ParcelSource", "packed", "parcels", "unpacked"]

# Some seconds of work: far more than Ray needs to hand it out, and little to lose with an actor.
_ARTICLES = 32
_COLUMN = "parcel"
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Parcel(Generic[_T]):
    """Articles to read, or what became of each of them.

    The rows are made where the articles are read, so that the driver only writes them.

    Attributes:
        items: The articles.
        share: How much of the input was read with them.
        problem: Why the input could not be read any further.
    """

    items: tuple[_T, ...]
    share: float | None
    problem: Failure | None = None


def parcels(feed: Feed, articles: int = _ARTICLES) -> Iterator[Parcel[Item]]:
    """Yields the articles of a feed in parcels of a fixed size, and last what ended it, if any."""
    items = feed.items()
    while taken := tuple(itertools.islice(items, articles)):
        yield Parcel(taken, feed.share())
    if feed.problem is not None:
        yield Parcel((), feed.share(), feed.problem)


def packed(parcel: Parcel[Any]) -> pa.Table:
    """A parcel as the one row of a table."""
    return pa.table({_COLUMN: pa.array([pickle.dumps(parcel)], pa.binary())})


def unpacked(table: pa.Table) -> list[Parcel[Any]]:
    """The parcels of a table."""
    values = table.column(_COLUMN).to_pylist()
    return [pickle.loads(value) for value in values]  # noqa: S301 - made by `packed` in this run


class ParcelSource(Datasource):
    """Reads the feed in one task, on the driver's machine, where its files are."""

    def __init__(self, feed: Feed) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._feed = feed

    @property
    def supports_distributed_reads(self) -> bool:
        """The task runs on the driver's machine."""
        return False

    def estimate_inmemory_data_size(self) -> int | None:
        """Not known."""
        return None

    def get_read_tasks(self, parallelism: int, *args: Any, **options: Any) -> list[ReadTask]:
        """One task: only a reader from the beginning knows the places of the articles."""
        del parallelism, args, options
        feed = self._feed
        unknown = BlockMetadata(num_rows=None, size_bytes=None, input_files=None, exec_stats=None)
        return [ReadTask(lambda: map(packed, parcels(feed)), unknown)]
