"""Parts of Markdown texts, by their headings."""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["INCLUDE", "part", "slug_of"]

INCLUDE = re.compile(r"^<!-- include (\S+) -->$", re.M)
_HEADING = re.compile(r"#{1,6} +(.+?) *#*$")


def slug_of(heading: str) -> str:
    """The anchor of a heading, as code hosts and MyST make it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def part(text: str, slug: str) -> str:
    """What stands under the heading with the anchor, up to the next heading; all without one.

    Raises:
        KeyError: There is no such heading.
    """
    if not slug:
        return text
    found: list[str] | None = None
    for line, heading in _lines(text):
        if heading is not None:
            if found is not None:
                break
            found = [] if slug_of(heading) == slug else None
        elif found is not None:
            found.append(line)
    if found is None:
        raise KeyError(slug)
    return "\n".join(found).strip() + "\n"


def _lines(text: str) -> Iterator[tuple[str, str | None]]:
    """Each line, with the heading that it is."""
    fenced = False
    for line in text.splitlines():
        if line.startswith("```"):
            fenced = not fenced
        match = None if fenced else _HEADING.match(line)
        yield line, match[1] if match else None
