"""Reads an article's phrases in order and links each to the entity that it refers to."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from spacy.tokens import Doc

from quoth_server.engine.lexicon import words
from quoth_server.engine.speakers import (
    appositions,
    entities,
    features,
    mentions,
    ranking,
    settling,
    sources,
)
from quoth_server.engine.speakers.entities import Entity, Gathered
from quoth_server.engine.speakers.features import Place, Seen
from quoth_server.engine.speakers.mentions import Form, Phrase
from quoth_server.engine.speakers.nouns import Number
from quoth_server.engine.speakers.ranking import Choice, Features, Kind
from quoth_server.engine.types import Paragraph, Quotation, Role, SpeakerType

__all__ = ["Decide", "Link", "Linker"]

Decide = Callable[[Kind, Place, Sequence[Entity], Sequence[Features]], Choice]
"""Chooses among candidates; the default asks the ranker, training asks the annotation."""

_WINDOW = 16
"""The most candidates, which are the entities mentioned last."""
_SUBJECTS = frozenset({"nsubj", "nsubjpass", "agent"})
_ONE_PERSON = frozenset({SpeakerType.PERSON, SpeakerType.UNNAMED})
_INDEFINITE = frozenset({"a", "an", "some", "many", "several", "one", "another", "few", "most"})


@dataclass(frozen=True, slots=True)
class Link:
    """The entity that something was linked to, and how sure that is; `rival` is the next best."""

    entity: Entity | None
    probability: float = 1.0
    runner_up: float = 0.0


def _ask(
    kind: Kind, _place: Place, _candidates: Sequence[Entity], described: Sequence[Features]
) -> Choice:
    return ranking.choose(kind, described)


@dataclass(slots=True)
class Linker:
    """One reading of an article, from its first phrase to its last.

    Call `phrase` for every phrase in text order, and `quotation` where a quotation stands whose
    source no words name; `spoke` after each whose words are a statement's source.
    """

    doc: Doc
    paragraphs: Sequence[Paragraph]
    quotations: Sequence[Quotation]
    decide: Decide = _ask
    title: str = ""
    phrases: tuple[Phrase, ...] = ()
    gathered: Gathered = field(default_factory=lambda: Gathered([], {}, {}))
    entities: list[Entity] = field(default_factory=list)
    links: dict[int, Link] = field(default_factory=dict)
    _name_at: dict[int, Phrase] = field(default_factory=dict)
    _open: dict[int, tuple[Entity, ...]] = field(default_factory=dict)
    _seen: dict[Entity, Seen] = field(default_factory=dict)
    _recent: dict[Entity, None] = field(default_factory=dict)
    _groups: dict[frozenset[Entity], Entity] = field(default_factory=dict)
    _became: dict[Entity, Entity] = field(default_factory=dict)
    _sources: set[int] = field(default_factory=set)
    _last_speaker: Entity | None = None
    _starts: list[int] = field(default_factory=list)
    _sentences: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.phrases = mentions.find(self.doc, self.quotations, self.paragraphs)
        self.gathered = gathered = entities.gather(self.doc, self.phrases, self.title)
        self.entities = list(gathered.entities)
        self.links = {head: Link(entity) for head, entity in gathered.owner.items()}
        self._open = gathered.open
        self._name_at = {p.start: p for p in self.phrases if p.form is Form.NAME}
        self._starts = [p.span.start_offset for p in self.paragraphs]
        self._sentences = mentions.sentence_numbers(self.doc)
        for entity in self.entities:
            if not entity.phrases:  # named in the title alone
                self._seen[entity] = Seen(entity.named[0], 0)
                self._recent[entity] = None

    # ---- reading on -------------------------------------------------------------------

    def phrase(self, phrase: Phrase, wanted: bool = False) -> Link | None:
        """Links a phrase; `wanted` tells that it speaks, whatever its noun."""
        link = self.links.get(phrase.head) or self._apposed(phrase)
        if link is None:
            if wanted and phrase.type is None and phrase.form is Form.DESCRIPTION:
                phrase = replace(phrase, type=_unlisted(phrase))
            link = self._resolved(phrase, wanted)
            if link is None or link.entity is None:
                link = self._new(phrase)
            if link is None:
                return None
        if link.entity is not None and phrase.head not in link.entity.heads:
            link.entity.add(self.doc, phrase, speaks=wanted)
        self.links[phrase.head] = link
        if wanted:
            self._sources.add(phrase.head)
        if link.entity is not None:
            owner = self._possessor(phrase)
            if owner is not None and owner is not link.entity:
                link.entity.owners.add(owner)
            self._see(link.entity, phrase)
            self._together(phrase, link.entity)
        return link

    def quotation(self, start: int) -> Link:
        """Links a quotation that starts at a token and that no words attribute."""
        place = self._place(start)
        candidates = [e for e in self.recent() if features.compatible(place, e)]
        return self._chosen(Kind.QUOTATION, place, candidates)

    def spoke(self, entity: Entity, token: int) -> None:
        """Tells the reading that an entity speaks here."""
        self._last_speaker = entity
        if seen := self._seen.get(entity):
            seen.spoken += 1
            seen.spoke_paragraph = self._paragraph(token)

    def joint(self, heads: Sequence[int]) -> Entity | None:
        """The entity of several, by their phrases' heads, who speak as one; None if unknown."""
        links = [self.links.get(head) for head in heads]
        parts = tuple(x.entity for x in links if x is not None and x.entity is not None)
        if len(set(parts)) < max(2, len(heads)):
            return None
        members = frozenset(parts)
        if members not in self._groups:
            self._groups[members] = Entity(SpeakerType.GROUP, Number.SEVERAL, parts=parts)
            self.entities.append(self._groups[members])
        return self._groups[members]

    def settle(self, nameless: Iterable[Entity]) -> None:
        """Gives those without a name theirs, where the text names them later."""
        people = [e for e in self.entities if e.type is SpeakerType.PERSON and e.named]
        for entity in nameless:
            if not settling.is_nameless(entity):
                continue
            question = settling.later(entity, people, self._sources)
            if question is None:
                continue
            place = self._place(question.description.start, question.description)
            described = settling.describe(self.doc, question)
            choice = self.decide(Kind.LATER, place, question.candidates, described)
            if choice.index is not None:
                named = question.candidates[choice.index]
                self._became[entity] = named
                for phrase in entity.phrases:
                    named.add(self.doc, phrase, speaks=phrase.head in self._sources)

    def settled(self, link: Link | None) -> Link | None:
        """The link, to whom a nameless entity turned out to be."""
        if link is None or link.entity not in self._became:
            return link
        return replace(link, entity=self._became[link.entity])

    # ---- linking ----------------------------------------------------------------------

    def _together(self, phrase: Phrase, entity: Entity) -> None:
        """Remembers people named side by side as a group too: "they" may mean both."""
        if phrase.form is Form.PRONOUN or not (entity.named or phrase.type in _ONE_PERSON):
            return
        first = self.doc[phrase.head]
        if first.dep_ == "conj":
            first = min((first, *sources.conjuncts(first)), key=lambda t: t.i)
        heads = sources.coordinated(first)
        if len(heads) < 2 or entity.type not in _ONE_PERSON:
            return
        group = self.joint([t.i for t in heads])
        if group is not None:
            group.phrases.append(phrase)
            shared = [r for p in group.parts for r in p.roles if self._means_several(r)]
            for part in group.parts:
                for role in shared:
                    if role not in part.roles:
                        part.roles.append(role)
                        part.note(self.doc, role)
            group.roles += [r for p in group.parts for r in p.roles if r not in group.roles]
            group.nouns.update(*(p.nouns for p in group.parts))
            self._see(group, phrase)

    def _means_several(self, role: Role) -> bool:
        """Whether a role is one of several people: "developers"."""
        span = self.doc.char_span(
            role.span.start_offset, role.span.end_offset, alignment_mode="expand"
        )
        return span is not None and span.root.tag_ in {"NNS", "NNPS"}

    def _apposed(self, phrase: Phrase) -> Link | None:
        """A description beside a name belongs to the name: "the mayor, Karl Lund"."""
        if phrase.form is not Form.DESCRIPTION:
            return None
        for head in appositions.heads(self.doc, phrase, self._name_at):
            link = self.links.get(head)
            if link is None or link.entity is None or link.entity.number is not phrase.number:
                continue
            if link.entity.type in {SpeakerType.PERSON, phrase.type} or self._is_body(phrase, link):
                return link
        return None

    def _is_body(self, phrase: Phrase, link: Link) -> bool:
        """Whether a description of a person can be that of a body: "the owner, Baltic Steel"."""
        noun = self.doc[phrase.head].lemma_.lower()
        assert link.entity is not None
        return link.entity.type is SpeakerType.ORGANIZATION and noun in words("either_nouns")

    def _resolved(self, phrase: Phrase, speaks: bool) -> Link | None:
        kind = self._kind(phrase)
        if kind is None:
            return None
        place = self._place(phrase.start, phrase, speaks)
        if kind is Kind.NAME:
            pool: Sequence[Entity] = self._open[phrase.head]
            candidates = [e for e in pool if e in self._seen] or list(pool)
            for entity in candidates:
                self._seen.setdefault(entity, self._first_seen(entity))
        else:
            candidates = [e for e in self.recent() if features.compatible(place, e)]
        return self._chosen(kind, place, candidates)

    def _kind(self, phrase: Phrase) -> Kind | None:
        """The kind of link that a phrase asks for; None for those that refer to nothing before."""
        if phrase.form is Form.NAME:
            return Kind.NAME if phrase.head in self._open else None
        if phrase.form is Form.PRONOUN:
            if phrase.in_quotation:
                return None
            if phrase.number is Number.SEVERAL:
                return Kind.SEVERAL
            return Kind.PERSON if phrase.type is SpeakerType.PERSON else Kind.BODY
        first = self.doc[phrase.start].lower_
        if phrase.type is None or first in _INDEFINITE or phrase.in_quotation:
            return None
        if self.doc[phrase.head].pos_ == "PRON":
            return None
        return Kind.DESCRIPTION

    def _chosen(self, kind: Kind, place: Place, candidates: Sequence[Entity]) -> Link:
        if not candidates:
            return Link(None, 1.0)
        described = features.compared([self.describe(place, e) for e in candidates])
        choice = self.decide(kind, place, candidates, described)
        entity = candidates[choice.index] if choice.index is not None else None
        return Link(entity, choice.probability, choice.runner_up)

    def recent(self) -> list[Entity]:
        """The entities mentioned last, the latest first: the candidates."""
        return list(self._recent)[: -_WINDOW - 1 : -1]

    def _new(self, phrase: Phrase) -> Link | None:
        """A description that no entity answers to yet makes one of its own."""
        if phrase.form is Form.PRONOUN or phrase.type is None:
            return None
        entity = Entity(phrase.type, phrase.number, phrase.gender)
        self.entities.append(entity)
        return Link(entity)

    def describe(self, place: Place, entity: Entity) -> dict[str, float]:
        """What speaks for an entity that was mentioned before, at a place."""
        seen = self._seen[entity]
        return features.describe(self.doc, place, entity, seen, self._last_speaker)

    # ---- memory -----------------------------------------------------------------------

    def _see(self, entity: Entity, phrase: Phrase) -> None:
        seen = self._seen.get(entity) or self._first_seen(entity)
        self._seen[entity] = seen
        seen.last = phrase
        seen.paragraph = self._paragraph(phrase.start)
        seen.count += 1
        if self.doc[phrase.head].dep_ in _SUBJECTS:
            seen.subjects += 1
            seen.last_subject_sentence = phrase.sentence
        seen.in_text = seen.in_text or not phrase.in_title
        self._recent.pop(entity, None)
        self._recent[entity] = None

    def _first_seen(self, entity: Entity) -> Seen:
        first = (entity.phrases or entity.named)[0]
        return Seen(first, self._paragraph(first.start))

    def _place(self, token: int, phrase: Phrase | None = None, speaks: bool = False) -> Place:
        sentence, paragraph = self._sentences[token], self._paragraph(token)
        owner = self._possessor(phrase) if phrase is not None else None
        return Place(token, sentence, paragraph, phrase, speaks, owner)

    def _possessor(self, phrase: Phrase) -> Entity | None:
        """The possessor: "Lund's lawyer", "his lawyer Ana Ruiz", "a lawyer for Lund"."""
        if phrase.form is Form.PRONOUN:
            return None
        head = self.doc[phrase.head]
        owners = [c for c in head.lefts if c.dep_ == "poss"]
        if phrase.form is Form.DESCRIPTION:
            behind = [p for p in head.rights if p.dep_ == "prep"]
            owners += [o for p in behind for o in p.rights if o.dep_ == "pobj"]
        links = (self.links.get(t.i) for t in owners)
        return next((x.entity for x in links if x is not None and x.entity is not None), None)

    def _paragraph(self, token: int) -> int:
        return bisect_right(self._starts, self.doc[token].idx) - 1


def _unlisted(phrase: Phrase) -> SpeakerType:
    """What a speaker is whose noun is on no list."""
    return SpeakerType.GROUP if phrase.number is Number.SEVERAL else SpeakerType.UNNAMED
