"""The table of speakers that a user knows: a file of CSV or TOML.

A row of CSV has the columns `id`, `name`, `aliases`, `roles` and `type`, and a TOML file has the
same keys under each `[[speaker]]`. Only the name is required; without an id, the name is the id.
Several aliases or roles of a CSV cell are divided by semicolons.
"""

from __future__ import annotations

import csv
import hashlib
import io
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

import typer

from quoth.v1 import KnownSpeaker, SpeakerType
from quoth_cli.enum_words import number, words
from quoth_cli.readers.base import BadRow, Unreadable
from quoth_cli.readers.streams import whole
from quoth_cli.readers.texts import text_of

__all__ = ["KnownSpeakers", "read"]

_COLUMNS = ("id", "name", "aliases", "roles", "type")
_LISTS = ("aliases", "roles")
_TYPES = words(SpeakerType)


@dataclass(frozen=True, slots=True)
class KnownSpeakers:
    """The speakers of one table."""

    speakers: tuple[KnownSpeaker, ...]

    @property
    def digest(self) -> str:
        """The same for the same speakers."""
        data = b"".join(each.SerializeToString(deterministic=True) for each in self.speakers)
        return hashlib.sha256(data).hexdigest()[:16]


def read(path: str) -> KnownSpeakers:
    """Reads a table.

    Raises:
        typer.BadParameter: The file cannot be read, or has something else in it.
    """
    try:
        text = text_of(whole(path))
    except Unreadable as error:
        raise typer.BadParameter(str(error)) from error
    except BadRow as error:
        raise typer.BadParameter(f"{path}: {error}") from error
    match PurePath(path).suffix.lower():
        case ".csv":
            rows = _of_csv(text, path)
        case ".toml":
            rows = _of_toml(text, path)
        case _:
            raise typer.BadParameter(f"{path}: is neither .csv nor .toml; give one of these")
    return KnownSpeakers(tuple(_speaker(row, place) for place, row in rows))


_Rows = Iterable[tuple[str, Mapping[str, Any]]]


def _of_csv(text: str, path: str) -> _Rows:
    table = csv.DictReader(io.StringIO(text), restkey="")
    try:
        rows = [(f"{path}, line {table.line_num}", row) for row in table]
    except csv.Error as error:
        raise typer.BadParameter(f"{path}, line {table.line_num}: {error}") from error
    for place, row in rows:
        given = {name: value for name, value in row.items() if value}
        lists = {
            name: [part.strip() for part in given[name].split(";") if part.strip()]
            for name in _LISTS
            if isinstance(given.get(name), str)
        }
        yield place, given | lists


def _of_toml(text: str, path: str) -> _Rows:
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise typer.BadParameter(f"{path}: is not TOML: {error}") from error
    speakers = tables.pop("speaker", [])
    if tables or not isinstance(speakers, list) or not all(isinstance(s, dict) for s in speakers):
        raise typer.BadParameter(f"{path}: may only have [[speaker]] tables")
    for at, row in enumerate(speakers, 1):
        yield f"{path}, speaker {at}", row


def _speaker(row: Mapping[str, Any], place: str) -> KnownSpeaker:
    for name, value in row.items():
        if name not in _COLUMNS:
            raise typer.BadParameter(
                f"{place}: {name or 'a cell without a heading'!r} is unknown; use one of "
                f"{', '.join(_COLUMNS)}"
            )
        texts = value if name in _LISTS and isinstance(value, list) else [value]
        is_list = isinstance(value, list)
        if is_list != (name in _LISTS) or not all(isinstance(text, str) for text in texts):
            wanted = "a list of texts" if name in _LISTS else "a text"
            raise typer.BadParameter(f"{place}: {name} is not {wanted}")
    if not row.get("name", "").strip():
        raise typer.BadParameter(f"{place}: has no name; give one")
    kind = row.get("type", "").strip().lower()
    if kind and kind not in _TYPES:
        raise typer.BadParameter(
            f"{place}: type {kind!r} is unknown; use one of {', '.join(_TYPES)}"
        )
    return KnownSpeaker(
        known_speaker_id=row.get("id", "").strip() or row["name"].strip(),
        display_name=row["name"].strip(),
        aliases=row.get("aliases", ()),
        roles=row.get("roles", ()),
        type=number(SpeakerType, kind or "unspecified"),
    )
