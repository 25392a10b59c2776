"""Whether somebody said some words: the statements that have them, and what they come to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from quoth_server.archive.names import Agreement, agreement
from quoth_server.archive.statement import Statement
from quoth_server.archive.verify import Comparison, Quotation, Wording

if TYPE_CHECKING:
    from quoth_server.archive.archive import View

__all__ = ["Answer", "Outcome", "Place", "among", "in_archive"]

_CLOSEST = 60  # statements that are looked at, of each kind of likeness
_COMPARED = 20  # of these, those that are compared word by word


class Outcome(StrEnum):
    """What was found of a quotation; none of these says that it is false."""

    VERBATIM = "verbatim"
    ALTERED = "altered"
    PARAPHRASED = "paraphrased"
    OTHER_SPEAKER = "other_speaker"
    IN_PART = "in_part"
    NOT_FOUND = "not_found"


@dataclass(frozen=True, slots=True)
class Place:
    """A statement that has the words of a quotation, or some, and whether by the one asked about.

    Attributes:
        number: Of the statement, among those that were given or in its archive.
    """

    number: int
    statement: Statement
    comparison: Comparison
    agreement: Agreement


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found, and where: the best places first."""

    outcome: Outcome
    places: tuple[Place, ...]


def in_archive(view: View, quotation: Quotation, speaker: str = "") -> Answer:
    """What an archive has of a quotation; `speaker` may be empty for anybody.

    Of statements with the same words, as reprints have them, some are looked at.
    """
    numbers = dict.fromkeys(_likely(view, quotation, ""))
    if speaker:
        numbers |= dict.fromkeys(_likely(view, quotation, speaker))
    return among(((number, view.rows.statement(number)) for number in numbers), quotation, speaker)


def _likely(view: View, quotation: Quotation, speaker: str) -> list[int]:
    """The statements that may agree with a quotation, those with the most of its words."""
    closest = view.index.closest(quotation.text, _CLOSEST, speaker)
    likeness = {number: quotation.likeness(view.rows.content(number)) for number in closest}
    likely = [number for number in closest if likeness[number]]
    return sorted(likely, key=lambda number: -likeness[number])[:_COMPARED]


def among(
    statements: Iterable[tuple[int, Statement]], quotation: Quotation, speaker: str = ""
) -> Answer:
    """What some statements, each with its number, have of a quotation."""
    places = [
        Place(number, statement, comparison, agreement(speaker, statement))
        for number, statement in statements
        if (comparison := quotation.beside(statement))
    ]
    places.sort(key=_goodness, reverse=True)
    outcome = _outcome(places)
    if outcome is Outcome.NOT_FOUND:
        return Answer(outcome, ())
    return Answer(outcome, tuple(places))


def _goodness(place: Place) -> tuple[bool, tuple[int, float], bool, float, int]:
    return (
        place.agreement in (Agreement.SAME, Agreement.NONE),
        place.comparison.rank,
        place.agreement is Agreement.OTHER,
        place.statement.confidence or 0.0,
        -place.number,
    )


def _outcome(places: list[Place]) -> Outcome:
    own = [each for each in places if each.agreement in (Agreement.SAME, Agreement.NONE)]
    if own and _is_close(own[0]):
        return Outcome(own[0].comparison.wording)
    if any(_is_close(place) and place not in own for place in places):
        return Outcome.OTHER_SPEAKER
    return Outcome(own[0].comparison.wording) if own else Outcome.NOT_FOUND


def _is_close(place: Place) -> bool:
    """Whether the words are there, and not only the sense of them."""
    return place.comparison.wording is not Wording.PARAPHRASED
