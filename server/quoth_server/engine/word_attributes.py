"""Part of step 4: part of speech, morphology and lemma, the same as two spaCy components set.

`attribute_ruler` runs some 180 patterns over every token, and `lemmatizer` takes the tokens one by
one. But all except a few patterns look at one token alone, at its text, tag and dependency. So what
the two make of it is found out once for each such triple, by themselves, and kept.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from spacy.matcher import Matcher
from spacy.pipeline import AttributeRuler, Lemmatizer
from spacy.tokens import Doc
from spacy.vocab import Vocab

__all__ = ["WordAttributes"]

_TRIPLE: list[int | str] = ["ORTH", "TAG", "DEP"]
_LOOKED_AT = frozenset({"TEXT", "ORTH", "LOWER", "IS_SPACE", "TAG", "DEP"})
_SET: list[int | str] = ["TAG", "DEP", "POS", "MORPH", "LEMMA"]
_ANCHORS = ("LOWER", "DEP")  # by which a pattern of several tokens is looked for
_MOST_KEPT = 20_000  # triples, of some 500 bytes each: those of more than fifty articles

_Triple = tuple[int, int, int]


class _Attributes(NamedTuple):
    """The values of `_SET`, and the lemma as a string: the store may have forgotten it."""

    values: tuple[int, ...]
    lemma: str


class _Anchor(NamedTuple):
    """A value of a token, and how many tokens of the pattern stand before it, and from it on."""

    name: str
    value: int
    before: int
    after: int


class WordAttributes:
    """The two components in one, for documents that have tags and dependencies.

    What is kept changes no answer: a triple has the same attributes wherever it stands.

    Raises:
        TypeError: One is not of the kind that spaCy's own English pipelines have: a learned
            lemmatizer, say, or patterns of several tokens of which none is a certain word.
    """

    def __init__(self, ruler: object, lemmatizer: object) -> None:
        for one, kind in ((ruler, AttributeRuler), (lemmatizer, Lemmatizer)):
            if not isinstance(one, kind):
                raise TypeError(f"{type(one).__name__} as its {kind.__name__}")
        assert isinstance(ruler, AttributeRuler)
        assert isinstance(lemmatizer, Lemmatizer)
        self._ruler: Any = ruler
        self._lemmatizer = lemmatizer
        # spaCy keeps its index of lemmas as lists, of up to 57,000 words that it goes through.
        index: Any = lemmatizer.lookups.get_table("lemma_index", {})
        for name, known in tuple(index.items()):
            index[name] = frozenset(known)
        self._of_word = AttributeRuler(ruler.vocab)
        self._of_context = Matcher(ruler.vocab)
        self._anchors: set[_Anchor] = set()
        rules: list[Any] = self._ruler.patterns
        for number, rule in enumerate(rules):
            if _is_of_word(rule):
                self._of_word.add(rule["patterns"], rule["attrs"])
            else:
                self._of_context.add(str(number), rule["patterns"])  # as the ruler names it
                self._anchors.update(_anchor(ruler.vocab, p) for p in rule["patterns"])
        self._kept: dict[_Triple, _Attributes] = {}

    def __call__(self, doc: Doc) -> None:
        """Sets tag, dependency, part of speech, morphology and lemma of every token."""
        triples: list[_Triple] = list(map(tuple, doc.to_array(_TRIPLE).tolist()))
        matches = self._matches_in_context(doc)
        attributes = self._of_triples(doc, triples)
        for each in attributes.values():
            doc.vocab.strings.add(each.lemma)
        rows = [attributes[triple].values for triple in triples]
        for token in matches:
            _, tag, dep = triples[token]
            rows[token] = (tag, dep, 0, 0, 0)
        doc.from_array(_SET, _array(rows, len(_SET)))
        for token, of_token in matches.items():
            self._ruler.set_annotations(doc, of_token)
            if not doc[token].lemma:
                doc[token].lemma_ = self._lemmatizer.lemmatize(doc[token])[0]

    def _matches_in_context(self, doc: Doc) -> dict[int, list[tuple[int, int, int, int]]]:
        """For each token that a pattern of several tokens is about, the matches of all patterns.

        As `AttributeRuler.match` gives them: later patterns override earlier ones.
        """
        found: dict[int, set[tuple[int, int, int, int]]] = defaultdict(set)
        strings, indices = doc.vocab.strings, self._ruler.indices
        for first, last in self._anchored(doc):
            for name, start, end in self._of_context(doc[first:last], allow_missing=True):
                number = int(strings[name])
                index = indices[number]
                token = first + (start if index >= 0 else end) + index
                found[token].add((number, name, first + start, first + end))
        for token, matches in found.items():
            here = doc[token : token + 1]
            for name, *_ in self._ruler.matcher(here, allow_missing=True):
                matches.add((int(strings[name]), name, token, token + 1))
        return {token: sorted(matches) for token, matches in found.items()}

    def _anchored(self, doc: Doc) -> set[tuple[int, int]]:
        """The stretches of tokens at which a pattern of several tokens can match at all."""
        found: set[tuple[int, int]] = set()
        columns: dict[str, Any] = {name: doc.to_array([name]) for name in _ANCHORS}
        for name, value, before, after in self._anchors:
            places = np.flatnonzero(columns[name] == value)
            found.update((max(0, at - before), at + after) for at in places.tolist())
        return found

    def _of_triples(self, doc: Doc, triples: list[_Triple]) -> dict[_Triple, _Attributes]:
        """The attributes of a document's triples; the components see those that are new."""
        distinct = dict.fromkeys(triples)
        new = [triple for triple in distinct if triple not in self._kept]
        found = {triple: self._kept[triple] for triple in distinct if triple in self._kept}
        if not new:
            return found
        strings = doc.vocab.strings
        words = Doc(doc.vocab, [strings[orth] for orth, _, _ in new])
        words.from_array(_TRIPLE, _array(new, len(_TRIPLE)))
        self._lemmatizer(self._of_word(words))
        values = map(tuple, words.to_array(_SET).tolist())
        learned = dict(zip(new, map(_Attributes, values, (w.lemma_ for w in words)), strict=True))
        if len(self._kept) + len(new) > _MOST_KEPT:
            self._kept.clear()
            self._lemmatizer.cache.clear()  # it has no bound of its own
        self._kept |= learned
        return found | learned


def _array(rows: Sequence[tuple[int, ...]], width: int) -> Any:
    return np.array(rows, dtype=np.uint64).reshape(len(rows), width)


def _anchor(vocab: Vocab, pattern: Sequence[dict[str, Any]]) -> _Anchor:
    """A token that a pattern of several tokens cannot match without."""
    for at, token in enumerate(pattern):
        for name in _ANCHORS:
            if isinstance(token.get(name), str):
                return _Anchor(name, vocab.strings.add(token[name]), at, len(pattern) - at)
    raise TypeError(f"{pattern} among the patterns of its AttributeRuler")


def _is_of_word(rule: dict[str, Any]) -> bool:
    """Whether a rule looks at, and sets attributes of, one token alone."""
    return (
        rule["index"] == 0
        and set(_SET).issuperset(rule["attrs"])
        and all(
            len(pattern) == 1 and _LOOKED_AT.issuperset(pattern[0]) for pattern in rule["patterns"]
        )
    )
