"""The `quoth` command put together."""

from __future__ import annotations

import importlib
import io
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

import quoth_cli
from quoth_cli.exits import MEANINGS

__all__ = ["application", "run"]

_CODES = "\n\n".join(f"* {code}: {meaning}" for code, meaning in MEANINGS.items())

# Each is a function in a module of its name.
_COMMANDS = (
    "attribute",
    "bulk",
    "search",
    "stats",
    "verify",
    "people",
    "repeats",
    "serve",
    "mcp",
    "evaluate",
    "info",
    "health",
)


def _show_version(asked: bool) -> None:
    if asked:
        sys.stdout.write(f"quoth {quoth_cli.__version__}\n")
        raise typer.Exit


def _quoth(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_show_version, is_eager=True, help="Show the version and exit."
        ),
    ] = False,
) -> None:
    """Find who said what, in which role and when, in news articles."""


def application(arguments: Sequence[str] = ()) -> typer.Typer:
    """The command with what the arguments ask for, or with all of it, such as for the help."""
    app = typer.Typer(
        name="quoth",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode="markdown",
        epilog=f"**Exit codes**\n\n{_CODES}",
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_quoth)
    asked = arguments[:1]
    for name in asked if asked and asked[0] in _COMMANDS else _COMMANDS:
        app.command(name)(getattr(importlib.import_module(f"quoth_cli.commands.{name}"), name))
    return app


def run() -> int:
    """Runs the command and returns its exit code."""
    # Articles hold every kind of letter, and JSON is UTF-8 whatever the locale says.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        application(sys.argv[1:])(prog_name="quoth")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    return 0
