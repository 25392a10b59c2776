"""Articles from files, standard input and JSON Lines, as requests."""

from __future__ import annotations

import codecs
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from quoth import InvalidArticle, article
from quoth.cli.exits import Exit, Failure
from quoth.v1 import Article

__all__ = [
    "MAX_BYTES",
    "STDIN",
    "BadLine",
    "Defaults",
    "article_of_line",
    "lines",
    "open_input",
    "read_bytes",
    "read_text",
    "text_of",
]

STDIN = "-"

MAX_BYTES = 16 * 1024 * 1024
"""The longest text or line read; an article is a thousandth of it."""

_OPTIONS = {"article.publish_time": "--published", "article.time_zone": "--time-zone"}
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


class BadLine(Exception):
    """A line of JSON Lines that is no article; the text says why."""


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
            article("", published=self.published or None, time_zone=self.time_zone)
        except InvalidArticle as error:
            wrong = error.violations[0]
            option = _OPTIONS.get(wrong.field, wrong.field)
            raise Failure(Exit.USAGE, f"{option}: {wrong.description}") from error


def open_input(path: str) -> IO[bytes]:
    """Opens a file, or standard input for `-`.

    Raises:
        Failure: The file is missing or may not be read.
    """
    if path == STDIN:
        if sys.stdin.isatty():
            sys.stderr.write("quoth: reading the terminal; end the text with Ctrl-D\n")
        return sys.stdin.buffer
    try:
        return Path(path).open("rb")
    except OSError as error:
        raise Failure(Exit.INPUT, f"{path}: {_why(error)}") from error


def _why(error: OSError) -> str:
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


def read_text(path: str) -> str:
    """Reads the text of a file, or of standard input for `-`, exactly as it stands.

    A byte order mark is taken off; nothing else is changed, line ends included.

    Raises:
        Failure: It cannot be read, is no text, or is too long for any server.
    """
    return text_of(read_bytes(path), "standard input" if path == STDIN else path)


def read_bytes(path: str) -> bytes:
    """Reads a file, or standard input for `-`.

    Raises:
        Failure: It cannot be read, or is longer than `MAX_BYTES`.
    """
    place = "standard input" if path == STDIN else path
    try:
        with open_input(path) as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise Failure(Exit.INPUT, f"{place}: {_why(error)}") from error
    if len(data) > MAX_BYTES:
        limit = MAX_BYTES // 1024**2
        raise Failure(Exit.INPUT, f"{place}: longer than {limit} MiB; no article is, so divide it")
    return data


def text_of(data: bytes, place: str) -> str:
    """The text of a file; see `read_text`.

    Raises:
        Failure: It is no text.
    """
    encoding = "utf-8"
    for mark, marked in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            data, encoding = data[len(mark) :], marked
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Failure(
            Exit.INPUT,
            f"{place}: not {encoding.upper()} text (byte {error.start}); if it is text in another "
            "encoding, convert it, such as with: iconv -f WINDOWS-1252 -t UTF-8",
        ) from error
    if "\0" in text:
        at = text.index("\0")
        raise Failure(
            Exit.INPUT, f"{place}: a binary file (NUL at character {at}); extract its text first"
        )
    return text


def lines(file: IO[bytes]) -> Iterator[tuple[int, bytes | None]]:
    """Yields each line that is not blank, with its number from 1.

    None stands for a line that is longer than `MAX_BYTES`, whose rest is skipped: memory stays
    flat whatever the file holds.
    """
    number = 0
    while line := _line(file, MAX_BYTES + 1):
        number += 1
        if len(line) > MAX_BYTES and not line.endswith(b"\n"):
            while (rest := _line(file, MAX_BYTES)) and not rest.endswith(b"\n"):
                pass
            yield number, None
        elif line.strip():
            yield number, line


def _line(file: IO[bytes], most: int) -> bytes:
    try:
        return file.readline(most)
    except OSError as error:
        raise Failure(Exit.INPUT, f"{file.name}: {_why(error)}") from error


def article_of_line(line: bytes | None, defaults: Defaults) -> tuple[str | int | None, Article]:
    """The `id` of a line and its article; keys that are not known are passed over.

    Raises:
        BadLine: The line is no JSON object with a text.
        InvalidArticle: "published" or "time_zone" cannot be read, or a text is no valid Unicode.
    """
    row = _row(line)
    given = row.get("id")
    if given is not None and (isinstance(given, bool) or not isinstance(given, str | int)):
        raise BadLine(f'"id" is {_kind(given)}; make it a text or a whole number')
    if "body" in row and "text" in row:
        raise BadLine('has both "body" and "text"; give one')
    if "body" not in row and "text" not in row:
        raise BadLine('has no "body"; give the text of the article as "body" or "text"')
    return given, article(
        _text(row, "body" if "body" in row else "text", ""),
        article_id="" if given is None else str(given),
        title=_text(row, "title", defaults.title),
        published=_text(row, "published", defaults.published) or None,
        time_zone=_text(row, "time_zone", defaults.time_zone),
        language=_text(row, "language", defaults.language),
    )


def _row(line: bytes | None) -> dict[str, Any]:
    if line is None:
        raise BadLine(f"longer than {MAX_BYTES // 1024**2} MiB; no article is, so divide it")
    try:
        row = json.loads(line)
    except UnicodeDecodeError as error:
        raise BadLine(f"not UTF-8 text (byte {error.start}); convert the file") from error
    except json.JSONDecodeError as error:
        raise BadLine(f"not JSON: {error.msg} at column {error.colno}") from error
    except (RecursionError, ValueError) as error:  # ValueError: a number of too many digits
        raise BadLine(f"not JSON that can be read: {error}") from error
    if not isinstance(row, dict):
        raise BadLine(f'is {_kind(row)}; make it an object such as {{"id": "1", "body": "…"}}')
    return row


def _text(row: dict[str, Any], key: str, default: str) -> str:
    value = row.get(key)
    if value is None:
        return default
    if not isinstance(value, str):
        raise BadLine(f'"{key}" is {_kind(value)}; make it a text')
    return value


def _kind(value: object) -> str:
    """What a JSON value is, in JSON's words."""
    match value:
        case None:
            return "null"
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "a text"
        case list():
            return "a list"
        case _:
            return "an object"
