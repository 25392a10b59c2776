"""Notices that files have changed."""

from __future__ import annotations

from pathlib import Path

__all__ = ["Watch"]

_State = tuple[int, int, int, int] | None


class Watch:
    """Remembers how files were when last asked; a file that is missing is a state too.

    By asking and not by notification: a mounted secret changes by a link to another folder, which
    no notification about the file tells.
    """

    def __init__(self, *files: Path) -> None:
        self._files = files
        self._seen = self._states()

    def changed(self) -> bool:
        """Whether any file is another, or has other times or another size, than when last asked."""
        now = self._states()
        changed = now != self._seen
        self._seen = now
        return changed

    def _states(self) -> tuple[_State, ...]:
        return tuple(map(_state, self._files))


def _state(file: Path) -> _State:
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino, status.st_mtime_ns, status.st_size
