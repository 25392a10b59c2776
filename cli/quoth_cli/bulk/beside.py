"""The files beside an output: opened never through a link, and held by one run at a time."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

if sys.platform != "win32":
    import fcntl

__all__ = [
    "LedgerError",
    "Lock",
    "check_there",
    "hold",
    "is_at",
    "opened",
    "replacing",
    "write_all",
]

_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_BINARY = getattr(os, "O_BINARY", 0)


class LedgerError(Exception):
    """A run cannot go on, or must not begin; the text says why and the remedy."""


def opened(path: Path, *, make: bool = False, append: bool = False) -> IO[bytes]:
    """Opens a file to read and write, without a buffer, as it is.

    Whoever may write into the folder could otherwise have a file of somebody else written over,
    by a link of that name.

    Args:
        path: The file.
        make: Make it if it is not there.
        append: All that is written goes to its end.

    Raises:
        LedgerError: It is a link.
        OSError: It cannot be opened.
    """
    flags = os.O_RDWR | _BINARY | _NO_LINK
    flags |= os.O_CREAT if make else 0
    flags |= os.O_APPEND if append else 0
    try:
        descriptor = os.open(path, flags, 0o666)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise LedgerError(
                f"{path}: is a link, where quoth keeps its own file; remove the link"
            ) from error
        raise
    return os.fdopen(descriptor, "r+b", buffering=0)


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """Gives a file to write, which then has the name: as a whole and to last, or not at all.

    Raises:
        OSError: It cannot be made or written.
    """
    made = path.with_name(f"{path.name}.new")
    made.unlink(missing_ok=True)
    descriptor = os.open(made, os.O_RDWR | os.O_CREAT | os.O_EXCL | _BINARY, 0o666)
    with os.fdopen(descriptor, "r+b") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())
    made.replace(path)


def write_all(write: Callable[[memoryview], int], data: bytes) -> None:
    """Writes all of it: a file without a buffer may take a part."""
    left = memoryview(data)
    while left:
        left = left[write(left) :]


def hold(file: IO[bytes], path: Path) -> None:
    """Has a file to oneself until it is closed.

    Raises:
        LedgerError: Another process has it.
    """
    if sys.platform == "win32":
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise LedgerError(f"{path}: another run is writing this output now; wait for it") from error


def is_at(path: Path, file: os.stat_result) -> bool:
    """Whether a file, as `os.fstat` has it, can be found under a name."""
    try:
        return os.path.samestat(path.stat(), file)
    except (FileNotFoundError, NotADirectoryError):
        return False


def check_there(path: Path, written: os.stat_result) -> None:
    """Sees that a file that was written can be found under its name, as `is_at` does.

    Raises:
        FileNotFoundError: It was removed, or another file is in its place.
    """
    if not is_at(path, written):
        raise FileNotFoundError(
            errno.ENOENT, f"{path} was removed or replaced during the run; run it again", str(path)
        )


class Lock:
    """What the one run that writes an output holds, taken before it looks at anything.

    The file is never renamed, so that whoever has it open has the one that counts, or sees that
    it is gone.

    Raises:
        LedgerError: Another run holds it, or it is a link.
        OSError: It cannot be made.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        while True:
            self._file = opened(path, make=True)
            try:
                hold(self._file, path)
            except BaseException:
                self._file.close()
                raise
            if is_at(path, os.fstat(self._file.fileno())):
                return
            # Whoever held it has removed it in the meantime: it keeps nobody out any more.
            self._file.close()

    def release(self) -> None:
        """Lets another run have the output."""
        if self._file.closed:
            return
        # A lock that is left behind harms nobody, and windows remove no open file.
        with contextlib.suppress(OSError):
            if is_at(self._path, os.fstat(self._file.fileno())):
                self._path.unlink()
        self._file.close()
