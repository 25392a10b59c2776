"""What the commands read: files and standard input, and what the options say of them."""

from __future__ import annotations

import zoneinfo
from dataclasses import dataclass

from quoth import InvalidArticle, article
from quoth_cli.exits import Exit, Failure
from quoth_cli.readers import BadRow, Unreadable, texts
from quoth_cli.readers.streams import MAX_BYTES, STDIN, whole

__all__ = ["STDIN", "Defaults", "read_bytes", "text_of"]


@dataclass(frozen=True, slots=True)
class Defaults:
    """What holds for an article that does not say otherwise."""

    title: str = ""
    published: str = ""
    time_zone: str = ""
    language: str = ""

    def check(self) -> None:
        """Refuses what can be seen to be wrong before any article is read.

        Raises:
            Failure: `--published` or `--time-zone` cannot be read.
        """
        try:
            article("", published=self.published or None)
        except InvalidArticle as error:
            raise Failure(Exit.USAGE, f"--published: {error.violations[0].description}") from error
        if self.time_zone and self.time_zone not in zoneinfo.available_timezones():
            raise Failure(
                Exit.USAGE,
                f"--time-zone: {self.time_zone!r} is not an IANA time zone; give one such as "
                "America/New_York",
            )


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
