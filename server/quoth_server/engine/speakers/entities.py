"""Gathers names into entities: who the article's names belong to, short forms included."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from spacy.tokens import Doc

from quoth_server.engine.speakers import names, role_spans
from quoth_server.engine.speakers.bearers import Bodies, People
from quoth_server.engine.speakers.mentions import Form, Phrase
from quoth_server.engine.speakers.names import Gender, Match, Name
from quoth_server.engine.speakers.nouns import Number
from quoth_server.engine.speakers.role_tags import RoleTags
from quoth_server.engine.types import Role, Span, SpeakerType

__all__ = ["Entity", "Gathered", "gather"]

_PERSON = SpeakerType.PERSON


@dataclass(slots=True, eq=False)
class Entity:
    """One person, body, document or group; grows while its mentions are linked.

    `nouns` are the lemmas that describe it ("senator", "lawyer"), from its roles and
    descriptions. `heads` are its phrases' head tokens, `named` its mentions by name, `role_words`
    the words of its roles, lower-cased, `likely_gender` what a lone given name shows.
    """

    type: SpeakerType
    number: Number = Number.ONE
    gender: Gender = Gender.UNKNOWN
    likely_gender: Gender = Gender.UNKNOWN
    phrases: list[Phrase] = field(default_factory=list)
    roles: list[Role] = field(default_factory=list)
    nouns: set[str] = field(default_factory=set)
    heads: set[int] = field(default_factory=set)
    named: list[Phrase] = field(default_factory=list)
    role_words: set[str] = field(default_factory=set)

    def add(self, doc: Doc, phrase: Phrase, tagged: RoleTags) -> None:
        """Adds a mention, with the gender, the roles and the nouns that it shows."""
        self.phrases.append(phrase)
        self.heads.add(phrase.head)
        if phrase.form is Form.NAME:
            self.named.append(phrase)
        if self.gender is Gender.UNKNOWN:
            self.gender = phrase.gender
        if phrase.form is Form.PRONOUN:
            return
        for role in tagged.roles_beside(phrase):
            text = role_spans.text_of(doc, role)
            self.roles.append(role)
            self.nouns |= _nouns(text)
            self.role_words.update(names.without_possessive(w).casefold() for w in text.split())
        if phrase.form is Form.DESCRIPTION:
            self.nouns |= _nouns(doc[phrase.head].lemma_.lower())
        if self.gender is Gender.UNKNOWN and self.type in {_PERSON, SpeakerType.UNNAMED}:
            self.gender = names.gender_of_words(self.nouns)


def _nouns(text: str) -> set[str]:
    """The nouns in a role that say what one is, titles written out ("Sen." is a senator).

    Neither those of its possessor nor those of the phrases behind it: "the mayor's lawyer in Ghent"
    is a lawyer.
    """
    own = _BEHIND.split(_POSSESSOR.sub("", text), maxsplit=1)[0]
    parts = [w.strip('.,“”"').lower() for w in own.replace("-", " ").split()]
    heads = parts[-1:] + own.split()[-1:]
    found = {w.lower() for w in heads} | {w for w in parts if w in _WRITTEN_OUT}
    found |= {w.removesuffix("s") for w in found}
    return found | {_WRITTEN_OUT[w] for w in found if w in _WRITTEN_OUT}


_POSSESSOR = re.compile(r".*(?:['’]s|s['’])\s+")
_BEHIND = re.compile(r"\s+(?:of|for|at|in|to|with|on|from|who|that)\s+")


_WRITTEN_OUT = {
    "sen": "senator",
    "rep": "congressman",
    "gov": "governor",
    "gen": "general",
    "dr": "doctor",
    "prof": "professor",
    "lt": "lieutenant",
    "col": "colonel",
    "sgt": "sergeant",
    "capt": "captain",
    "del": "delegate",
    "rev": "reverend",
}


@dataclass(frozen=True, slots=True)
class Gathered:
    """The entities of the names, in order of first mention.

    `owner` maps a name's head token to its entity; `open` maps it to those that it fits equally
    well ("Weiss", where two are called so).
    """

    entities: list[Entity]
    owner: dict[int, Entity]
    open: dict[int, tuple[Entity, ...]]


def gather(doc: Doc, phrases: Sequence[Phrase], tagged: RoleTags, title: str = "") -> Gathered:
    """Groups all names, short forms with the full ones.

    Args:
        doc: the parse of the body.
        phrases: of the body.
        tagged: its roles.
        title: the article's title, for full names that the body leaves out.
    """
    named = _with_shared_family(doc, [p for p in phrases if p.form is Form.NAME])
    people, bodies = People(), Bodies()
    for name in _left_out(title, named):
        people.add(_in_title(name), name)
    located = {p.text.lower() for p in named if _is_located(doc, p)}
    for phrase in sorted(named, key=lambda p: -min(2, len(p.name.parts)) if p.name else 0):
        if phrase.name is not None:
            people.add(phrase, phrase.name)
        elif phrase.text.lower() in located or not people.claims(phrase):
            bodies.add(phrase)
    gathered = Gathered([], {}, {})
    by_group: dict[int, Entity] = {}
    for group in sorted((*people.groups, *bodies.groups), key=lambda g: min(p.start for p in g)):
        group.sort(key=lambda p: p.start)
        entity = by_group[id(group)] = Entity(_elected(group), group[0].number)
        for phrase in group:
            if phrase.start == phrase.end:
                entity.named.append(phrase)
                entity.gender = phrase.gender
                continue
            entity.add(doc, phrase, tagged)
            gathered.owner[phrase.head] = entity
        entity.likely_gender = _likely_gender(entity)
        gathered.entities.append(entity)
    for phrase, groups in people.open:
        fitting = tuple(by_group[id(people.groups[g])] for g in groups)
        gathered.open[phrase.head] = fitting
    return gathered


def _likely_gender(entity: Entity) -> Gender:
    """The gender, else what the only name would show if it is a given one: "Melanie"."""
    forms = {p.name.parts for p in entity.named if p.name}
    if entity.gender is Gender.UNKNOWN and len(forms) == 1 and all(len(f) == 1 for f in forms):
        return names.gender_of_given(next(iter(forms))[0])
    return entity.gender


def _left_out(title: str, named: Sequence[Phrase]) -> list[Name]:
    """Full names of the title that the body has only the family name of."""
    if not title:
        return []
    forms = [p.name for p in named if p.name]
    short = {p.text.casefold() for p in named} | {n.parts[-1] for n in forms if len(n.parts) == 1}
    full = [n for n in forms if len(n.parts) > 1]
    found = names.full_names(title)
    return [
        n
        for n in found
        if n.parts[-1] in short and not any(names.match(n, f) is Match.SAME for f in full)
    ]


def _in_title(name: Name) -> Phrase:
    """A name that is in the title alone, as a phrase before the body's first."""
    return Phrase(
        start=0,
        end=0,
        head=-1,
        span=Span(0, 0),
        text=name.bare,
        form=Form.NAME,
        number=Number.ONE,
        gender=name.gender,
        type=_PERSON,
        name=name,
        in_title=True,
    )


def _with_shared_family(doc: Doc, named: Sequence[Phrase]) -> list[Phrase]:
    """The names, with the family name that two share and the second has: "Jo and Al Ek"."""
    families = {p.name.parts[-1] for p in named if p.name and len(p.name.parts) > 1}
    out = list(named)
    for at, (one, other) in enumerate(pairwise(named)):
        if one.name is None or other.name is None or doc[one.end : other.start].text != "and":
            continue
        alone = len(one.name.parts) == 1 and one.name.parts[0] not in families
        full = len(other.name.parts) > 1 and not other.name.titles and not one.name.titles
        known = names.gender_of_given(one.text) is not Gender.UNKNOWN
        if alone and full and known:
            name = names.parse(f"{one.text} {other.name.bare.split()[-1]}")
            out[at] = replace(one, name=name, gender=name.gender)
    return out


def _is_located(doc: Doc, phrase: Phrase) -> bool:
    """Whether a preposition of place stands before a place's name."""
    before = doc[phrase.start - 1].lower_ if phrase.start else ""
    return phrase.type is SpeakerType.PLACE and before in {"in", "at", "near", "into", "across"}


def _elected(group: Sequence[Phrase]) -> SpeakerType:
    """The type that most mentions have; the earlier one where two are equal."""
    votes = Counter(p.type for p in group if p.type is not None)
    return votes.most_common(1)[0][0]
