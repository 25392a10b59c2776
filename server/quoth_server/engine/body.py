"""The text of a parsed body."""

from __future__ import annotations

from spacy.tokens import Doc

__all__ = ["body_of"]

_KEY = "quoth body"


def body_of(doc: Doc) -> str:
    """The same as `doc.text`, which spaCy puts together from the tokens at every access."""
    body: str | None = doc.user_data.get(_KEY)
    if body is None:
        body = doc.user_data[_KEY] = doc.text
    return body
