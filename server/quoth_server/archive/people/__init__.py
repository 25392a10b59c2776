"""Speakers of many articles put together to people, as far as what the articles tell allows it."""

from quoth_server.archive.people.fields import fields as people_fields
from quoth_server.archive.people.known import BadTable, Known, read
from quoth_server.archive.people.person import Person, RoleOverTime, persons
from quoth_server.archive.people.voices import Member

__all__ = [
    "BadTable",
    "Known",
    "Member",
    "Person",
    "RoleOverTime",
    "people_fields",
    "persons",
    "read",
]
