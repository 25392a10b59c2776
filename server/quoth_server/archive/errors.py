"""What can be wrong with an archive."""

from __future__ import annotations

__all__ = ["BadArchive", "BadQuestion"]


class BadArchive(Exception):
    """An archive or its index cannot be used; the text says which file, why, and the remedy."""


class BadQuestion(ValueError):
    """A question cannot be answered.

    Attributes:
        field: The attribute of the question that is to blame.
    """

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
