"""What can go wrong in the engine; every message names the value and the remedy."""

from __future__ import annotations

__all__ = ["EngineError", "InvalidArticle", "ModelError", "UnsupportedLanguage"]


class EngineError(Exception):
    """The base of all errors that the engine raises."""


class ModelError(EngineError):
    """A model that the engine needs is missing or does not fit."""


class UnsupportedLanguage(EngineError):
    """The text is surely not in English.

    Attributes:
        language: ISO 639 code of the language that the text seems to be in.
    """

    def __init__(self, language: str) -> None:
        super().__init__(f"the text seems to be in {language!r}; only English ('en') can be read")
        self.language = language

    def __reduce__(self) -> tuple[type[UnsupportedLanguage], tuple[str]]:
        # Errors cross the process boundary; the default would rebuild this one from its message.
        return type(self), (self.language,)


class InvalidArticle(EngineError, ValueError):
    """An article as a program gives it cannot be read.

    Attributes:
        field: The argument that is to blame.
    """

    def __init__(self, field: str, description: str) -> None:
        super().__init__(f"{field}: {description}")
        self.field = field
        self._description = description

    def __reduce__(self) -> tuple[type[InvalidArticle], tuple[str, str]]:
        return type(self), (self.field, self._description)
