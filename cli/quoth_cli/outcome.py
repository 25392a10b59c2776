"""The end of a command: one line on stderr where something went wrong, and an exit code."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable

import typer

from quoth_cli.exits import Exit, Failure
from quoth_cli.parameters import flattened
from quoth_cli.printable import shown

__all__ = ["ending", "say"]


def say(line: str) -> None:
    """Writes a line to stderr in the name of the command; it cannot steer the terminal."""
    sys.stderr.write(f"quoth: {shown(line)}\n")
    sys.stderr.flush()


def ending(command: Callable[..., Exit]) -> Callable[..., None]:
    """Makes a command end with the code that it returns, or with that of its failure.

    Its options may come in groups, see `flattened`.
    """
    flat = flattened(command)

    @functools.wraps(flat)
    def run(**values: object) -> None:
        raise typer.Exit(_code(functools.partial(flat, **values)))

    return run


def _code(command: Callable[[], Exit]) -> Exit:
    try:
        code = command()
        sys.stdout.flush()
    except Failure as failure:
        say(str(failure))
        return failure.code
    except KeyboardInterrupt:
        say("interrupted")
        return Exit.INTERRUPTED
    except BrokenPipeError:
        _drop_stdout()
        return Exit.PIPE_CLOSED
    except OSError as error:
        # Every other file is opened where its errors are distinguished.
        _drop_stdout()
        say(f"standard output: cannot be written: {error.strerror or error}")
        return Exit.OUTPUT
    return code


def _drop_stdout() -> None:
    """Lets the interpreter flush what is left of stdout without a second error."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
