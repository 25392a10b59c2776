"""The people of an archive, as text to read or as cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from quoth_cli.formats.csv import shown_cell
from quoth_cli.formats.lines import days, wrapped
from quoth_cli.formats.wording import count
from quoth_cli.printable import clean

__all__ = ["COLUMNS", "rows", "written"]

Person = Mapping[str, Any]

COLUMNS = (
    "person_id",
    "display_name",
    "type",
    "statements",
    "articles",
    "first_day",
    "last_day",
    "aliases",
    "external_ids",
    "roles",
    "maybe",
)


def written(person: Person) -> Iterator[str]:
    """Yields the lines for a person: who, how often and when, then other names, roles, doubts."""
    ids = "".join(f", {name} {value}" for name, value in person["external_ids"].items())
    how_often = (
        f"{count(person['statements'], 'statement')} in {count(person['articles'], 'article')}"
    )
    when = days(person["first_day"], person["last_day"])
    yield clean(
        f"{person['display_name']} ({person['type']}{ids}) · {how_often}"
        + (f", {when}" if when else "")
    )
    if person["aliases"]:
        yield from wrapped(f"also: {', '.join(person['aliases'])}")
    for role in person["roles"]:
        yield from wrapped(f"- {_role(role)}")
    if person["maybe"]:
        yield from wrapped(f"perhaps the same as {', '.join(person['maybe'])}")


def rows(number: int, person: Person) -> Iterator[list[str | int | None]]:
    """Yields the row of `COLUMNS` for a person; semicolons part several values of a cell."""
    del number
    joined = {
        "aliases": person["aliases"],
        "external_ids": [f"{name}={value}" for name, value in person["external_ids"].items()],
        "roles": [_role(role) for role in person["roles"]],
        "maybe": person["maybe"],
    }
    row = ["; ".join(joined[name]) if name in joined else person[name] for name in COLUMNS]
    yield [shown_cell(each) for each in row]


def _role(role: Mapping[str, Any]) -> str:
    status = "" if role["status"] == "current" else f" [{role['status']}]"
    when = days(role["first_day"], role["last_day"])
    return f"{role['role']}{status}" + (f", {when}" if when else "") + f" ({role['statements']})"
