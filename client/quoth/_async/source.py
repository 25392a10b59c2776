"""Articles taken from the caller's iterable beside the call, so that answers need not wait."""

from __future__ import annotations

from collections.abc import AsyncIterable, Callable, Iterable
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from quoth._aio import Inbox, Task, iterate
from quoth.v1 import Article

__all__ = ["AsyncSource", "Pulled"]


@dataclass(frozen=True, slots=True)
class Pulled:
    """The result of one pull: an article, the error raised in its place, or neither at the end."""

    article: Article | None = None
    error: BaseException | None = None


class AsyncSource:
    """Takes one article for each `pull` and hands it to `deliver`."""

    def __init__(
        self,
        articles: Iterable[Article] | AsyncIterable[Article],
        deliver: Callable[[Pulled], None],
    ) -> None:
        self._articles = articles
        self._deliver = deliver
        self._pulls: Inbox[bool] = Inbox()
        self._task = Task(self._work)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._pulls.put(False)
        await self._task.stop()

    def pull(self) -> None:
        """Asks for one more article."""
        self._pulls.put(True)

    async def _work(self) -> None:
        try:
            iterator = iterate(self._articles)
            while await self._pulls.get():
                article = await anext(iterator, None)
                self._deliver(Pulled(article))
                if article is None:
                    return
        except BaseException as error:  # noqa: BLE001  (it is the caller's, and raised there)
            self._deliver(Pulled(error=error))
