"""How well the people that are put together fit the cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evaluation.people.gold import Case, Pair, pairs
from quoth_server.archive.people import clusters, profile
from quoth_server.archive.people.model import Model

__all__ = ["Score", "score"]


@dataclass(frozen=True, slots=True)
class Score:
    """Pairs of speakers that are one person, and those that were taken for one.

    Attributes:
        right: Pairs rightly put together.
        wrong: Pairs put together that are two people.
        missed: Pairs of one person that were not put together.
        undecidable: How many of the pairs that nobody can know were put together, and how many
            there are.
        mistakes: The pairs that are wrong or missed.
    """

    right: int
    wrong: int
    missed: int
    undecidable: tuple[int, int]
    mistakes: tuple[Pair, ...]

    @property
    def precision(self) -> float:
        """Of the pairs put together, those rightly; 1 where there are none."""
        together = self.right + self.wrong
        return self.right / together if together else 1.0

    @property
    def recall(self) -> float:
        """Of the pairs of one person, those put together; 1 where there are none."""
        same = self.right + self.missed
        return self.right / same if same else 1.0


def score(cases: Sequence[Case], model: Model) -> Score:
    """Puts the speakers of all cases together, as those of one archive, and looks at the pairs."""
    voices = [voice for case in cases for _, voice in case.voices]
    speakers = (voice.article for voice in voices)
    profiles = map(profile.of_voice, voices)
    person: dict[int, int] = {}
    for number, each in enumerate(clusters.clustered(zip(speakers, profiles, strict=True), model)):
        person |= {id(voices[member]): number for member in each.members}
    right = wrong = missed = 0
    joined = open_pairs = 0
    mistakes = []
    for pair in (pair for case in cases for pair in pairs(case)):
        together = person[id(pair.one)] == person[id(pair.other)]
        if pair.same is None:
            open_pairs += 1
            joined += together
            continue
        right += together and pair.same
        wrong += together and not pair.same
        missed += pair.same and not together
        if together != pair.same:
            mistakes.append(pair)
    return Score(right, wrong, missed, (joined, open_pairs), tuple(mistakes))
