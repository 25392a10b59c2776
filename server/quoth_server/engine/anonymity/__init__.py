"""Which sources have no name at their wish, and why."""

from quoth_server.engine.anonymity.granting import grant
from quoth_server.engine.anonymity.terms import Terms, find, without

__all__ = ["Terms", "find", "grant", "without"]
