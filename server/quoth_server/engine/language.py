"""Refuses texts that are surely not English, before they are turned into nonsense."""

from __future__ import annotations

from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from quoth_server.engine.errors import UnsupportedLanguage

__all__ = ["check", "load"]

# Measured: over 1,319 English documents the smallest probability of English was 0.93; of 24,000
# single English sentences and paragraphs eight fell below the limit (foreign quotations and
# addresses), while 27 other languages did with their first sentence, by a factor of a hundred.
_MIN_PROBABILITY = 0.001
_MIN_LETTERS = 20  # shorter texts are names and labels as often as sentences
_MAX_CHARACTERS = 20_000  # more does not change the answer


@cache
def load() -> LanguageIdentifier:
    """Loads the model, once in a process; `check` does so at its first call."""
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def check(body: str) -> None:
    """Lets a body pass unless it is surely not English.

    Short texts, names, and texts of only marks, figures or emoji pass.

    Raises:
        UnsupportedLanguage: The text is in another language.
    """
    sample = body[:_MAX_CHARACTERS]
    if sum(map(str.isalpha, sample)) < _MIN_LETTERS:
        return
    ranking = load().rank(sample)
    if dict(ranking)["en"] < _MIN_PROBABILITY:
        raise UnsupportedLanguage(ranking[0][0])
