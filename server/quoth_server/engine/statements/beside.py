"""The tokens beside a place, as far as they belong to it: to the end of the sentence or a mark."""

from __future__ import annotations

from collections.abc import Iterable

from spacy.tokens import Doc, Token

__all__ = ["after", "before"]


def before(doc: Doc, index: int, most: int) -> list[Token]:
    """At most `most` tokens before the token `index`, in text order."""
    return _unbroken(doc[at] for at in range(index - 1, max(-1, index - 1 - most), -1))[::-1]


def after(doc: Doc, index: int, most: int) -> list[Token]:
    """At most `most` tokens from the token `index` on."""
    return _unbroken(doc[index : index + most])


def _unbroken(tokens: Iterable[Token]) -> list[Token]:
    """The tokens up to the first that ends a sentence or a paragraph, or is a quotation mark."""
    kept: list[Token] = []
    for token in tokens:
        if token.is_quote or token.text in {".", "!", "?"} or "\n" in token.text:
            break
        kept.append(token)
    return kept
