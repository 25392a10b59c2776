"""Part of step 2: named entities, the same as spaCy's recognizer finds.

spaCy goes from word to word and asks each of its moves whether it may be made, at the cost of
taking Python's lock a hundred times a word. But outside an entity the scores of a word depend on
that word alone, so all words are scored at once; and inside one only two moves are left.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from spacy.language import Language
from spacy.pipeline import EntityRecognizer
from spacy.tokens import Doc, Span

__all__ = ["EntityRecognition", "replaced"]

_NAME = "ner"
# What the recognizer looks at: this word, the first word of the open entity, and the word before.
_FEATURES = 3
_THIS, _FIRST, _BEFORE = range(_FEATURES)
_PADDING = 0  # stands for a word that is not there

_BEGIN, _IN, _LAST, _UNIT, _OUT = "BILUO"


def replaced(nlp: Language) -> EntityRecognition | None:
    """Takes `ner` out of a pipeline, and gives what does its work.

    None, and the pipeline as it was, where it is not of the kind that spaCy's own English pipelines
    have, or not the last component.
    """
    recognizer: Any = nlp.get_pipe(_NAME)
    if type(recognizer) is not EntityRecognizer or nlp.pipe_names[-1] != _NAME:
        return None
    model = recognizer.model
    if (
        recognizer.cfg["beam_width"] != 1
        or model.get_ref("lower").get_dim("nF") != _FEATURES
        or not model.attrs["has_upper"]
        or model.attrs["unseen_classes"]
    ):
        return None
    nlp.disable_pipe(_NAME)
    return EntityRecognition(recognizer)


class EntityRecognition:
    """The recognizer's network and its moves, for documents without entities.

    The moves are those of `BiluoPushDown` in spaCy: an entity neither begins on white space nor
    continues into the next sentence.
    """

    def __init__(self, recognizer: Any) -> None:
        model = recognizer.model
        self._words_of = model.get_ref("tok2vec")
        self._features_of = model.get_ref("lower")
        upper = model.get_ref("upper")
        self._weights: Any = upper.get_param("W")
        self._bias: Any = upper.get_param("b")
        moves = recognizer.moves
        names = [moves.get_class_name(number).partition("-") for number in range(moves.n_moves)]
        self._moves = [(move, label) for move, _, label in names]
        number = {move: at for at, move in enumerate(self._moves)}
        self._out = number[_OUT, ""]
        self._inside = {
            label: [number[_IN, label], number[_LAST, label]]
            for move, label in self._moves
            if move == _BEGIN
        }
        self._begin = [move == _BEGIN for move, _ in self._moves]
        # A unit without a label is a word that may be in no entity, which nobody says here.
        self._never = [
            move in (_IN, _LAST) or (move, label) == (_UNIT, "") for move, label in self._moves
        ]

    def __call__(self, doc: Doc) -> None:
        """Sets the entities."""
        if not len(doc):
            return
        spaces, starts = doc.to_array(["IS_SPACE", "SENT_START"]).T
        last = np.append(starts[1:] == 1, True)  # of its sentence, or of all
        features = self._features_of.predict(self._words_of.predict([doc]))
        outside = self._outside(features, spaces.astype(bool), last)
        entities = []
        at = 0
        while at < len(doc):
            move, label = self._moves[outside[at]]
            end = at + 1
            if move == _BEGIN:
                end = self._end(features, last, at, label)
            if move != _OUT:
                entities.append(Span(doc, at, end, label))
            at = end
        doc.set_ents(entities)

    def _outside(self, features: Any, spaces: Any, last: Any) -> list[int]:
        """The best move at each word, if no entity is open there."""
        padding = features[_PADDING]
        scores = self._scores(features[1:, _THIS] + padding[_FIRST] + padding[_BEFORE])
        scores[:, self._never] = -np.inf
        scores[np.ix_(last, self._begin)] = -np.inf
        best: list[int] = np.where(spaces, self._out, scores.argmax(axis=1)).tolist()
        return best

    def _end(self, features: Any, last: Any, first: int, label: str) -> int:
        """Where the entity ends that begins at a word."""
        at = first + 1
        moves = self._inside[label]
        while not last[at]:
            # Word n has row n + 1.
            seen = features[at + 1, _THIS] + features[first + 1, _FIRST] + features[at, _BEFORE]
            go_on, end = self._scores(seen, moves)
            if end > go_on:
                break
            at += 1
        return at + 1

    def _scores(self, seen: Any, moves: Any = slice(None)) -> Any:
        hidden = (seen + self._features_of.get_param("b")).max(axis=-1)
        return hidden @ self._weights[moves].T + self._bias[moves]
