"""The `quoth` command: who said what in articles and in whole archives of them."""

from __future__ import annotations

from quoth_cli.exits import Exit

__version__ = "0.1.0"

__all__ = ["__version__", "main"]


def main() -> int:
    """Runs the command on the arguments of the process and returns its exit code."""
    try:
        from quoth_cli.app import run

        return run()
    except KeyboardInterrupt:  # while it was starting; commands say more
        return Exit.INTERRUPTED
