"""A quotation as it is looked for: its words, and what may stand for others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from quoth_server.archive import words
from quoth_server.archive.words import Word

__all__ = ["ANY", "EDITED", "MOST_EDITED", "Pattern", "patterns"]

ANY = "…"
"""The key that stands for any number of words: an ellipsis."""
EDITED = "[]"
"""The key that stands for up to a few words: what an editor put into brackets."""
MOST_EDITED = 6
"""How many words they are at most."""

_DOTS = r"(?:…|\.\s?\.\s?\.(?:\s?\.)?)"
_ELLIPSIS = re.compile(rf"\[\s*{_DOTS}\s*\]|\(\s*{_DOTS}\s*\)|{_DOTS}")
_BRACKETS = re.compile(r"\[([^\[\]]*)\]")
_SIC = re.compile(r"\s*sic\s*[.!]?\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Pattern:
    """The words of a quotation in order; those with the key `ANY` or `EDITED` stand for others.

    Attributes:
        words: From the first one to the last that stands for itself.
        edited_before: Whether what an editor put in stands before them.
        edited_after: Or behind them.
    """

    words: tuple[Word, ...]
    edited_before: bool = False
    edited_after: bool = False

    @property
    def plain(self) -> int:
        """How many words it has that stand for themselves."""
        return sum(word.key not in (ANY, EDITED) for word in self.words)


def patterns(quotation: str) -> list[Pattern]:
    """What a quotation can mean, one or two patterns.

    Words in brackets stand for themselves, as an article has them too, or else for other words.
    None has a word that stands for others at its beginning or end.
    """
    found = [_trimmed(list(_read(quotation, edited=False)))]
    if _BRACKETS.search(_ELLIPSIS.sub("", quotation)):
        edited = _trimmed(list(_read(quotation, edited=True)))
        if edited.plain and edited != found[0]:
            found.append(edited)
    return found


def _read(text: str, *, edited: bool) -> Iterator[Word]:
    at = 0
    for dots in _ELLIPSIS.finditer(text):
        yield from _between(text, at, dots.start(), edited)
        yield Word(dots.start(), dots.end(), ANY)
        at = dots.end()
    yield from _between(text, at, len(text), edited)


def _between(text: str, start: int, end: int, edited: bool) -> Iterator[Word]:
    for brackets in _BRACKETS.finditer(text, start, end):
        sic = _SIC.fullmatch(brackets[1])
        if not (edited or sic):
            continue
        yield from words.split(text, start, brackets.start())
        if not sic:
            yield Word(brackets.start(), brackets.end(), EDITED)
        start = brackets.end()
    yield from words.split(text, start, end)


def _trimmed(found: list[Word]) -> Pattern:
    places = [place for place, word in enumerate(found) if word.key not in (ANY, EDITED)]
    if not places:
        return Pattern(())
    first, last = places[0], places[-1]
    return Pattern(
        tuple(found[first : last + 1]),
        any(word.key == EDITED for word in found[:first]),
        any(word.key == EDITED for word in found[last + 1 :]),
    )
