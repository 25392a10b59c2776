"""What can go wrong in the engine; every message names the value and the remedy."""

from __future__ import annotations

__all__ = ["EngineError", "ModelError", "UnsupportedLanguage"]


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
