"""The head of a role or of a description: “the Canadian prime minister” is a prime minister."""

from __future__ import annotations

import re

__all__ = ["head_of"]

# What comes behind these tells of whom or where, or is a second role.
_END = re.compile(
    r"[,;:(/]|\s[-–—]\s|\s&\s|\b(?:of|for|at|in|on|with|to|from|by|under|within|during|who|and|or)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
# Adjectives that stand behind their noun, and what is said of a role not held yet or any more.
_BEHIND = frozenset({"general", "emeritus", "emerita", "designate", "elect", "royal", "major"})
# Heads that say little without the word before them, and the words with which they are one office.
_WEAK = frozenset(
    (
        *("minister", "president", "executive", "officer", "director", "secretary", "chief"),
        *("leader", "editor", "attorney", "governor", "commissioner", "general", "inspector"),
    )
)
_BEFORE_WEAK = frozenset(
    (
        *("prime", "vice", "deputy", "assistant", "associate", "chief", "foreign", "interior"),
        *("finance", "defense", "defence", "justice", "health", "managing", "executive"),
        *("attorney", "police", "press", "lieutenant"),
    )
)
_STATUS = re.compile(r"-(?:elect|designate|turned)$")


def head_of(text: str) -> str:
    """The head of a role in lower case, by which roles are grouped; empty if there is no word.

    It is the last word before what tells of whom or where (“head of the agency”), with the word
    before it where the two are one office (“prime minister”, “attorney general”).
    """
    found = _END.split(text, maxsplit=1)[0]
    words = [_STATUS.sub("", word.casefold()) for word in _WORD.findall(found)]
    if not words:
        words = [word.casefold() for word in _WORD.findall(text)]
    if not words:
        return ""
    last, before = words[-1], words[-2] if len(words) > 1 else ""
    if before and (last in _BEHIND or (last in _WEAK and before in _BEFORE_WEAK)):
        return f"{before} {last}"
    return last
