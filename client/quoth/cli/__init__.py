"""The `quoth` command. It needs the extra `cli`, which is asked for only when it is run."""

from __future__ import annotations

import sys

from quoth.cli.exits import Exit

__all__ = ["main"]


def main() -> int:
    """Runs the command on the arguments of the process and returns its exit code."""
    try:
        import rich  # noqa: F401
        import typer  # noqa: F401
    except ModuleNotFoundError as error:
        sys.stderr.write(
            f"quoth: the command needs {error.name}, which is not installed; "
            "install it with: pip install 'quoth[cli]'\n"
        )
        return Exit.MISSING_PACKAGE
    try:
        from quoth.cli.app import run

        return run()
    except KeyboardInterrupt:  # while it was starting; commands say more
        return Exit.INTERRUPTED
