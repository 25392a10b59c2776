"""How the command ends: every exit code, and the one kind of failure that commands raise."""

from __future__ import annotations

from enum import IntEnum

__all__ = ["MEANINGS", "Exit", "Failure"]


class Exit(IntEnum):
    """The exit codes of `quoth`; scripts may rely on them."""

    OK = 0
    SOME_FAILED = 1
    USAGE = 2
    INPUT = 3
    REFUSED = 4
    UNAVAILABLE = 5
    TIMEOUT = 6
    OUTPUT = 7
    MISSING_PACKAGE = 8
    FAULT = 9
    DENIED = 10
    INTERRUPTED = 130
    PIPE_CLOSED = 141


MEANINGS = {
    Exit.OK: "all done",
    Exit.SOME_FAILED: "some articles failed; the others are in the output",
    Exit.USAGE: "wrong usage: an unknown option or a bad value",
    Exit.INPUT: "an input is missing, unreadable, or not text",
    Exit.REFUSED: "an article was refused: empty, too long, or not in a supported language",
    Exit.UNAVAILABLE: "the server cannot be reached, or is starting or stopping",
    Exit.TIMEOUT: "the server is full, or did not finish in time",
    Exit.OUTPUT: "the output cannot be written",
    Exit.MISSING_PACKAGE: "a package is not installed",
    Exit.FAULT: "a bug in the engine or the server",
    Exit.DENIED: "missing or invalid token",
    Exit.INTERRUPTED: "interrupted (Ctrl-C); finished results are kept",
    Exit.PIPE_CLOSED: "the reader of the output, such as `head`, went away",
}
"""What every exit code says, in order."""


class Failure(Exception):
    """What ends a command: one line for stderr that says what, where and the remedy.

    Attributes:
        code: The code that the command ends with.
    """

    def __init__(self, code: Exit, line: str) -> None:
        super().__init__(line)
        self.code = code

    def __reduce__(self) -> tuple[type[Failure], tuple[Exit, str]]:
        return type(self), (self.code, str(self))
