"""Lines of a text that a command prints."""

from __future__ import annotations

import textwrap

from quoth_cli.printable import clean

__all__ = ["WIDTH", "days", "wrapped"]

WIDTH = 100
"""Characters of the longest line."""


def days(first: str | None, last: str | None) -> str:
    """A span of days, "" if they are not known."""
    if not first:
        return ""
    return first if first == last else f"{first} to {last}"


def wrapped(text: str) -> list[str]:
    """The lines of a text below a heading, cleaned and indented."""
    return textwrap.wrap(clean(text), WIDTH, initial_indent="  ", subsequent_indent="    ")
