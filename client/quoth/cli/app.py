"""The `quoth` command put together."""

from __future__ import annotations

import io
import sys
from typing import Annotated

import typer

import quoth
from quoth.cli.attribute import attribute
from quoth.cli.bulk import bulk
from quoth.cli.exits import table
from quoth.cli.health import health
from quoth.cli.info import info

__all__ = ["run"]

_EPILOG = "**Exit codes**\n\n" + "\n\n".join(f"* {code}: {meaning}" for code, meaning in table())

_app = typer.Typer(
    name="quoth",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    epilog=_EPILOG,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for _command in (attribute, bulk, info, health):
    _app.command()(_command)


def _show_version(asked: bool) -> None:
    if asked:
        sys.stdout.write(f"quoth {quoth.__version__}\n")
        raise typer.Exit


@_app.callback()
def _quoth(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_show_version, is_eager=True, help="Show the version and exit."
        ),
    ] = False,
) -> None:
    """Find who said what, in which role and when, in news articles."""


def run() -> int:
    """Runs the command and returns its exit code."""
    # Articles hold every kind of letter, and JSON is UTF-8 whatever the locale says.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        _app(prog_name="quoth")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    return 0
