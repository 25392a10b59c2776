# Generated from quoth/_async/source.py: change that file, then run `make generate`.
"""Articles taken from the caller's iterable beside the call, so that answers need not wait."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from quoth._threads import Inbox, Task, iterate
from quoth.v1 import Article

__all__ = ["Pulled", "Source"]


@dataclass(frozen=True, slots=True)
class Pulled:
    """The result of one pull: an article, the error raised in its place, or neither at the end."""

    article: Article | None = None
    error: BaseException | None = None


class Source:
    """Takes one article for each `pull` and hands it to `deliver`."""

    def __init__(
        self,
        articles: Iterable[Article],
        deliver: Callable[[Pulled], None],
    ) -> None:
        self._articles = articles
        self._deliver = deliver
        self._pulls: Inbox[bool] = Inbox()
        self._task = Task(self._work)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._pulls.put(False)
        self._task.stop()

    def pull(self) -> None:
        """Asks for one more article."""
        self._pulls.put(True)

    def _work(self) -> None:
        try:
            iterator = iterate(self._articles)
            while self._pulls.get():
                article = next(iterator, None)
                self._deliver(Pulled(article))
                if article is None:
                    return
        except BaseException as error:  # noqa: BLE001  (it is the caller's, and raised there)
            self._deliver(Pulled(error=error))
