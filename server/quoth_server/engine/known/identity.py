"""Which known speaker a speaker of the article is, by all that the article calls them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from spacy.tokens import Doc

from quoth_server.engine.known.fitting import Called, Fit, Table
from quoth_server.engine.speakers import names, naming, role_spans
from quoth_server.engine.speakers.mentions import Form, Phrase
from quoth_server.engine.types import Role, RoleStatus, Speaker, SpeakerType

__all__ = ["Identified", "Identifier"]


@dataclass(frozen=True, slots=True)
class Identified:
    """The known speaker that one is, as an index; `several` if more than one fits equally well.

    `apart` maps phrases to known speakers where the article's names are of different ones.
    """

    known: int | None = None
    several: bool = False
    apart: Mapping[int, int] = field(default_factory=dict)


class Identifier:
    """Identifies the speakers of one article."""

    def __init__(self, doc: Doc, phrases: Sequence[Phrase], table: Table) -> None:
        self._doc = doc
        self._phrases = phrases
        self._table = table
        self._full = {p.name for p in phrases if p.name and len(p.name.parts) > 1}

    def identify(self, speaker: Speaker, phrases: Iterable[int]) -> Identified:
        """The known speaker that a speaker is.

        Args:
            speaker: With the roles that the article gives.
            phrases: Those that mean the speaker; none for joint ones.
        """
        phrases = list(phrases)
        called = {
            at: _called(self._phrases[at], speaker)
            for at in phrases
            if self._phrases[at].form is Form.NAME
        }
        apart = self._apart(called)
        if len(set(apart.values())) > 1:
            return Identified(apart=apart)
        fits = self._fits(speaker, called, phrases)
        best = [n for n, fit in fits.items() if fit is max(fits.values())]
        if len(best) > 1:
            best = self._by_role(best, speaker.roles) or best
        if len(best) > 1:
            return Identified(several=True)
        return Identified(best[0] if best else None)

    def _apart(self, called: Mapping[int, Called]) -> dict[int, int]:
        """The phrases that are the full name of just one known speaker."""
        found = {}
        for at, each in called.items():
            fits = {n: self._table.fit(n, each) for n in self._table.near(each)}
            best = [n for n, fit in fits.items() if fit is max(fits.values())]
            if len(best) == 1 and fits[best[0]] >= Fit.ALIKE:
                found[at] = best[0]
        return found

    def _fits(
        self, speaker: Speaker, called: Mapping[int, Called], phrases: Sequence[int]
    ) -> dict[int, Fit]:
        """The known speakers that none of the names rules out and one is enough for."""
        forms = set(called.values())
        if forms:
            sample = next(iter(called.values()))
            name = names.parse(speaker.display_name) if sample.name else None
            forms.add(Called(speaker.display_name, name))
        fits: dict[int, Fit] = {}
        for number in set().union(*(self._table.near(each) for each in forms)):
            found = [self._table.fit(number, each) for each in forms]
            if Fit.AGAINST not in found and not self._is_shared(number, forms):
                fits[number] = max(found)
        described = {
            naming.description(self._doc, self._phrases[at])
            for at in phrases
            if self._phrases[at].form is Form.DESCRIPTION
        }
        for text in described:
            for number in self._table.written(text):
                if not forms or number in fits:
                    fits[number] = Fit.WRITTEN
        return {number: fit for number, fit in fits.items() if fit >= Fit.SHORT}

    def _is_shared(self, number: int, forms: Iterable[Called]) -> bool:
        """Whether all that is known is a family name that somebody else in the article shares."""
        told = [each.name for each in forms if each.name]
        if not told or any(len(name.parts) > 1 for name in told):
            return False
        parts = {name.parts[-1] for name in told if name.parts}
        return any(
            other.parts[-1] in parts
            and self._table.fit(number, Called(other.bare, other)) is Fit.AGAINST
            for other in self._full
        )

    def _by_role(self, numbers: Iterable[int], roles: Iterable[Role]) -> list[int]:
        """Those that the caller gives a role that the article gives too."""
        told = [
            (_telling(role_spans.text_of(self._doc, role)), role.status is RoleStatus.FORMER)
            for role in roles
        ]
        return [
            number
            for number in numbers
            if any(
                (given <= said or said <= given) and past == was
                for given, past in map(_given, self._table.speakers[number].roles)
                for said, was in told
                if given and said
            )
        ]


def _called(phrase: Phrase, speaker: Speaker) -> Called:
    if phrase.name is None and speaker.type is SpeakerType.PERSON:
        return Called(phrase.text, names.parse(phrase.text))
    return Called(phrase.text, phrase.name)


def _given(role: str) -> tuple[frozenset[str], bool]:
    return _telling(role), any(map(role_spans.is_past, role.casefold().split()))


def _telling(role: str) -> frozenset[str]:
    """The words of a role, without those that say that it is past."""
    return frozenset(word for word in names.body_words(role) if not role_spans.is_past(word))
