"""Other dress for the same news: names, case and marks change, what is said by whom does not.

The corpus is US politics of one year; what is learned must hold for other names, for headlines
in capitals, for transcripts without any, and where marks were lost on the way.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from quoth_server.engine.attributions import encoder
from quoth_server.engine.attributions.decoding import TAGS
from training.data import IGNORE, Example

__all__ = ["Dress", "dressed"]

_LOWER, _CAPITALISED, _CAPITALS = 1, 2, 3
"""Shapes of words; see `encoder.SHAPES`."""
_MIXED = 6


@dataclass(frozen=True, slots=True)
class Dress:
    """How often an article of an epoch is shown with other names, in one case, without marks."""

    names: float = 0.4
    lower: float = 0.04
    capitals: float = 0.04
    unmarked: float = 0.04


def dressed(examples: Sequence[Example], dress: Dress, rng: random.Random) -> Iterator[Example]:
    """Each article of an epoch, some of them in another dress."""
    names = _names(examples)
    for example in examples:
        if rng.random() < dress.names:
            example = _renamed(example, names, rng)
        chance = rng.random()
        if chance < dress.lower:
            example = _recased(example, _LOWER)
        elif chance < dress.lower + dress.capitals:
            example = _recased(example, _CAPITALS)
        if rng.random() < dress.unmarked:
            example = _unmarked(example)
        yield example


def _names(examples: Sequence[Example]) -> list[tuple[int, ...]]:
    """The pieces of words that look like names somewhere in the corpus, each once."""
    return sorted({pieces for example in examples for pieces in _name_words(example).values()})


def _name_words(example: Example) -> dict[int, tuple[int, ...]]:
    """Words that are capitalised inside a sentence and never stand in lower case in the article."""
    words = example.words
    lower = {_pieces(words, i) for i in np.flatnonzero(words.shape == _LOWER)}
    inside = np.flatnonzero((words.shape[1:] == _CAPITALISED) & (words.shape[:-1] == _LOWER)) + 1
    names = {_pieces(words, i) for i in inside} - lower
    capitalised = np.flatnonzero(words.shape == _CAPITALISED)
    found = ((int(i), _pieces(words, i)) for i in capitalised)
    return {i: pieces for i, pieces in found if pieces in names}


def _pieces(words: encoder.Words, index: int) -> tuple[int, ...]:
    return tuple(words.pieces[words.first_piece[index] : words.first_piece[index + 1]].tolist())


def _renamed(example: Example, names: Sequence[tuple[int, ...]], rng: random.Random) -> Example:
    """Half of the names become others, the same everywhere in the article."""
    others = _name_words(example)
    distinct = sorted(set(others.values()))
    new = {old: rng.choice(names) for old in distinct if rng.random() < 0.5}
    words = example.words
    lists = [
        new.get(others[i], others[i]) if i in others else _pieces(words, i)
        for i in range(len(words))
    ]
    first_piece = np.zeros(len(words) + 1, dtype=np.int64)
    np.cumsum([len(pieces) for pieces in lists], out=first_piece[1:])
    flat = np.array([piece for pieces in lists for piece in pieces], dtype=np.int64)
    return replace(example, words=replace(words, pieces=flat, first_piece=first_piece))


def _recased(example: Example, shape: int) -> Example:
    """All letters small or all capital: the pieces are the same, the encoder is uncased."""
    letters = np.isin(example.words.shape, (_LOWER, _CAPITALISED, _CAPITALS, _MIXED))
    shapes = np.where(letters, shape, example.words.shape)
    return replace(example, words=replace(example.words, shape=shapes))


def _unmarked(example: Example) -> Example:
    """Without its quotation marks: words that are marks go, and what they said of the others."""
    words = example.words
    marks = np.isin(words.mark, (1, 3)) & (words.shape == 5)
    kept = np.flatnonzero(~marks)
    place = np.cumsum(~marks) - (~marks)  # a dropped word's place is that of the next one kept
    lengths = np.diff(words.first_piece)
    piece_kept = np.repeat(~marks, lengths)
    fewer = replace(
        words,
        starts=words.starts[kept],
        ends=words.ends[kept],
        paragraph=words.paragraph[kept],
        shape=words.shape[kept],
        mark=np.zeros(len(kept), dtype=np.int64),
        pieces=words.pieces[piece_kept],
        first_piece=np.concatenate([[0], np.cumsum(lengths[kept])]),
    )
    tags = example.tags.copy()
    for index in np.flatnonzero(marks[:-1] & ~marks[1:]):
        if tags[index] != IGNORE and TAGS[tags[index]] == "B-content":
            follower = TAGS.index("I-content")
            tags[index + 1] = tags[index] if tags[index + 1] == follower else tags[index + 1]
    return replace(
        example,
        words=fewer,
        quotations=(),
        tags=tags[kept],
        cue_of=_moved(example.cue_of[kept], place),
        source_of=_moved(example.source_of[kept], place),
    )


def _moved(heads: npt.NDArray[np.int64], place: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    return np.where(heads < 0, heads, place[np.maximum(heads, 0)])
