"""The roles of an article, and beside which phrases they stand.

The article network reads which words are a role. Whose it is, and at which statements it holds, the
record network says (`roles`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from spacy.tokens import Doc, Token

from quoth_server.engine.records.table import FloatArray, WordTable
from quoth_server.engine.speakers import nouns, role_spans
from quoth_server.engine.speakers.mentions import Form, Phrase
from quoth_server.engine.types import Role

__all__ = ["RoleTags", "TaggedRole", "find"]

_NO_ROLE = 0.8
"""Words more likely than this not to be a role are in none: most are far more likely."""
_LIKELY = 0.5
"""A role beside a phrase is taken for its own from here on."""
_COPULAS = frozenset({"attr", "oprd"})
_MARKS = frozenset({",", "(", "-", "--", "–", "—"})


@dataclass(frozen=True, slots=True)
class TaggedRole:
    """A role, the token that heads it, and the mean probability of its words."""

    role: Role
    head: int
    chance: float


@dataclass(frozen=True, slots=True)
class RoleTags:
    """The roles in text order; `at` has the place in `found` of each token that is in one."""

    doc: Doc
    found: tuple[TaggedRole, ...]
    at: Mapping[int, int]

    def beside(self, phrase: Phrase) -> tuple[int, ...]:
        """The roles right beside a name, or said of it, or that a description is: places."""
        if phrase.form is Form.PRONOUN:
            return ()
        places = dict.fromkeys(self.at[token] for token in self._beside(phrase) if token in self.at)
        likely = [place for place in places if self.found[place].chance >= _LIKELY]
        if phrase.form is Form.DESCRIPTION:
            return tuple(likely)
        # A role that a name is part of is another's: "Lund's lawyer".
        return tuple(p for p in likely if not self._role(p).span.overlaps(phrase.span))

    def roles_beside(self, phrase: Phrase) -> tuple[Role, ...]:
        """The same as roles, the nearest first."""
        return tuple(map(self._role, self.beside(phrase)))

    def _role(self, place: int) -> Role:
        return self.found[place].role

    def _beside(self, phrase: Phrase) -> Iterator[int]:
        """The tokens at which a role of the phrase can be, the nearest first."""
        doc, head = self.doc, self.doc[phrase.head]
        if phrase.form is Form.DESCRIPTION:
            yield head.i
        before, after = phrase.start - 1, phrase.end
        yield before
        if before > 0 and doc[before].text in _MARKS:
            yield before - 1
        yield after
        if after < len(doc) and doc[after].text in _MARKS:
            aged = after + 2 < len(doc) and doc[after + 1].like_num  # "Ana Ruiz, 34, a nurse"
            yield from range(after + 1, after + 3 + 2 * aged)
        yield from (child.i for child in head.children if child.dep_ == "appos")
        if head.dep_ == "appos":
            yield head.head.i
        elif head.dep_ in {"nsubj", "nsubjpass"}:
            yield from (child.i for child in head.head.rights if child.dep_ in _COPULAS)


def find(doc: Doc, table: WordTable, tags: FloatArray) -> RoleTags:
    """Reads roles off the probabilities of words.

    Args:
        doc: The parse of the body.
        table: Its words.
        tags: How likely each word is outside a role, begins one, or continues one.
    """
    found: list[TaggedRole] = []
    at: dict[int, int] = {}
    for first, last, chance in _runs(tags):
        start, end = np.searchsorted(table.of_token, (first, last)).tolist()
        if start == end:
            continue
        start = role_spans.without_determiners(doc, start, end)
        if _is_part(doc[start]):
            continue
        if (
            end - start > 1
            and doc[end - 1].text.endswith(".")
            and nouns.is_office_title(doc[end - 1])
        ):
            end -= 1  # "board chairman **Rep.** Karl Lund"
        head = doc[start:end].root
        if _is_denied(head):
            continue
        for role in role_spans.role(doc, start, end, past=_is_past(head)):
            words = role_spans.tokens_of(doc, role)
            at |= dict.fromkeys(range(words.start, words.end), len(found))
            found.append(TaggedRole(role, words.root.i, chance))
    return RoleTags(doc, tuple(found), at)


def _is_past(noun: Token) -> bool:
    """Whether a verb in the past gives a role: "Lund was **mayor**", "served as **mayor**"."""
    served = noun.dep_ == "pobj" and noun.head.lower_ == "as"
    verb = noun.head.head if served else noun.head
    return verb.tag_ == "VBD" and (served or (noun.dep_ == "attr" and verb.lemma_ == "be"))


def _is_denied(noun: Token) -> bool:
    """Whether a verb says that somebody is not what a noun says: "is not the **mayor**"."""
    none = any(child.lower_ == "no" for child in noun.lefts)
    return noun.dep_ == "attr" and (none or any(c.dep_ == "neg" for c in noun.head.children))


def _is_part(first: Token) -> bool:
    """Whether words are but a part of a description: "32 percent **of voters**"; or a count."""
    return first.tag_ == "CD" or (first.tag_ == "IN" and first.head.tag_ not in {"NNP", "NNPS"})


def _runs(tags: FloatArray) -> list[tuple[int, int, float]]:
    """Runs of words `[first, last)` that can be a role, with the mean of their probabilities."""
    inside = tags[:, 0] < _NO_ROLE
    begins = inside & ((tags[:, 1] > tags[:, 2]) | ~np.append(False, inside[:-1]))
    runs = []
    for first, limit in pairwise([*np.flatnonzero(begins).tolist(), len(tags)]):
        last = first + 1
        while last < limit and inside[last]:
            last += 1
        runs.append((first, last, float(1.0 - tags[first:last, 0].mean())))
    return runs
