"""How rare a name is, by the words that a general vocabulary has.

No list has all names. But a vocabulary of word pieces is in the order of how frequent they are in
large amounts of text, and what is seldom there is made of several: "Smith" is one of the first,
"Vaitkus" is three. As the n-th word of a language has about 1/n of the frequency of the first
one (Zipf's law), the logarithms of the numbers add up to how much of a surprise a name is.
"""

from __future__ import annotations

import math
from functools import lru_cache

from quoth_server.archive.people.pieces import pieces

__all__ = ["rarity"]

_FIRST = 1000  # the number of the first piece that is a word or a letter
_SURPRISE = 4.0  # of a name that is neither frequent nor rare
_MOST = 2.0


@lru_cache(maxsize=65536)
def rarity(name: str) -> float:
    """How rare a given or a family name is: 0 where it is a frequent word, at most 2."""
    surprise = sum(math.log(max(piece, _FIRST) / _FIRST) for piece in pieces(name))
    return min(surprise / _SURPRISE, _MOST)
