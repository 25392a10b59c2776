"""What is asked of a statement, as the record network reads it: where it stands, how it looks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from spacy.tokens import Doc

from quoth_server.engine.records.table import FloatArray, IntArray, WordTable
from quoth_server.engine.speakers import sources
from quoth_server.engine.statements import reported_speech
from quoth_server.engine.statements.draft import Draft
from quoth_server.engine.types import StatementKind

__all__ = ["FEATURES", "PLACES", "Questions", "ask"]

PLACES = 4
"""Words of a statement that the network looks at: the head and the first word of its source, the
first words of cue and content."""
_HEAD, _SOURCE, _CUE, _CONTENT = range(PLACES)
_OPENING = frozenset({"that", "whether", "if", "how", "why", "what", "who", "when", "where"})
_CLAUSES = frozenset({"ccomp", "advcl", "parataxis"})
_SUBJECTS = frozenset({"nsubj", "nsubjpass", "expl"})
_FEW, _MANY = 3, 12
FEATURES = 17
"""Numbers that `ask` gives for each statement."""


@dataclass(frozen=True, slots=True)
class Questions:
    """Statements as the network reads them.

    Shape: `places` statements × PLACES, word indices, -1 for what is missing; `features`
    statements × FEATURES. `at` is the word each is placed by: the source's head, else the content.
    """

    table: WordTable
    places: IntArray
    features: FloatArray

    def __len__(self) -> int:
        return len(self.places)

    @property
    def at(self) -> IntArray:
        """The word that each statement is placed by."""
        heads = self.places[:, _HEAD]
        return np.where(heads >= 0, heads, self.places[:, _CONTENT])

    @property
    def cue_at(self) -> IntArray:
        """The word of the saying: the cue, else as `at`."""
        cues = self.places[:, _CUE]
        return np.where(cues >= 0, cues, self.at)

    @property
    def heads(self) -> IntArray:
        """The head of each source, -1 where no words name one."""
        heads: IntArray = self.places[:, _HEAD]
        return heads


def ask(doc: Doc, table: WordTable, drafts: Sequence[Draft]) -> Questions:
    """Describes statements for the network."""
    places = np.full((len(drafts), PLACES), -1, dtype=np.int64)
    features = np.zeros((len(drafts), FEATURES), dtype=np.float32)
    last = len(table) - 1
    for row, draft in enumerate(drafts):
        head = sources.head_of(doc, draft)
        if head is not None:
            places[row, _HEAD] = table.of_token[head.i]
        for column, span in (
            (_SOURCE, draft.source),
            (_CUE, draft.cue),
            (_CONTENT, draft.content[0]),
        ):
            if span is not None:
                places[row, column] = min(table.range_of(span)[0], last)
        features[row] = _features(doc, draft, head is not None)
    return Questions(table, places, features)


def _features(doc: Doc, draft: Draft, has_head: bool) -> list[float]:
    start, end = draft.content[0].start_offset, draft.content[-1].end_offset
    content = doc.char_span(start, end, alignment_mode="expand")
    cue = (
        doc.char_span(draft.cue.start_offset, draft.cue.end_offset, alignment_mode="expand")
        if draft.cue
        else None
    )
    assert content is not None
    root = content.root
    subject = any(t.dep_ in _SUBJECTS and t.head == root for t in content)
    speech = reported_speech.has_word_of_speech(doc, draft.cue)
    values = (
        draft.kind is StatementKind.DIRECT,
        draft.kind is StatementKind.MIXED,
        draft.score,
        draft.source is None,
        draft.cue is None,
        not has_head,
        speech,
        content[0].lower_ in _OPENING,
        content[0].lower_ == "to",
        root.pos_ in {"NOUN", "PROPN", "PRON"},
        speech and (root.dep_ in _CLAUSES or subject),
        len(content) <= _FEW,
        len(content) >= _MANY,
        cue is not None and cue.root.pos_ in {"VERB", "AUX"},
        cue is not None and any(t.dep_ == "auxpass" for t in cue.root.children),
        draft.parent is not None,
        len(draft.content) > 1,
    )
    return [float(value) for value in values]
