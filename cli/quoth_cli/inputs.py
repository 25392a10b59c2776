"""What the commands read: files and standard input."""

from __future__ import annotations

from quoth_cli.exits import Exit, Failure
from quoth_cli.readers import BadRow, Unreadable, texts
from quoth_cli.readers.streams import MAX_BYTES, STDIN, whole

__all__ = ["STDIN", "read_bytes", "text_of"]


def read_bytes(path: str, most: int = MAX_BYTES) -> bytes:
    """Reads a file, or standard input for `-`; see `quoth_cli.readers.streams.whole`.

    Raises:
        Failure: It cannot be read, or is too long for any server.
    """
    try:
        return whole(path, most)
    except Unreadable as error:
        raise Failure(Exit.INPUT, str(error)) from error


def text_of(data: bytes, place: str) -> str:
    """The text of a file; see `quoth_cli.readers.texts.text_of`.

    Raises:
        Failure: It is not text.
    """
    try:
        return texts.text_of(data)
    except BadRow as error:
        raise Failure(Exit.INPUT, f"{place}: {error}") from error
