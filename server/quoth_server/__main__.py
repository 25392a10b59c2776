"""The `quoth-server` command; `quoth-server --help` lists its settings and exit codes.

Worker processes import this module too, so it imports what it needs only when it runs: nothing of
gRPC may get into a worker.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the server with the given flags, or those of the command line; the exit code."""
    from quoth_server import __version__, settings
    from quoth_server.service import logs

    flags = sys.argv[1:] if arguments is None else arguments
    if "--version" in flags:
        sys.stdout.write(f"quoth-server {__version__}\n")
        return 0
    try:
        chosen = settings.read(flags)
        from quoth_server.service import app

        logs.configure(chosen.log_format, chosen.log_level)
        return asyncio.run(app.serve(chosen))
    except settings.BadSettings as error:
        logs.say(f"quoth-server: {error}", sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
