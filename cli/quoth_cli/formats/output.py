"""Where a form of output goes: standard output, a file or a folder."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, TextIO

from quoth_cli.exits import Exit, Failure
from quoth_cli.formats import Format, Renderer, renderer
from quoth_cli.formats.brat import BratRenderer
from quoth_cli.formats.docbin import DocBinRenderer
from quoth_cli.formats.xlsx import XlsxRenderer
from quoth_cli.inputs import STDIN
from quoth_cli.printable import standard_output
from quoth_cli.table.columns import TableOptions

__all__ = ["rendering"]

_TABLE = TableOptions()


@contextlib.contextmanager
def rendering(
    form: Format,
    output: str,
    *,
    inputs: Sequence[str] = (),
    with_text: bool = False,
    table: TableOptions = _TABLE,
    several: bool = False,
) -> Iterator[Renderer]:
    """Opens an output and gives the renderer that writes there; closes both.

    Args:
        form: The form of output.
        output: A file, for `BRAT` a folder, or - for standard output.
        inputs: The files that are read, none of which may be the output.
        with_text: As for `renderer`.
        table: As for `renderer`.
        several: As for `renderer`.

    Raises:
        Failure: The form cannot go there, or the output cannot be written.
    """

    def text_form(out: TextIO) -> Renderer:
        return renderer(form, out, with_text=with_text, table=table, several=several)

    def workbook(out: BinaryIO) -> Renderer:
        return XlsxRenderer(out, table, with_text=with_text)

    if output == STDIN:
        with contextlib.closing(_standard(form, text_form)) as made:
            yield made
        return
    _spare(output, inputs)
    try:
        with contextlib.ExitStack() as stack:
            opened = _opened(form, Path(output), text_form, workbook, stack)
            yield stack.enter_context(contextlib.closing(opened))
    except OSError as error:
        raise Failure(
            Exit.OUTPUT, f"{output}: cannot be written: {error.strerror or error}"
        ) from error


def _standard(form: Format, text_form: Callable[[TextIO], Renderer]) -> Renderer:
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
            return DocBinRenderer(sys.stdout.buffer)
        case Format.TEXT:  # which colors the terminal, and sees to the texts itself
            return text_form(sys.stdout)
        case _:
            return text_form(standard_output())


def _opened(
    form: Format,
    path: Path,
    text_form: Callable[[TextIO], Renderer],
    workbook: Callable[[BinaryIO], Renderer],
    stack: contextlib.ExitStack,
) -> Renderer:
    match form:
        case Format.BRAT:
            return BratRenderer(path)
        case Format.XLSX:
            return workbook(stack.enter_context(path.open("wb")))
        case Format.DOCBIN:
            return DocBinRenderer(stack.enter_context(path.open("wb")))
        case _:
            # The forms end their lines themselves: CSV has other ends than the rest.
            file = stack.enter_context(path.open("w", encoding="utf-8", newline=""))
            return text_form(file)


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
