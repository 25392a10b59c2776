"""When a predicted name or role counts as the gold one."""

from __future__ import annotations

from collections.abc import Iterable

from quoth_cli.evaluation.documents import Speaker
from quoth_cli.evaluation.overlap import word_f1, words

__all__ = ["has_role", "is_speaker"]

_SAME_DESCRIPTION = 0.6
_SAME_ROLE = 0.5

# What may stand before a name and is not part of it.
_TITLES = frozenset(
    words(
        "mr mrs ms dr sen senator rep representative gov governor president gen general lt col sgt "
        "judge justice prof professor sir dame lord lady the a an his her its their former"
    )
)


def is_speaker(gold: Speaker | None, name: str, *, surname: bool = False) -> bool:
    """Whether a name is one of the gold speaker's; where gold has none, none must be given.

    Case, punctuation and titles are set aside. Of a speaker who is not a named person, most of
    the words are enough; with `surname`, the last word of a person's name is.
    """
    if gold is None or not name:
        return gold is None and not name
    given = _name_words(name)
    for accepted in map(_name_words, gold.names):
        if given == accepted:
            return True
        if gold.kind == "PERSON":
            if surname and given[-1:] == accepted[-1:]:
                return True
        elif word_f1(given, accepted) >= _SAME_DESCRIPTION:
            return True
    return False


def has_role(accepted: Iterable[str], given: Iterable[str], least: float = _SAME_ROLE) -> bool:
    """Whether one of the given roles shares enough words with an accepted one."""
    roles = [words(role) for role in given]
    return any(word_f1(words(each), role) >= least for each in accepted for role in roles)


def _name_words(name: str) -> list[str]:
    every = words(name)
    return [word for word in every if word not in _TITLES and word != "s"] or every
