"""Texts of articles made fit for a terminal."""

from __future__ import annotations

import re

__all__ = ["clean"]

_BLANKS = re.compile(r"\s+")
# An article must not be able to steer the terminal: C0 and C1 controls, and the marks that
# reverse the direction of what follows.
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def clean(text: str) -> str:
    """Text of an article made fit to print: blanks run together, controls made visible."""
    return _CONTROLS.sub("\N{REPLACEMENT CHARACTER}", _BLANKS.sub(" ", text))
