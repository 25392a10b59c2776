"""The words of an article with what is known of each, as arrays for the record network.

Serving and training share this module, so that the network sees in both what it was taught on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
from spacy.tokens import Doc
from spacy.vocab import Vocab

from quoth_server.engine.attributions.encoder import Words
from quoth_server.engine.attributions.reading import ENTITIES, FINE_TAGS, LABELS
from quoth_server.engine.types import Attribution, Paragraph, ParagraphKind, Span

__all__ = ["CLASSES", "FloatArray", "IntArray", "WordTable", "columns_of", "read_table"]

FloatArray = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.int64]

_KNOWN = {"TAG": FINE_TAGS, "DEP": LABELS, "ENT_TYPE": ENTITIES}
_PARAGRAPHS = list(ParagraphKind)
_ROLES = ("source", "cue", "content")

CLASSES = (
    len(FINE_TAGS) + 1,
    len(LABELS) + 1,
    2 * (len(ENTITIES) + 1),
    8,
    6,
    len(_PARAGRAPHS),
    1 + 2 * len(_ROLES),
)
"""How many values each column of `WordTable.classes` has: fine tag, dependency, entity (with its
beginning), shape, mark, kind of paragraph, part of an attribution."""


@dataclass(frozen=True, slots=True)
class WordTable:
    """The words of one article; all arrays are parallel to `words`.

    Shape: `vectors` words × hidden, `classes` words × len(CLASSES). `of_token` maps a token of the
    parse to its first word; white space belongs to the word before it.
    """

    words: Words
    vectors: FloatArray
    classes: IntArray
    sentence: IntArray
    of_token: IntArray

    def __len__(self) -> int:
        return len(self.words)

    def tokens_of(self, words: IntArray) -> list[int]:
        """The tokens of the parse that some words are, or are the beginning of."""
        found: list[int] = np.flatnonzero(np.isin(self.of_token, words)).tolist()
        return found

    def range_of(self, span: Span) -> tuple[int, int]:
        """The words that a span overlaps, half-open."""
        first = int(np.searchsorted(self.words.ends, span.start_offset, side="right"))
        last = int(np.searchsorted(self.words.starts, span.end_offset, side="left"))
        return first, max(first, last)


def read_table(
    doc: Doc,
    words: Words,
    vectors: FloatArray,
    paragraphs: Sequence[Paragraph],
    attributions: Sequence[Attribution],
) -> WordTable:
    """Describes the words of an article.

    Args:
        doc: The parse of the body.
        words: As the attribution model read them.
        vectors: What it made of each.
        paragraphs: Of the body.
        attributions: What it found.
    """
    columns = doc.to_array(["IDX", "TAG", "DEP", "ENT_TYPE", "ENT_IOB", "SENT_START"])
    places = columns[:, 0].astype(np.int64)
    of_token = np.maximum(np.searchsorted(words.starts, places, side="right") - 1, 0)
    token = np.maximum(np.searchsorted(places, words.starts, side="right") - 1, 0)
    begins = columns[:, 5] == 1
    begins[:1] = True
    kinds = np.array([_PARAGRAPHS.index(p.kind) for p in paragraphs] or [0], dtype=np.int64)
    entity = _classes(doc.vocab, "ENT_TYPE", columns[token, 3])
    classes = np.stack(
        [
            _classes(doc.vocab, "TAG", columns[token, 1]),
            _classes(doc.vocab, "DEP", columns[token, 2]),
            2 * entity + (columns[token, 4] == 3),
            words.shape,
            words.mark,
            kinds[np.clip(words.paragraph, 0, len(kinds) - 1)],
            _parts(words, attributions),
        ],
        axis=1,
    ).astype(np.int64)
    sentence = np.cumsum(begins)[token] - 1
    return WordTable(words, vectors, classes, sentence, of_token)


def columns_of(columns: Sequence[npt.ArrayLike], count: int) -> FloatArray:
    """Features side by side, each a number a row or one for all of them: count × features."""
    found = np.empty((count, len(columns)), dtype=np.float32)
    for at, column in enumerate(columns):
        found[:, at] = column
    return found


@cache
def _numbers(vocab: Vocab, column: str) -> Mapping[int, int]:
    return {vocab.strings.add(name): at for at, name in enumerate(_KNOWN[column], 1)}


def _classes(vocab: Vocab, column: str, values: npt.NDArray[np.uint64]) -> IntArray:
    """Numbers of the names in a column; 0 for one that is not known."""
    known = _numbers(vocab, column)
    distinct, inverse = np.unique(values, return_inverse=True)
    numbers = np.array([known.get(int(value), 0) for value in distinct], dtype=np.int64)
    return numbers[inverse]


def _parts(words: Words, attributions: Sequence[Attribution]) -> IntArray:
    """What each word is to an attribution: 0 nothing, then beginning and inside of each part."""
    parts = np.zeros(len(words), dtype=np.int64)
    for at, role in reversed(list(enumerate(_ROLES))):
        for attribution in attributions:
            named = getattr(attribution, role)
            for span in named if role == "content" else [named] if named else []:
                first = int(np.searchsorted(words.ends, span.start_offset, side="right"))
                last = int(np.searchsorted(words.starts, span.end_offset, side="left"))
                parts[first:last] = 2 + 2 * at
                parts[first : first + 1] = 1 + 2 * at
    return parts
