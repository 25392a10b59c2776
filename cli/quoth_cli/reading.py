"""Many articles through an attributor, with those that could not be read in their place."""

from __future__ import annotations

import itertools
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from quoth.v1 import Article, AttributeQuotesResponse
from quoth_cli.attributor import Attributor
from quoth_cli.options import StatementOptions
from quoth_cli.problems import Problem
from quoth_cli.table.rows import ArticleMeta

__all__ = ["Item", "Result", "read_all"]

# Of all articles that are under way.
_MOST_BYTES = 32 * 1024 * 1024
_ALL = StatementOptions()


@dataclass(frozen=True, slots=True)
class Item:
    """One input: its place for people, its `id`, and either an article or why there is none.

    `meta` is what the input says of an article beside its text, `position` its place in the input
    from 0.
    """

    place: str
    id: str | int
    article: Article | None = None
    problem: Problem | None = None
    meta: ArticleMeta | None = None
    position: int = 0


@dataclass(frozen=True, slots=True)
class Result:
    """What became of an item; either `response` or `problem` is set."""

    item: Item
    response: AttributeQuotesResponse | None = None
    problem: Problem | None = None


def read_all(
    attributor: Attributor,
    items: Iterable[Item],
    *,
    ordered: bool = True,
    in_flight: int = 32,
    statements: StatementOptions = _ALL,
) -> Iterator[Result]:
    """Yields a result for each item, taking items only as fast as results are taken.

    Args:
        attributor: What finds the statements.
        items: The inputs; those without an article come back with their problem.
        ordered: Keep the order of the items, or give results as they are ready.
        in_flight: How many articles may be taken ahead, and held in memory. The default keeps a
            large server busy.
        statements: Which statements to ask for.

    Raises:
        QuothError: The attributor failed for good; results given before stay good.
    """
    source = iter(items)
    for item in source:
        # As long as nothing is under way, problems need not be kept.
        if item.article is None:
            yield Result(item, problem=item.problem)
            continue
        under_way = _UnderWay()
        for outcome in attributor.attribute_many(
            under_way.articles(itertools.chain([item], source)),
            ordered=ordered,
            in_flight=in_flight,
            kinds=statements.messages,
            min_confidence=statements.min_confidence,
            rejected=statements.rejected,
            nonresponses=statements.nonresponses,
            sentences=statements.sentences,
            known_speakers=statements.known,
        ):
            yield from under_way.before(outcome.index if ordered else None)
            yield Result(under_way.pop(outcome.index), outcome.response, outcome.error)
        yield from under_way.before(None)


class _UnderWay:
    """The items taken, in a thread of the attributor where it has one, and not yet given back."""

    def __init__(self) -> None:
        self._by_index: dict[int, Item] = {}
        self._bytes = 0
        self._lock = threading.Lock()  # of the bytes
        # Each with the index of the next article after it.
        self._without_article: deque[tuple[int, Item]] = deque()

    def articles(self, items: Iterable[Item]) -> Iterator[Article]:
        """Yields the articles of the items, and notes the items."""
        index = 0
        for item in items:
            if item.article is None:
                self._without_article.append((index, item))
                continue
            self._by_index[index] = item
            self._change(item.article.ByteSize())
            index += 1
            yield item.article
            # What comes next is for another call, when these are answered: memory stays flat
            # whatever the size of the articles.
            if self._bytes > _MOST_BYTES:
                return

    def before(self, index: int | None) -> Iterator[Result]:
        """Yields items without an article that come before an article; all of them for None."""
        while self._without_article and (index is None or self._without_article[0][0] <= index):
            item = self._without_article.popleft()[1]
            yield Result(item, problem=item.problem)

    def pop(self, index: int) -> Item:
        """The item of an article, which is no longer under way."""
        item = self._by_index.pop(index)
        if item.article is not None:
            self._change(-item.article.ByteSize())
        return item

    def _change(self, size: int) -> None:
        with self._lock:
            self._bytes += size
