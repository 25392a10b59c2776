"""Groups names by their bearers: which of them can be one person, or one body, place or work."""

from __future__ import annotations

from dataclasses import replace

from quoth_server.engine.lexicon import words
from quoth_server.engine.speakers import names
from quoth_server.engine.speakers.mentions import Phrase
from quoth_server.engine.speakers.names import Match, Name
from quoth_server.engine.speakers.nouns import Number
from quoth_server.engine.types import SpeakerType

__all__ = ["Bodies", "People"]


class People:
    """Groups of names that are one person each; full names must come before short ones."""

    def __init__(self) -> None:
        self.groups: list[list[Phrase]] = []
        self.open: list[tuple[Phrase, tuple[int, ...]]] = []
        self._names: list[list[Name]] = []
        self._at: dict[str, list[int]] = {}

    def add(self, phrase: Phrase, name: Name) -> None:
        """Puts a name into the group that it fits best, or a new one; leaves equals open."""
        fitting = self._fitting(name)
        equal = [g for g, fit in fitting.items() if fit is max(fitting.values())]
        if len(equal) > 1:
            self.open.append((phrase, tuple(sorted(equal))))
            return
        if equal:
            chosen = equal[0]
        else:
            chosen = len(self.groups)
            self.groups.append([])
            self._names.append([])
        self.groups[chosen].append(phrase)
        if name not in self._names[chosen]:
            self._names[chosen].append(name)
        for part in {*name.parts[:1], *name.parts[-2:]}:
            if chosen not in self._at.setdefault(part, []):
                self._at[part].append(chosen)

    def claims(self, phrase: Phrase) -> bool:
        """Takes a single word labeled a body or work where it is a known family name."""
        name = names.parse(phrase.text)
        if len([p for p in name.parts if p not in words("name_particles")]) > 1:
            return False
        if not {Match.FAMILY, Match.SAME} & set(self._fitting(name).values()):
            return False
        self.add(replace(phrase, type=SpeakerType.PERSON, number=Number.ONE, name=name), name)
        return True

    def _fitting(self, name: Name) -> dict[int, Match]:
        """The groups that a name can belong to, with how well it fits; it must fit every form."""
        near = {g for part in (*name.parts[:1], *name.parts[-1:]) for g in self._at.get(part, ())}
        found = {}
        for group in near:
            full = [n for n in self._names[group][:8] if len(n.parts) > 1]
            fits = [names.match(name, n) for n in full or self._names[group]]
            if Match.NONE not in fits:
                found[group] = max(fits)
        return found


class Bodies:
    """Groups of names that are one body, place or work each."""

    def __init__(self) -> None:
        self.groups: list[list[Phrase]] = []
        self._at: dict[str, list[int]] = {}

    def add(self, phrase: Phrase) -> None:
        """Puts a name into the group of the same or a fuller or shorter one, else a new one."""
        keys = self._keys(phrase.text)
        near = sorted({g for key in keys for g in self._at.get(key, ())})
        chosen = next((g for g in near if self._fits(g, phrase)), None)
        if chosen is None:
            chosen = len(self.groups)
            self.groups.append([])
        self.groups[chosen].append(phrase)
        for key in keys:
            if chosen not in self._at.setdefault(key, []):
                self._at[key].append(chosen)

    def _fits(self, group: int, phrase: Phrase) -> bool:
        first = self.groups[group][0]
        if {first.type, phrase.type} & _WHOLE_NAMES and first.type is not phrase.type:
            return names.body_words(first.text) == names.body_words(phrase.text)
        return any(names.same_body(p.text, phrase.text) for p in self.groups[group][:8])

    @staticmethod
    def _keys(text: str) -> set[str]:
        """What a name is looked up by: its first and last word, and its initials."""
        telling = names.body_words(text)
        initials = "".join(w[0] for w in text.split() if w[:1].isupper())
        return {*telling[:1], *telling[-1:], initials, text.replace(".", "")}


_WHOLE_NAMES = frozenset({SpeakerType.PLACE, SpeakerType.GROUP, SpeakerType.DOCUMENT})
"""Types whose names are shortened to no other type's name."""
