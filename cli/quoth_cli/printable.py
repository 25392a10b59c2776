"""Texts of articles, and names of files, made fit for a terminal."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from typing import TextIO, cast

__all__ = ["Shown", "clean", "shown", "standard_output"]

_BLANKS = re.compile(r"\s+")
# An article must not be able to steer the terminal: C0 and C1 controls, and the marks that
# reverse the direction of what follows.
_STEERING = "\x7f-\x9f\u202a-\u202e\u2066-\u2069"
_CONTROLS = re.compile(rf"[\x00-\x1f{_STEERING}]")
_CONTROLS_OF_FILES = re.compile(rf"\r(?!\n)|[\x00-\x08\x0b\x0c\x0e-\x1f{_STEERING}]")
_SIGN = "\N{REPLACEMENT CHARACTER}"


def clean(text: str) -> str:
    """Text of an article made fit to print: blanks run together, controls made visible."""
    return _CONTROLS.sub(_SIGN, _BLANKS.sub(" ", text))


def shown(line: str) -> str:
    """A line made fit to print, with all its blanks."""
    return _CONTROLS.sub(_SIGN, line)


class Shown:
    """A terminal that is written to as a file is: lines stay, and other controls are made visible.

    Data is exact in a file or a pipe; who looks at it must not have the terminal steered.
    """

    def __init__(self, terminal: TextIO) -> None:
        self._terminal = terminal

    def write(self, text: str) -> int:
        """Writes a text."""
        self._terminal.write(_CONTROLS_OF_FILES.sub(_SIGN, text))
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        """Writes several texts."""
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Shows what was written."""
        self._terminal.flush()


def standard_output() -> TextIO:
    """Where data goes: standard output, and where that is a terminal, what does not steer it."""
    if sys.stdout.isatty():
        return cast("TextIO", Shown(sys.stdout))
    return sys.stdout
