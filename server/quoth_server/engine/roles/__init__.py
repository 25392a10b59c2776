"""Step 7: the role that each speaker holds at each statement."""

from quoth_server.engine.roles.candidates import RolePhrases, find, tagged_words
from quoth_server.engine.roles.choice import assign

__all__ = ["RolePhrases", "assign", "find", "tagged_words"]
