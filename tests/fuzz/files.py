"""Reads files as `quoth bulk` does, and judges what comes of it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from quoth_cli.bulk.feed import Feed
from quoth_cli.bulk.ledger import Progress
from quoth_cli.exits import Failure
from quoth_cli.readers.base import Unreadable
from quoth_cli.readers.mapping import FieldMap
from quoth_cli.readers.sources import Sources

__all__ = ["read"]


def read(suffix: str, data: bytes) -> tuple[str, list[str]]:
    """How the reading of a file ended, and what must not have come of it, in words.

    Whatever is wrong with a row, a page or a file is said of that one: an item is an article or a
    problem, and what ends the file has a message for people.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"in.{suffix}"
        path.write_bytes(data)
        try:
            feed = Feed(Sources([str(path)], FieldMap()), FieldMap(), Progress())
            articles, found = 0, list[str]()
            for item in feed.items():
                articles += item.article is not None
                found += _of_item(item.article is not None, str(item.problem or ""))
        except (Failure, Unreadable) as error:
            return "not read", list(_of_message(str(error)))
        except Exception as error:  # noqa: BLE001 - it is what is looked for
            return "fault", [f"{type(error).__name__}: {error}"]
        if feed.problem:
            return "ended early", [*found, *_of_message(str(feed.problem))]
        return ("articles" if articles else "no article"), found


def _of_item(is_article: bool, problem: str) -> Iterator[str]:
    if is_article == bool(problem):
        yield f"an item is an article: {is_article}, and has the problem {problem!r}"
    elif not is_article:
        yield from _of_message(problem)


def _of_message(message: str) -> Iterator[str]:
    if not message.strip() or "Traceback" in message or "a fault in quoth" in message:
        yield f"it gets {message!r}"
