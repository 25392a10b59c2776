"""Step 5: makes statements of attributions and quotation marks."""

from quoth_server.engine.statements.assembly import assemble, candidates
from quoth_server.engine.statements.contents import kind_of, own_words
from quoth_server.engine.statements.draft import Draft, RelayWords
from quoth_server.engine.statements.rejection import find as rejected

__all__ = ["Draft", "RelayWords", "assemble", "candidates", "kind_of", "own_words", "rejected"]
