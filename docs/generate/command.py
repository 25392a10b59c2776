"""The whole `quoth` command, where typer's generator of references finds it."""

from __future__ import annotations

from quoth_cli.app import application

__all__ = ["app"]

app = application()
