"""Readers of archives, one module a kind of input."""

from quoth.archive.readers.base import BadRow, Record, Unreadable
from quoth.archive.readers.mapping import ALIASES, Defaults, FieldMap
from quoth.archive.readers.sources import Sources

__all__ = ["ALIASES", "BadRow", "Defaults", "FieldMap", "Record", "Sources", "Unreadable"]
