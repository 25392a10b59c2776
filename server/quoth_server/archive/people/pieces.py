"""Word pieces of names, roles and titles, by the vocabulary of the engine's networks."""

from __future__ import annotations

from functools import cache

from tokenizers import Tokenizer

from quoth_server.engine.attributions.encoder import load_tokenizer
from quoth_server.engine.attributions.model import DIRECTORY, TOKENIZER

__all__ = ["pieces"]


def pieces(text: str) -> list[int]:
    """The numbers of the pieces of a text, without marks around them; none of an empty one."""
    found: list[int] = _tokenizer().encode(text, add_special_tokens=False).ids
    return found


@cache
def _tokenizer() -> Tokenizer:
    return load_tokenizer(str(DIRECTORY / TOKENIZER))
