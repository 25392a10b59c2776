"""Articles taken from an iterable in a thread, so that answers need not wait for the next one."""

from __future__ import annotations

import contextvars
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from quoth.v1 import Article

__all__ = ["Pulled", "Source"]


@dataclass(frozen=True, slots=True)
class Pulled:
    """What came of one pull: an article, neither at the end, or what was raised in its place."""

    article: Article | None = None
    error: BaseException | None = None


class Source:
    """Takes an article each time it is told to.

    Args:
        articles: Where they come from. It is iterated in one thread, but not that of the caller.
        deliver: Called in that thread with each of them.
    """

    def __init__(self, articles: Iterable[Article], deliver: Callable[[Pulled], None]) -> None:
        self._articles = articles
        self._deliver = deliver
        self._wanted = threading.Semaphore(0)
        self._stopped = False
        # What the caller has set, such as its trace, holds where its iterable runs too.
        run = contextvars.copy_context().run
        threading.Thread(target=run, args=(self._work,), name="quoth-source", daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        # It is not waited for: nothing ends an iterable that waits for its next article.
        self._stopped = True
        self._wanted.release()

    def pull(self) -> None:
        """Lets one more article be taken."""
        self._wanted.release()

    def _work(self) -> None:
        try:
            iterator = iter(self._articles)
            while self._is_wanted():
                article = next(iterator, None)
                self._deliver(Pulled(article))
                if article is None:
                    return
        except BaseException as error:  # noqa: BLE001  (it is the caller's, and raised there)
            self._deliver(Pulled(error=error))

    def _is_wanted(self) -> bool:
        self._wanted.acquire()
        return not self._stopped
