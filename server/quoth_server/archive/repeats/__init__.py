"""The same words elsewhere: quotations that several articles have, and reprints of one story."""

from quoth_server.archive.repeats.alike import Change, Edit
from quoth_server.archive.repeats.fields import fields as repeat_fields
from quoth_server.archive.repeats.repeat import Occurrence, Repeat, Wording, repeats

__all__ = ["Change", "Edit", "Occurrence", "Repeat", "Wording", "repeat_fields", "repeats"]
