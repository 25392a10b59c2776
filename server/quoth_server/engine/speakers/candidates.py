"""What speaks for a candidate as the speaker of a statement, in numbers.

The record network weighs them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from spacy.tokens import Doc

from quoth_server.engine.records.questions import Questions
from quoth_server.engine.records.table import FloatArray, IntArray, columns_of
from quoth_server.engine.speakers import naming
from quoth_server.engine.speakers.mentions import Form
from quoth_server.engine.speakers.names import Gender
from quoth_server.engine.speakers.nouns import Number
from quoth_server.engine.speakers.referents import Referents
from quoth_server.engine.speakers.word_index import WordIndex
from quoth_server.engine.statements.draft import Draft
from quoth_server.engine.types import SpeakerType

__all__ = ["FEATURES", "Candidates", "Describer", "Said"]

BoolArray = npt.NDArray[np.bool_]

FEATURES = 58
"""Numbers that describe a candidate for a statement."""
_NEAREST = 160
"""Candidates for a statement are this many of the nearest mentions, and those it names."""
_NEAR_PARAGRAPHS = 3
"""Descriptions farther away are candidates only where they speak or have the source's noun."""
_SUBJECTS = frozenset({"nsubj", "nsubjpass"})
_OBJECTS = frozenset({"dobj", "pobj", "attr"})
_PERSONS = frozenset({SpeakerType.PERSON, SpeakerType.UNNAMED})
_GENDERS = tuple(Gender)
_UNKNOWN = _GENDERS.index(Gender.UNKNOWN)
_WITHIN = frozenset({"compound", "poss", "nmod"})
_TYPES = (
    SpeakerType.PERSON,
    SpeakerType.ORGANIZATION,
    SpeakerType.PLACE,
    SpeakerType.GROUP,
    SpeakerType.DOCUMENT,
    SpeakerType.UNNAMED,
    None,
)


@dataclass(frozen=True, slots=True)
class Said:
    """Who said a statement, by the names that fit, and in which paragraph."""

    keys: frozenset[str]
    paragraph: int


@dataclass(frozen=True, slots=True)
class Candidates:
    """Candidates of one statement: indices of phrases, and their features.

    Shape: `features` phrases × FEATURES. `own` is the phrase that is the source itself, if any.
    """

    phrases: IntArray
    features: FloatArray
    own: int | None


class Describer:
    """Describes the candidates of an article's statements."""

    def __init__(
        self,
        doc: Doc,
        referents: Referents,
        questions: Questions,
        drafts: Sequence[Draft],
    ) -> None:
        phrases = referents.phrases
        table = questions.table
        self._table, self._referents = table, referents
        self._questions = questions
        heads = referents.heads
        self._paragraph = table.words.paragraph[heads]
        self._sentence = table.sentence[heads]
        self._speaks = np.isin(heads, questions.heads[questions.heads >= 0])
        kinds = [_type(referents, at) for at in range(len(phrases))]
        labels = [doc[phrase.head].dep_ for phrase in phrases]
        known = referents.entity >= 0
        counts = np.bincount(referents.entity[known], minlength=len(referents.entities))
        spoken = np.bincount(
            referents.entity[known & self._speaks], minlength=len(referents.entities)
        )
        count = np.where(known, _pick(counts, referents.entity), 1)
        times = np.where(known, _pick(spoken, referents.entity), self._speaks)
        first = {number: at for at, number in reversed(list(enumerate(referents.entity.tolist())))}
        self._type = np.array([_TYPES.index(kind) for kind in kinds], dtype=np.int64)
        self._gender = np.array(
            [_GENDERS.index(_gender(referents, at)) for at in range(len(phrases))], dtype=np.int64
        )
        self._lemmas = [doc[phrase.head].lemma_.lower() for phrase in phrases]
        self._lemma, _ = _numbered(self._lemmas)
        self._key, self._number_of = _numbered(referents.keys)
        names = [frozenset(name.lower().split()) for name in referents.names]
        roles = [_role_words(referents, at) for at in range(len(phrases))]
        self._named, self._held = WordIndex(names), WordIndex(roles)
        self._known = WordIndex([one | other for one, other in zip(names, roles, strict=True)])
        self._short = WordIndex([(_initials(name),) for name in referents.names])
        self._description = np.array([p.form is Form.DESCRIPTION for p in phrases], dtype=bool)
        self._pronoun = np.array([p.form is Form.PRONOUN for p in phrases], dtype=bool)
        said = np.zeros(len(table) + 1, dtype=bool)
        for draft in drafts:
            for span in draft.content:
                begin, end = table.range_of(span)
                said[begin:end] = True
        self._said = said[heads]
        self._person = np.array([kind in _PERSONS for kind in kinds], dtype=bool)
        self._open = np.array([bool(fitting) for fitting in referents.fitting], dtype=bool)
        self._typed = np.array([kind is not None for kind in kinds], dtype=bool)
        columns = [
            [p.form is Form.NAME for p in phrases],
            self._description,
            *(self._type == number for number in range(len(_TYPES))),
            np.log1p(count) / 3,
            [p.in_quotation for p in phrases],
            [p.in_title for p in phrases],
            self._speaks,
            np.log1p(times),
            [label in _SUBJECTS for label in labels],
            [label in _OBJECTS for label in labels],
            [label in _WITHIN for label in labels],
            [label == "appos" for label in labels],
            [number >= 0 and first[number] == at for at, number in enumerate(referents.entity)],
        ]
        self._fixed = columns_of(columns, len(phrases))

    def candidates(self, row: int, draft: Draft, spoken: Sequence[Said] = ()) -> Candidates:
        """The candidates for the speaker of the statement in a row of the questions.

        Args:
            row: The statement.
            draft: The same.
            spoken: Who said those before it, in text order.
        """
        referents, table = self._referents, self._table
        at = int(self._questions.at[row])
        own = self._own(int(self._questions.heads[row]))
        heads = referents.heads
        distance = heads - at
        paragraphs = self._paragraph - table.words.paragraph[at]
        mine = np.zeros(len(heads), dtype=bool)
        same_noun = np.zeros(len(heads), dtype=bool)
        if own is not None:
            mine[own] = True
            if self._description[own]:
                same_noun = self._lemma == self._lemma[own]
        far = np.abs(paragraphs) > _NEAR_PARAGRAPHS
        allowed = ~self._pronoun & (
            ~self._description | same_noun | (self._speaks | ~far) & (self._typed | self._speaks)
        )
        # "Trump", where several have that name, does not say who is meant.
        able = (allowed | mine) & ~self._open & ~self._pronoun
        if own is not None and draft.source and self._description[own] and self._person[own]:
            # The mayor of a port may be somebody, but not the port.
            first, last = table.range_of(draft.source)
            able &= self._person | mine | (heads < first) | (heads >= last)
        rows = np.flatnonzero(able)
        if len(rows) > _NEAREST:
            nearest = np.argsort(np.abs(distance[rows]) - 1e6 * mine[rows], kind="stable")
            rows = np.sort(rows[nearest[:_NEAREST]])
        features = self._features(rows, row, draft, own, distance, paragraphs, same_noun, spoken)
        return Candidates(rows, features, own)

    def _own(self, head: int) -> int | None:
        if head < 0:
            return None
        found = self._referents.at(head)
        if found is not None:
            return found
        for at, phrase in enumerate(self._referents.phrases):
            first, last = self._table.of_token[phrase.start], self._table.of_token[phrase.end - 1]
            if first <= head <= last:
                return at
        return None

    def _features(
        self,
        rows: IntArray,
        row: int,
        draft: Draft,
        own: int | None,
        distance: IntArray,
        paragraphs: IntArray,
        same_noun: BoolArray,
        spoken: Sequence[Said],
    ) -> FloatArray:
        referents, table = self._referents, self._table
        at = int(self._questions.at[row])
        heads, entity = referents.heads[rows], referents.entity[rows]
        far, apart = distance[rows], paragraphs[rows]
        sentences = self._sentence[rows] - table.sentence[at]
        content = np.zeros(len(rows), dtype=bool)
        for span in draft.content:
            first, last = table.range_of(span)
            content |= (heads >= first) & (heads < last)
        source = table.range_of(draft.source) if draft.source else (0, 0)
        is_own = rows == own
        in_source = (heads >= source[0]) & (heads < source[1]) & ~is_own
        mine = referents.phrases[own] if own is not None else None
        mine_entity = int(referents.entity[own]) if own is not None else -1
        open_to = referents.fitting[own] if own is not None else frozenset()
        gender = int(self._gender[own]) if own is not None else _UNKNOWN
        genders = self._gender[rows]
        known = gender != _UNKNOWN
        words = frozenset(referents.names[own].lower().split()) if own is not None else frozenset()
        noun = [self._lemmas[own]] if own is not None and self._description[own] else []
        initials = [mine.text] if mine is not None and mine.text.isupper() else []
        kind = self._type[own] if own is not None and self._typed[own] else -1
        columns: list[npt.ArrayLike] = [
            is_own,
            (entity >= 0) & (entity == mine_entity) & ~is_own,
            np.isin(entity, list(open_to)),
            np.sign(far) * np.log1p(np.abs(far)) / 5,
            far < 0,
            sentences == 0,
            sentences == -1,
            sentences == 1,
            (sentences < -1) & (sentences >= -3),
            apart == 0,
            apart == -1,
            apart == 1,
            np.minimum(np.abs(apart) / 10, 2.0),
            content,
            in_source,
            known & (genders == gender),
            known & (genders != gender) & (genders != _UNKNOWN),
            same_noun[rows],
            self._held.share(noun)[rows],
            self._named.share(words)[rows],
            self._known.share(words)[rows],
            self._short.share(initials)[rows],
            mine is None,
            mine is not None and mine.form is Form.PRONOUN,
            mine is not None and mine.form is Form.DESCRIPTION,
            mine is not None and mine.form is Form.NAME,
            self._type[rows] == kind,
            mine is not None and mine.number is Number.SEVERAL,
        ]
        columns += self._history(rows, at, spoken)
        columns += self._salience(rows, far, gender)
        return np.concatenate([columns_of(columns, len(rows)), self._fixed[rows]], axis=1)

    def _history(self, rows: IntArray, at: int, spoken: Sequence[Said]) -> list[npt.ArrayLike]:
        """Who spoke before: last, and where, the time before that, and how often."""
        keys = self._key[rows]
        last = spoken[-1] if spoken else None
        apart = self._table.words.paragraph[at] - (last.paragraph if last else 0)
        again = np.isin(keys, self._numbers(last.keys if last else ()))
        earlier = self._numbers(spoken[-2].keys if len(spoken) > 1 else ())
        times = np.zeros(len(self._number_of))
        for key, count in Counter(key for said in spoken for key in said.keys).items():
            times[self._numbers([key])] = count
        return [
            again,
            again & (apart == 0),
            again & (apart == 1),
            np.isin(keys, earlier),
            np.log1p(times[keys]),
        ]

    def _numbers(self, keys: Iterable[str]) -> list[int]:
        """The numbers of the keys that any phrase has."""
        return [self._number_of[key] for key in keys if key in self._number_of]

    def _salience(self, rows: IntArray, far: IntArray, gender: int) -> list[npt.ArrayLike]:
        """Mentions inside statements, and the people named last outside them."""
        genders, keys, said = self._gender[rows], self._key[rows], self._said[rows]
        differs = (gender != _UNKNOWN) & (genders != _UNKNOWN) & (genders != gender)
        named = self._person[rows] & ~said & (far < 0) & ~differs
        nearest = np.argsort(-far, kind="stable")
        people, first = np.unique(keys[nearest[named[nearest]]], return_index=True)
        place = np.full(len(self._number_of), -1)
        place[people[np.argsort(first)]] = np.arange(len(people))
        ranks = place[keys]
        return [
            said,
            ranks == 0,
            ranks == 1,
            (ranks == 0) & (len(people) == 1),
            ranks > 1,
            said & (far < 0),
        ]


def _numbered(names: Sequence[str]) -> tuple[IntArray, Mapping[str, int]]:
    """A number for each name, the same for the same, and what they are."""
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(n, len(numbers)) for n in names], dtype=np.int64), numbers


def _pick(values: npt.NDArray[np.int64], numbers: IntArray) -> npt.NDArray[np.int64]:
    """The value of each number; that of -1 is not used."""
    return np.append(values, 0)[numbers]


def _type(referents: Referents, at: int) -> SpeakerType | None:
    number = int(referents.entity[at])
    return naming.type_of(referents.entities[number]) if number >= 0 else referents.phrases[at].type


def _gender(referents: Referents, at: int) -> Gender:
    number = int(referents.entity[at])
    if number < 0:
        return referents.phrases[at].gender
    entity = referents.entities[number]
    return entity.gender if entity.gender is not Gender.UNKNOWN else entity.likely_gender


def _role_words(referents: Referents, at: int) -> frozenset[str]:
    number = int(referents.entity[at])
    if number < 0:
        return frozenset()
    entity = referents.entities[number]
    return frozenset(entity.role_words | entity.nouns)


def _initials(name: str) -> str:
    return "".join(word[0] for word in name.split())
