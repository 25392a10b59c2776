"""People as plain values that JSON holds."""

from __future__ import annotations

import datetime
from typing import Any

from quoth_server.archive.people.person import Person

__all__ = ["fields"]


def fields(person: Person) -> dict[str, Any]:
    """The fields of a person, days as ISO 8601 texts; without the speakers of single articles."""
    return {
        "person_id": person.person_id,
        "display_name": person.display_name,
        "type": person.type,
        "aliases": list(person.aliases),
        "external_ids": dict(person.external_ids),
        "statements": person.statements,
        "articles": person.articles,
        "first_day": _day(person.first_day),
        "last_day": _day(person.last_day),
        "roles": [
            {
                "role": role.role,
                "organization": role.organization or None,
                "status": role.status,
                "first_day": _day(role.first_day),
                "last_day": _day(role.last_day),
                "statements": role.statements,
            }
            for role in person.roles
        ],
        "maybe": list(person.maybe),
    }


def _day(day: datetime.date | None) -> str | None:
    return day.isoformat() if day else None
