"""What `Attributor` gives: a reading with its article, which shows itself and gives rows."""

from __future__ import annotations

from quoth_server.results.result import Result

__all__ = ["Result"]
