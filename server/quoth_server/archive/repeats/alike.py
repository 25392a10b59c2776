"""Whether two wordings are of one quotation, and what one changes of the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from rapidfuzz.distance import LCSseq, Levenshtein

__all__ = ["Change", "Edit", "changes", "one_quotation"]

_FEWEST = 5  # words in common
_SHARE = 0.75  # of the shorter wording's words, that the longer one has in the same order
_STRETCH = 1.5  # how much longer the stretch that has them may be


class Edit(Enum):
    """What a wording does to another: other words, more words, or fewer."""

    REPLACED = "replaced"
    ADDED = "added"
    LEFT_OUT = "left out"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference of a wording from an earlier one; `was` or `now` may be empty."""

    edit: Edit
    was: str
    now: str


def one_quotation(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two sequences of words are one quotation, whole or in part.

    Most words of the shorter one are in the longer one, in order and not far from one another.
    """
    short, long = sorted((one, other), key=len)
    same = [block for block in LCSseq.opcodes(short, long) if block.tag == "equal"]
    shared = sum(block.src_end - block.src_start for block in same)
    if shared < _FEWEST or shared < _SHARE * len(short):
        return False
    return same[-1].dest_end - same[0].dest_start <= _STRETCH * len(short)


def changes(was: Sequence[tuple[str, str]], now: Sequence[tuple[str, str]]) -> list[Change]:
    """How a wording differs from an earlier one.

    Args:
        was: Its words, each as it is compared and as it is written.
        now: Those of the later wording.
    """
    return [
        Change(
            _EDITS[step.tag],
            " ".join(text for _, text in was[step.src_start : step.src_end]),
            " ".join(text for _, text in now[step.dest_start : step.dest_end]),
        )
        for step in Levenshtein.opcodes([key for key, _ in was], [key for key, _ in now])
        if step.tag != "equal"
    ]


_EDITS = {"replace": Edit.REPLACED, "insert": Edit.ADDED, "delete": Edit.LEFT_OUT}
