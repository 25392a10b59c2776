"""A user's table of people: names, roles and ids that win over what the articles tell.

As CSV, with a column `name`, and `aliases` and `roles`, whose values are parted by semicolons; each
further column is an id, such as `wikidata`:

    name,aliases,roles,wikidata
    Anna Berg,Anna Berg-Ruiz,Swedish culture minister,Q1

As TOML:

    [[person]]
    name = "Anna Berg"
    aliases = ["Anna Berg-Ruiz"]
    roles = ["Swedish culture minister"]
    ids = { wikidata = "Q1" }
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from quoth_server.archive.people import names, signs
from quoth_server.archive.people.profile import Profile

__all__ = ["BadTable", "Known", "profile_of", "read"]

_FIELDS = ("name", "aliases", "roles")
_WIKIDATA = re.compile(r"Q[1-9]\d*")


class BadTable(ValueError):
    """A table that cannot be read; the text names file, row, field and remedy."""


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody of the user's table.

    Attributes:
        name: What they are called.
        aliases: Other names that mean nobody else, unless another row has them too.
        roles: They tell people of one name apart; without any, everybody of the name is meant.
        ids: What they are called elsewhere, such as `wikidata: Q567`.
    """

    name: str
    aliases: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    ids: Mapping[str, str] = field(default_factory=dict)


def read(path: Path) -> list[Known]:
    """Reads a table, by its suffix `.csv` or `.toml`.

    Raises:
        BadTable: It is neither, or a row does not hold together.
        OSError: The file cannot be read.
    """
    match path.suffix.lower():
        case ".csv":
            rows = _csv(path)
        case ".toml":
            rows = _toml(path)
        case suffix:
            raise BadTable(f"{path}: ends in {suffix!r}; give a .csv or a .toml file")
    found = [_checked(place, row) for place, row in rows]
    by_id: dict[tuple[str, str], str] = {}
    for (place, _), row in zip(rows, found, strict=True):
        for each in row.ids.items():
            if each in by_id:
                raise BadTable(
                    f"{place}: {each[0]} {each[1]} is also used by {by_id[each]}; give each "
                    "person a separate row and id"
                )
            by_id[each] = row.name
    return found


def profile_of(known: Known) -> Profile:
    """What the table tells of somebody, as a profile that speakers are compared with."""
    told = signs.Signs()
    for role in known.roles:
        told |= signs.of_role(role)
    return Profile(Counter({names.parse(name): 1 for name in (known.name, *known.aliases)}), told)


Rows = list[tuple[str, Known]]


def _csv(path: Path) -> Rows:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            columns = reader.fieldnames or []
            if "name" not in columns:
                raise BadTable(f"{path}: has no column name; its first line must name the columns")
            return list(_rows(path, reader))
    except UnicodeDecodeError as error:
        raise BadTable(f"{path}: is not UTF-8; save it as UTF-8") from error
    except csv.Error as error:
        raise BadTable(f"{path}: is not CSV: {error}") from error


def _rows(path: Path, reader: csv.DictReader[str]) -> Iterator[tuple[str, Known]]:
    for row in reader:
        place = f"{path}, line {reader.line_num}"
        if None in row or None in row.values():
            raise BadTable(
                f"{place}: has a different number of values from the first line; quote commas"
            )
        yield (
            place,
            Known(
                row["name"].strip(),
                _parts(row.get("aliases", "")),
                _parts(row.get("roles", "")),
                {k: v.strip() for k, v in row.items() if k not in _FIELDS and v.strip()},
            ),
        )


def _toml(path: Path) -> Rows:
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except UnicodeDecodeError as error:
        raise BadTable(f"{path}: is not UTF-8; save it as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise BadTable(f"{path}: is not TOML: {error}") from error
    people = table.get("person")
    if not isinstance(people, list) or table.keys() != {"person"}:
        raise BadTable(f"{path}: may only have a [[person]] for each person")
    return [_of_toml(f"{path}, person {number}", each) for number, each in enumerate(people, 1)]


def _of_toml(place: str, row: Any) -> tuple[str, Known]:
    if not isinstance(row, dict):
        raise BadTable(f"{place}: is not a table; write [[person]]")
    if odd := sorted(row.keys() - {*_FIELDS, "ids"}):
        raise BadTable(f"{place}: has {odd[0]}; use only name, aliases, roles and ids")
    ids = row.get("ids", {})
    if not isinstance(ids, dict) or not all(isinstance(each, str) for each in ids.values()):
        raise BadTable(f'{place}: ids is not a table of texts; write ids = {{ wikidata = "Q1" }}')
    name = row.get("name", "")
    if not isinstance(name, str):
        raise BadTable(f"{place}: name is {name!r}; give a text")
    return place, Known(
        name.strip(), _texts(place, row, "aliases"), _texts(place, row, "roles"), ids
    )


def _texts(place: str, row: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = row.get(key, [])
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise BadTable(f'{place}: {key} is {value!r}; give a list of texts, such as ["…"]')
    return tuple(value)


def _parts(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(";") if part.strip())


def _checked(place: str, known: Known) -> Known:
    if not known.name:
        raise BadTable(f"{place}: has no name; give one")
    number = known.ids.get("wikidata")
    if number is not None and not _WIKIDATA.fullmatch(number):
        raise BadTable(f"{place}: wikidata is {number!r}; give an item such as Q42")
    return known
