"""The articles of an archive that are still to be read."""

from __future__ import annotations

from collections.abc import Iterator

from quoth import InvalidArticle
from quoth_cli.bulk.ledger import Progress
from quoth_cli.exits import Exit, Failure
from quoth_cli.problems import missing_package, unexpected
from quoth_cli.readers.base import BadRow, Record, Unreadable
from quoth_cli.readers.mapping import FieldMap
from quoth_cli.readers.sources import Sources
from quoth_cli.reading import Item

__all__ = ["Feed"]


class Feed:
    """The articles of an input without rows in the output, with their positions.

    It can be pickled, and read where it arrives, if the files of the input are there too.

    Args:
        source: The input.
        fields: Which fields an article is made of.
        progress: What the output has.
    """

    def __init__(self, source: Sources, fields: FieldMap, progress: Progress) -> None:
        self._source = source
        self._fields = fields
        self._progress = progress
        self._told: float | None = None
        self.problem: Failure | None = None
        """Why the input could not be read to its end; what was under way is finished first."""

    def items(self) -> Iterator[Item]:
        """Yields the articles in order."""
        try:
            for position, record in self._source.records(self._progress.first_open):
                if not self._progress.is_done(position):
                    yield self._item(position, record)
        except Unreadable as error:
            self.problem = Failure(Exit.INPUT, str(error))
        except ModuleNotFoundError as error:
            self.problem = missing_package(error)
        except Exception as error:  # noqa: BLE001  (the barrier: what was read so far is kept)
            self.problem = Failure(Exit.INPUT, f"{self._source.place}: {unexpected(error)}")

    def share(self) -> float | None:
        """How much of the input was read, 0 to 1; None where that cannot be known."""
        return self._source.share() if self._told is None else self._told

    @property
    def is_elsewhere(self) -> bool:
        """Whether a copy was read in its place."""
        return self._told is not None

    def tell(self, share: float | None, problem: Failure | None) -> None:
        """What became of a copy that is read elsewhere."""
        self._told = share
        self.problem = problem

    def _item(self, position: int, record: Record) -> Item:
        name: str | int = record.name
        try:
            fields = record.fields()
            if position == 0 and not record.extracted:
                # A first row without a text is not a bad row: the fields have other names.
                self._fields.check_table(fields, record.place)
            name, article, meta = self._fields.article(
                fields, record.name, extracted=record.extracted, day=record.day
            )
        except (BadRow, InvalidArticle) as problem:
            return Item(record.place, name, problem=problem, position=position)
        except (Unreadable, ModuleNotFoundError):
            raise
        except Exception as error:  # noqa: BLE001  (the barrier: one article ends no run)
            return Item(record.place, name, problem=unexpected(error), position=position)
        return Item(record.place, name, article, meta=meta, position=position)
