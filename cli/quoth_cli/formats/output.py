"""Where a form of output goes: standard output, a file or a folder."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, TextIO

from quoth_cli.exits import Exit, Failure
from quoth_cli.files import writing
from quoth_cli.formats import Format, Renderer
from quoth_cli.printable import standard_output
from quoth_cli.readers.streams import STDIN

__all__ = ["rendering"]


@contextlib.contextmanager
def rendering(
    form: Format, output: str, inputs: Iterable[str], make: Callable[[Any], Renderer]
) -> Iterator[Renderer]:
    """Opens an output and gives the renderer that `make` makes for it; closes both.

    The output is a file, for `BRAT` a folder, or - for standard output, and none of the inputs.

    Raises:
        Failure: The form cannot go there, or the output cannot be written.
    """
    if output == STDIN:
        with contextlib.closing(make(_standard(form))) as made:
            yield made
        return
    _spare(output, inputs)
    with writing(output), contextlib.ExitStack() as stack:
        opened = make(_opened(form, Path(output), stack))
        yield stack.enter_context(contextlib.closing(opened))


def _standard(form: Format) -> TextIO | BinaryIO:
    match form:
        case Format.BRAT:
            raise Failure(Exit.USAGE, "--format brat writes a folder; name it with -o FOLDER")
        case Format.XLSX:
            raise Failure(Exit.USAGE, "--format xlsx writes a file; name it with -o FILE.xlsx")
        case Format.DOCBIN if sys.stdout.isatty():
            raise Failure(
                Exit.USAGE, "--format docbin is binary and not for a terminal; name a file with -o"
            )
        case Format.DOCBIN:
            return sys.stdout.buffer
        case Format.TEXT:  # which colors the terminal, and sees to the texts itself
            return sys.stdout
        case _:
            return standard_output()


def _opened(form: Format, path: Path, stack: contextlib.ExitStack) -> TextIO | BinaryIO | Path:
    match form:
        case Format.BRAT:
            return path
        case Format.XLSX | Format.DOCBIN:
            return stack.enter_context(path.open("wb"))
        case _:
            # The forms end their lines themselves: CSV has other ends than the rest.
            return stack.enter_context(path.open("w", encoding="utf-8", newline=""))


def _spare(output: str, inputs: Iterable[str]) -> None:
    """Refuses to write over an input, before anything is emptied."""
    path = Path(output)
    for source in inputs:
        if source == STDIN or not Path(source).exists():
            continue
        if path.is_file() and path.samefile(source):
            raise Failure(Exit.USAGE, f"{output}: is also an input; give another name with -o")
        # A folder of brat has the texts under their names.
        if path.is_dir() and path.samefile(Path(source).parent):
            raise Failure(Exit.USAGE, f"{output}: contains an input; name another folder with -o")
