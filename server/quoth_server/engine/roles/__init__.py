"""Step 7: the role that each speaker holds at each statement."""

from quoth_server.engine.roles.candidates import RolePhrases, find
from quoth_server.engine.roles.choice import assign

__all__ = ["RolePhrases", "assign", "find"]
