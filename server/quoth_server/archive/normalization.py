"""What had to be overlooked for the words of a quotation and a statement to be the same."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum

from quoth_server.archive.alignment import Step
from quoth_server.archive.quotation import ANY, EDITED
from quoth_server.archive.words import Word, without_accents

__all__ = ["Normalization", "overlooked"]

_MARKS = re.compile("[\"“”„‟«»‹›'’‘‚‛`´ʼ]")
_BRACKETS = re.compile(r"[\[\]]")


class Normalization(StrEnum):
    """A kind of difference that is overlooked."""

    QUOTATION_MARKS = "quotation_marks"
    CASE = "case"
    WHITE_SPACE = "white_space"
    PUNCTUATION = "punctuation"
    ELLIPSIS = "ellipsis"
    BRACKETS = "brackets"
    ACCENTS = "accents"


def overlooked(
    quotation: str,
    quoted: Sequence[Word],
    content: str,
    said: Sequence[Word],
    steps: Sequence[Step],
) -> frozenset[Normalization]:
    """What was overlooked within the words that are the same, and between two of them in a row.

    What stands before the first word and behind the last one is not compared: statements have it
    left out.
    """
    found: set[Normalization] = set()
    keys = {word.key for word in quoted}
    if ANY in keys:
        found.add(Normalization.ELLIPSIS)
    if EDITED in keys:
        found.add(Normalization.BRACKETS)
    before: tuple[int, int] | None = None
    for step in steps:
        if not step.same or step.quoted is None or step.said is None:
            before = None
            continue
        word, other = quoted[step.quoted], said[step.said]
        found |= set(_in_word(quotation[word.start : word.end], content[other.start : other.end]))
        if before == (step.quoted - 1, step.said - 1):
            left, right = quoted[before[0]], said[before[1]]
            found |= set(
                _between(quotation[left.end : word.start], content[right.end : other.start])
            )
        before = step.quoted, step.said
    return frozenset(found)


def _in_word(quoted: str, said: str) -> Iterator[Normalization]:
    if quoted == said:
        return
    if _MARKS.findall(quoted) != _MARKS.findall(said):
        yield Normalization.QUOTATION_MARKS
    first, second = _MARKS.sub("", quoted), _MARKS.sub("", said)
    if first.replace(",", "") != second.replace(",", ""):
        plain, other = without_accents(first), without_accents(second)
        if plain.casefold() == other.casefold() and plain != other:
            yield Normalization.CASE
        if first.casefold() != second.casefold() and first.count(",") == second.count(","):
            yield Normalization.ACCENTS
    if first.count(",") != second.count(","):
        yield Normalization.PUNCTUATION


def _between(quoted: str, said: str) -> Iterator[Normalization]:
    if quoted == said:
        return
    if _MARKS.findall(quoted) != _MARKS.findall(said):
        yield Normalization.QUOTATION_MARKS
    quoted, said = _MARKS.sub("", quoted), _MARKS.sub("", said)
    if _BRACKETS.findall(quoted) != _BRACKETS.findall(said):
        yield Normalization.BRACKETS
    quoted, said = _BRACKETS.sub("", quoted), _BRACKETS.sub("", said)
    if "".join(quoted.split()) != "".join(said.split()):
        yield Normalization.PUNCTUATION
    elif quoted != said:
        yield Normalization.WHITE_SPACE
