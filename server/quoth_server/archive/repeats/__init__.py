"""The same words elsewhere: quotations that several articles have, and reprints of one story."""

from quoth_server.archive.repeats.alike import Change, Edit
from quoth_server.archive.repeats.fields import fields as repeat_fields
from quoth_server.archive.repeats.repeat import Found, Occurrence, Repeat, Wording, find, repeats

__all__ = [
    "Change",
    "Edit",
    "Found",
    "Occurrence",
    "Repeat",
    "Wording",
    "find",
    "repeat_fields",
    "repeats",
]
