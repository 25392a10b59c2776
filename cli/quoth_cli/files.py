"""Files that quoth makes: their names, and how they are written."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path

from quoth_cli.exits import Exit, Failure

__all__ = ["file_name", "replace", "writing"]

_NO_NAME = re.compile(r"[^\w.-]+")
_SUFFIX = re.compile(r"\.(txt|html?|docx|pdf)$", re.IGNORECASE)
_LONGEST_NAME = 100


def file_name(article_id: str) -> str:
    """A name that any file may have, of the last part of an id."""
    last = _SUFFIX.sub("", article_id.rpartition("/")[2])
    return _NO_NAME.sub("_", last)[:_LONGEST_NAME].lstrip(".-") or "article"


@contextlib.contextmanager
def writing(place: str | Path) -> Iterator[None]:
    """Tells that an output cannot be written, as what ends the command.

    Raises:
        Failure: It cannot; that nobody reads it any more is told elsewhere.
    """
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise Failure(
            Exit.OUTPUT, f"{place}: cannot be written: {error.strerror or error}"
        ) from error


def replace(path: Path, text: str) -> None:
    """Writes a text to a file, which has all of it or is not there.

    Raises:
        OSError: It cannot be written.
    """
    made = path.with_name(f"{path.name}.new")
    made.write_bytes(text.encode())
    made.replace(path)
