"""The sign for words that are left out between two parts of a statement."""

from __future__ import annotations

import re

__all__ = ["GAP", "MARKS", "between"]

GAP = "[…]"
"""Stands where words between two parts of a statement are left out."""

MARKS = "\"“”„‟«»‹›‘’‚‛'`"
"""Quotation marks of every kind."""

_NO_WORDS = re.compile(rf"[\s>{MARKS}]*")


def between(text: str) -> str:
    """What stands for the words between two parts: `GAP`, or a blank where there are none.

    Where a quotation continues in a new paragraph, only white space and marks part it.
    """
    return " " if _NO_WORDS.fullmatch(text) else f" {GAP} "
