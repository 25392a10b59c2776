"""Refuses texts that are surely not English, before they are turned into nonsense."""

from __future__ import annotations

import re
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from quoth_server.engine.errors import UnsupportedLanguage

__all__ = ["check", "load"]

# Measured over the words that are not names: of 1,319 English documents the smallest probability of
# English was 0.99; of 24,000 single English sentences and paragraphs two fell below the limit, both
# in another language indeed, while 27 other languages did with their first sentence.
_MIN_PROBABILITY = 0.0001
_MAX_CHARACTERS = 20_000  # more does not change the answer
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


@cache
def load() -> LanguageIdentifier:
    """Loads the model, once in a process; `check` does so at its first call."""
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def check(body: str) -> None:
    """Lets a body pass unless it is surely not English.

    Capitalized words do not count, as names tell nothing of the language they stand in. So a text
    of a few words or of names, marks, figures or emoji passes.

    Raises:
        UnsupportedLanguage: The text is in another language.
    """
    words = _WORD.findall(body, 0, _MAX_CHARACTERS)
    sample = " ".join(word for word in words if not word[0].isupper())
    ranking = load().rank(sample)
    if dict(ranking)["en"] < _MIN_PROBABILITY:
        raise UnsupportedLanguage(ranking[0][0])
