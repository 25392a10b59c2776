"""Reads a document's words through the network, window by window, in bounded memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from quoth_server.engine.attributions import encoder
from quoth_server.engine.attributions.decoding import FloatArray, IntArray, Scores
from quoth_server.engine.types import Quotation, SpeakerType

__all__ = [
    "ENTITIES",
    "FINE_TAGS",
    "HIDDEN",
    "KINDS",
    "LABELS",
    "ROLES",
    "FloatArray",
    "Network",
    "ParseScores",
    "Seen",
    "quoted_words",
    "score_words",
    "softmax",
]

Network = Callable[[encoder.Inputs], Mapping[str, npt.NDArray[np.float32]]]
"""What the network says of a batch: `tags` (windows, words, TAGS), `cue_of` and `source_of`
(windows, words, 1 + words), of which place 0 is none and place i + 1 the window's word i,
`role`, `speaker`, `fine_tag`, `label`, `entity` and `sentence` (windows, words,
classes), `head` as `cue_of`, and `vectors` (windows, words, hidden)."""

ROLES = ("O", "B-role", "I-role")
"""Tags of the words of a role that a speaker holds."""
# The labels of OntoNotes, as in spaCy's English pipelines.
_FINE_TAGS = (
    "$ '' , -LRB- -RRB- . : ADD AFX CC CD DT EX FW HYPH IN JJ JJR JJS LS MD NFP NN NNP NNPS NNS PDT"
    " POS PRP PRP$ RB RBR RBS RP SYM TO UH VB VBD VBG VBN VBP VBZ WDT WP WP$ WRB XX _SP ``"
)
_LABELS = (
    "ROOT acl acomp advcl advmod agent amod appos attr aux auxpass case cc ccomp compound conj"
    " csubj csubjpass dative dep det dobj expl intj mark meta neg nmod npadvmod nsubj nsubjpass"
    " nummod oprd parataxis pcomp pobj poss preconj predet prep prt punct quantmod relcl xcomp"
)
_ENTITIES = (
    "PERSON ORG GPE LOC FAC NORP WORK_OF_ART LAW PRODUCT EVENT DATE TIME CARDINAL ORDINAL PERCENT"
    " MONEY QUANTITY LANGUAGE"
)
FINE_TAGS, LABELS, ENTITIES = (tuple(each.split()) for each in (_FINE_TAGS, _LABELS, _ENTITIES))
"""Fine tags, labels of arcs and kinds of entities, in the order of the network's classes."""
KINDS = (
    SpeakerType.PERSON,
    SpeakerType.UNNAMED,
    SpeakerType.GROUP,
    SpeakerType.ORGANIZATION,
    SpeakerType.PLACE,
    SpeakerType.DOCUMENT,
)
"""The kinds of speaker in the order of the networks' classes."""
HIDDEN = 384
"""Numbers of a word's vector."""
WINDOW = 288
"""Pieces and separators of a window, as many as in training."""
EDGE, SEAM = encoder.Margins(24, 8), encoder.Margins(64, 32)
"""Around whole paragraphs little is needed: attributions hardly ever leave theirs. Wider edges,
64 and 32, cost a quarter of the speed and did not help on PolNeAR's development part."""
_NO_SPEAKER = 0.995
"""A word that means no speaker with more than this probability is not one."""
_HEADS = 6
"""Heads kept of each word's pointer; the rest holds next to no probability."""


def quoted_words(
    words: encoder.Words, quotations: Sequence[Quotation]
) -> tuple[tuple[int, int], ...]:
    """The closed outermost quotations as ranges of words, in text order and apart."""
    ranges: list[tuple[int, int]] = []
    for quotation in quotations:
        if quotation.depth or not quotation.closed:
            continue
        first = int(np.searchsorted(words.ends, quotation.outer.start_offset, side="right"))
        last = int(np.searchsorted(words.starts, quotation.outer.end_offset, side="left"))
        if first < last and (not ranges or first >= ranges[-1][1]):
            ranges.append((first, last))
    return tuple(ranges)


@dataclass(frozen=True, slots=True)
class ParseScores:
    """What the network makes of the grammar of each word, word by word.

    Shape: `heads` and `masses` words × candidates: words of the document, -1 for none, and how
    likely each is the head; the others words. `tags` are places in `FINE_TAGS`, `labels` in
    `LABELS`, for the case that the word is not a root; `entities` are 0 for none, else 1 + 2 * the
    place in `ENTITIES`, and 1 more inside of one; `begins` says whether a sentence begins.
    """

    tags: IntArray
    heads: IntArray
    masses: FloatArray
    labels: IntArray
    entities: IntArray
    begins: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Seen:
    """What the network makes of each word besides attributions.

    Shape: `roles` words × len(ROLES), probabilities; `kinds` words, places in `KINDS` of the
    speaker that each noun means, -1 for none; `vectors` words × HIDDEN.
    """

    roles: FloatArray
    kinds: IntArray
    vectors: FloatArray
    parse: ParseScores


def score_words(network: Network, words: encoder.Words) -> tuple[Scores, Seen]:
    """Scores every word of a document, each in the window of which it is in the core.

    Windows are read one at a time: what comes out does not depend on what else is read, no
    padding is computed, and memory is that of one window.

    Returns:
        The scores, and what else the network makes of the words.
    """
    rows = list(_score_windows(network, words)) or [_nothing()]
    parts = [np.concatenate(part) for part in zip(*rows, strict=True)]
    scores, (roles, kinds, vectors) = Scores(*parts[:5]), parts[5:8]
    return scores, Seen(roles, kinds, vectors, ParseScores(*parts[8:]))


def _score_windows(network: Network, words: encoder.Words) -> Iterator[tuple[Any, ...]]:
    for window in encoder.core_windows(words, WINDOW, EDGE, SEAM):
        found = network(encoder.pack(words, [window]))
        core = slice(window.core_first - window.first, window.core_last - window.first)
        yield (
            _log_softmax(found["tags"][0, core]),
            *_heads(found["cue_of"][0, core], window.first),
            *_heads(found["source_of"][0, core], window.first),
            softmax(found["role"][0, core]),
            _kinds(found["speaker"][0, core]),
            found["vectors"][0, core],
            found["fine_tag"][0, core].argmax(axis=-1),
            *_heads(found["head"][0, core], window.first),
            # The root of a sentence needs no score to have its label.
            1 + found["label"][0, core, 1:].argmax(axis=-1),
            found["entity"][0, core].argmax(axis=-1),
            found["sentence"][0, core].argmax(axis=-1) == 1,
        )


def _kinds(scores: FloatArray) -> IntArray:
    likely = softmax(scores)
    kinds: IntArray = np.where(likely[:, 0] > _NO_SPEAKER, -1, likely[:, 1:].argmax(axis=1))
    return kinds


def _nothing() -> tuple[Any, ...]:
    """What there is of a document without words."""
    heads = (np.zeros((0, _HEADS), dtype=np.int64), np.zeros((0, _HEADS), dtype=np.float32))
    none = np.zeros(0, dtype=np.int64)
    roles, vectors = (np.zeros((0, size), dtype=np.float32) for size in (len(ROLES), HIDDEN))
    return (
        np.zeros((0, 7), dtype=np.float32),
        *heads,
        *heads,
        roles,
        none,
        vectors,
        none,
        *heads,
        none,
        none,
        none.astype(np.bool_),
    )


def softmax(scores: FloatArray) -> FloatArray:
    """The probabilities that scores stand for, along the last axis."""
    shifted = np.exp(scores - scores.max(axis=-1, keepdims=True))
    chances: FloatArray = shifted / shifted.sum(axis=-1, keepdims=True)
    return chances


def _log_softmax(scores: FloatArray) -> FloatArray:
    shifted = scores - scores.max(axis=-1, keepdims=True)
    logs: FloatArray = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return logs


def _heads(scores: FloatArray, first: int) -> tuple[IntArray, FloatArray]:
    """The likeliest heads of each word as word indices of the document (-1: none), and masses."""
    masses = softmax(scores)
    count = min(_HEADS, masses.shape[1])
    places = np.argpartition(masses, -count, axis=1)[:, -count:]
    kept = np.take_along_axis(masses, places, axis=1)
    heads = np.where(places == 0, -1, places - 1 + first)
    if count < _HEADS:
        missing = ((0, 0), (0, _HEADS - count))
        heads = np.pad(heads, missing, constant_values=-1)
        kept = np.pad(kept, missing)
    return heads, kept
