"""Readers of archives, one module a kind of input."""

from quoth_cli.readers.base import BadRow, Record, Unreadable
from quoth_cli.readers.mapping import ALIASES, Defaults, FieldMap
from quoth_cli.readers.sources import Sources

__all__ = ["ALIASES", "BadRow", "Defaults", "FieldMap", "Record", "Sources", "Unreadable"]
