"""Notices that files have changed, and that they were not read then."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["Watch"]

_State = tuple[int, int, int, int, int] | None


class Watch:
    """Remembers how files were when they were last read; a missing file is a state too.

    By asking and not by notification: a mounted secret changes by a link to another folder, which
    no notification about the file tells.
    """

    def __init__(self, *files: Path) -> None:
        self._files = files
        self._read: tuple[_State, ...] | None = self._states()

    @contextmanager
    def changes(self) -> Iterator[bool]:
        """Whether any file is another, or has other times or another size, than when last read.

        If the block, which reads them then, fails, they have changed the next time too: what could
        not be read for a moment shows by no other sign that it can be read again.
        """
        now = self._states()
        if now == self._read:
            yield False
            return
        self._read = None
        yield True
        self._read = now

    def look_again(self) -> None:
        """Has the files count as changed."""
        self._read = None

    def _states(self) -> tuple[_State, ...]:
        return tuple(map(_state, self._files))


def _state(file: Path) -> _State:
    try:
        status = file.stat()
    except OSError:
        return None
    # The time of the last change is set by none: it tells also of rights and of times put back.
    return (
        status.st_dev,
        status.st_ino,
        status.st_mtime_ns,
        status.st_ctime_ns,
        status.st_size,
    )
