"""Step 7: the speakers that the caller knows get the caller's names, ids and roles."""

from quoth_server.engine.known.applying import apply

__all__ = ["apply"]
