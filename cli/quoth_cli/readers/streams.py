"""Files as streams of bytes: plain or compressed, line by line, with flat memory."""

from __future__ import annotations

import contextlib
import gzip
import io
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, NamedTuple, cast

from quoth_cli.readers.base import STDIN, Unreadable

__all__ = ["MAX_BYTES", "STDIN", "Stream", "lines", "open_stream", "reading", "whole", "why"]

MAX_BYTES = 8 * 1024 * 1024
"""The longest line read; an article is a hundredth of it."""


class Stream(NamedTuple):
    """A file to read, and what it is read from, where that tells how much was read."""

    file: IO[bytes]
    raw: IO[bytes] | None = None

    @property
    def taken(self) -> int:
        """Bytes read, compressed ones where it is compressed; 0 where that is not known."""
        return self.raw.tell() if self.raw else 0


@contextlib.contextmanager
def open_stream(path: str) -> Iterator[Stream]:
    """Opens a file, decompressed if its name ends in .gz or .zst, or standard input for `-`.

    Raises:
        Unreadable: The file is missing or may not be read, or pyarrow is missing for .zst.
    """
    if path == STDIN:
        if sys.stdin.isatty():
            sys.stderr.write("quoth: reading the terminal; end the text with Ctrl-D\n")
        yield Stream(sys.stdin.buffer)
        return
    with reading(path), Path(path).open("rb") as raw:
        match Path(path).suffix.lower():
            case ".gz":
                file = cast("IO[bytes]", gzip.GzipFile(fileobj=raw))
            case ".zst":
                file = _zstandard(raw)
            case _:
                file = raw
        yield Stream(file, raw if raw.seekable() else None)


def whole(path: str, most: int = MAX_BYTES) -> bytes:
    """Reads a file, decompressed if its name ends in .gz or .zst, or standard input for `-`.

    Raises:
        Unreadable: It cannot be read, or has more than `most` bytes.
    """
    place = "standard input" if path == STDIN else path
    with open_stream(path) as stream, reading(place):
        data = stream.file.read(most + 1)
    if len(data) > most:
        raise Unreadable(
            f"{place}: longer than {most // 1024**2} MiB, the limit for an article; split it"
        )
    return data


def _zstandard(raw: IO[bytes]) -> IO[bytes]:
    import pyarrow as pa

    return io.BufferedReader(pa.CompressedInputStream(pa.PythonFile(raw, "r"), "zstd"), 1 << 16)


@contextlib.contextmanager
def reading(place: str) -> Iterator[None]:
    """Tells every failure to read a file as `Unreadable`."""
    try:
        yield
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise Unreadable(f"{place}: damaged: {error}; get the file again") from error
    except OSError as error:
        raise Unreadable(f"{place}: {why(error)}") from error


def why(error: OSError) -> str:
    """Why a file cannot be read, and what to do."""
    match error:
        case FileNotFoundError():
            return "no such file; check the path"
        case PermissionError():
            return "no permission to read it; ask its owner, or use chmod"
        case IsADirectoryError():
            return "is a directory; name the files in it"
        case _:
            return f"cannot be read: {error.strerror or error}"


def lines(file: IO[bytes], place: str) -> Iterator[tuple[int, bytes | None]]:
    """Yields each line that is not blank, with its number from 1.

    None stands for a line that is longer than `MAX_BYTES`, whose rest is skipped: memory stays
    flat whatever the file holds.

    Raises:
        Unreadable: The file cannot be read any further.
    """
    number = 0
    while line := _line(file, MAX_BYTES + 1, place):
        number += 1
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        if len(line) > MAX_BYTES and not line.endswith(b"\n"):
            while (rest := _line(file, MAX_BYTES, place)) and not rest.endswith(b"\n"):
                pass
            yield number, None
        elif line.strip():
            yield number, line


def _line(file: IO[bytes], most: int, place: str) -> bytes:
    with reading(place):
        return file.readline(most)
