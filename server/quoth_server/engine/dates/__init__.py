"""Step 8: when each statement was made."""

from quoth_server.engine.dates.of_statements import find

__all__ = ["find"]
