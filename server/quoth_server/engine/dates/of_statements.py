"""Step 8: when each statement was made.

Which of the article's time expressions tells it, or none, the record network weighs; what that
expression means is the calendar's.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from spacy.tokens import Doc

from quoth_server.engine.body import body_of
from quoth_server.engine.dates import time_attachment as attachment
from quoth_server.engine.dates import told_times
from quoth_server.engine.dates.told_times import Chronicle, ToldTime
from quoth_server.engine.records.network import Asked
from quoth_server.engine.records.questions import Questions
from quoth_server.engine.records.table import FloatArray, IntArray, WordTable, columns_of
from quoth_server.engine.statements import Draft
from quoth_server.engine.types import (
    AnchorDate,
    DateBasis,
    DateGranularity,
    Factuality,
    Paragraph,
    StatementDate,
)

__all__ = ["FEATURES", "Dated", "Times", "describe", "find"]

FEATURES = 22
"""Numbers that describe a time expression for a statement."""
_NEAREST = 64
"""The number of expressions that are weighed for a statement, the nearest ones."""
ATTACHED = slice(15, 17)
"""The features that tell what the parse ties to the cue."""
_SURE, _SURE_UNATTACHED, _SURE_OF_CONTEXT = 0.5, 0.5, 0.998
"""A date is given from these probabilities on: where the parse ties it to the cue, where it does
not, and from another sentence, which may be left out. A wrong one spoils the record. Chosen on
articles held out, of Wikinews and PolNeAR's records."""
_ANY_DAY = datetime.date(2000, 1, 1)
_UNSAID = frozenset({Factuality.FUTURE, Factuality.HYPOTHETICAL})


class Times:
    """The time expressions of an article, with the words they begin with."""

    def __init__(
        self,
        doc: Doc,
        table: WordTable,
        paragraphs: Sequence[Paragraph],
        drafts: Sequence[Draft],
        anchor: AnchorDate | None,
    ) -> None:
        self.told: tuple[ToldTime, ...] = tuple(told_times.find(doc, paragraphs))
        self.chronicle = Chronicle(self.told, drafts, paragraphs, anchor.date if anchor else None)
        # What "on Tuesday" tells does not depend on whether the day of publication is known.
        dated = self.chronicle if anchor else Chronicle(self.told, drafts, paragraphs, _ANY_DAY)
        told = [time.expression for time in self.told]
        self.described = np.array(
            [
                [dated.resolve(time) is None for time in self.told],
                [one.granularity is DateGranularity.DAY for one in told],
                [one.granularity is DateGranularity.YEAR for one in told],
                [one.follows_event for one in told],
            ],
            dtype=np.float32,
        )
        self._body = body_of(doc)
        self.words: IntArray = np.array(
            [table.range_of(time.span)[0] for time in self.told], dtype=np.int64
        )

    def attached(
        self, rows: IntArray, draft: Draft, governing: frozenset[int]
    ) -> tuple[list[bool], list[bool]]:
        """What the parse says: which are next to the cue, and which tell its time."""
        near = [self.told[row].words for row in rows]
        if draft.cue is None or not governing:
            return [False] * len(near), [False] * len(near)
        return (
            [attachment.is_beside(self._body, time, draft, governing) for time in near],
            [attachment.tells_time_of(time.root, governing) for time in near],
        )


@dataclass(frozen=True, slots=True)
class Dated:
    """The expressions that tell when a statement was made, and who made it, "" if unknown."""

    times: frozenset[int]
    speaker: str


def describe(
    doc: Doc,
    questions: Questions,
    times: Times,
    row: int,
    draft: Draft,
    before: Sequence[Dated] = (),
    speaker: str = "",
) -> tuple[IntArray, FloatArray]:
    """The expressions to weigh for a statement, and their features.

    Args:
        doc: The parse of the body.
        questions: The statements.
        times: The expressions of the article.
        row: The statement.
        draft: The same.
        before: When the statements before it were made, in text order.
        speaker: Who makes it.

    Returns:
        Shape: expressions; expressions × FEATURES.
    """
    rows = np.arange(len(times.told))
    if not len(rows):
        return rows, np.zeros((0, FEATURES), dtype=np.float32)
    table = questions.table
    at = int(questions.cue_at[row])
    if len(rows) > _NEAREST:
        nearest = np.argsort(np.abs(times.words - at), kind="stable")
        rows = np.sort(nearest[:_NEAREST])
    words = times.words[rows]
    distance = words - at
    sentences = table.sentence[words] - table.sentence[at]
    paragraphs = table.words.paragraph[words] - table.words.paragraph[at]
    content = np.zeros(len(rows), dtype=bool)
    for span in draft.content:
        begin, end = table.range_of(span)
        content |= (words >= begin) & (words < end)
    governing = attachment.governors(doc, draft)
    beside, telling = times.attached(rows, draft, governing)
    latest = before[-1].times if before else frozenset()
    same = bool(before and speaker) and before[-1].speaker == speaker
    mine = next((d for d in reversed(before) if d.speaker == speaker), None) if speaker else None
    last = words[distance < 0].max(initial=-1)
    columns = [
        np.sign(distance) * np.log1p(np.abs(distance)) / 5,
        distance < 0,
        sentences == 0,
        sentences == -1,
        (sentences < -1) & (sentences >= -3),
        sentences > 0,
        paragraphs == 0,
        paragraphs == -1,
        paragraphs < -1,
        content,
        *times.described[:, rows],
        words == words[np.abs(distance).argmin()],
        beside,
        telling,
        [int(number) in latest for number in rows],
        [same and int(number) in latest for number in rows],
        [mine is not None and int(number) in mine.times for number in rows],
        words < last,  # another one stands between
        attachment.is_future(doc, governing),
    ]
    return rows, columns_of(columns, len(rows))


def find(
    doc: Doc,
    asked: Asked,
    times: Times,
    drafts: Sequence[Draft],
    factuality: Sequence[Factuality],
    speaker_ids: Sequence[str],
) -> tuple[StatementDate | None, ...]:
    """Finds the date of each draft; None where the text gives none.

    A date whose words cannot be resolved ("in recent weeks"; "on Tuesday" without an anchor) has
    its span and no value. Its confidence is the network's own.
    """
    dates: list[StatementDate | None] = [None] * len(drafts)
    before: list[Dated] = []
    for row in np.argsort(asked.questions.cue_at, kind="stable").tolist():
        speaker = speaker_ids[row]
        rows, features = describe(doc, asked.questions, times, row, drafts[row], before, speaker)
        chosen: frozenset[int] = frozenset()
        if len(rows):
            chances = asked.choice("time", row, times.words[rows], features)
            attached = features[:, ATTACHED].max(axis=1) > 0
            date = _likeliest(asked, times, row, rows, chances, attached, factuality[row])
            if date is not None:
                dates[row] = date
                chosen = frozenset(i for i in rows.tolist() if times.told[i].span == date.span)
        before.append(Dated(chosen, speaker))
    return tuple(dates)


def _likeliest(
    asked: Asked,
    times: Times,
    row: int,
    rows: IntArray,
    chances: FloatArray,
    attached: npt.NDArray[np.bool_],
    said: Factuality,
) -> StatementDate | None:
    """The likeliest date, by the chances of "none" and of each expression; None if it is unsure.

    Expressions that mean the same day speak for it together.
    """
    told = [times.told[at] for at in rows]
    values = [times.chronicle.resolve(time, future=said in _UNSAID) for time in told]
    votes: dict[object, float] = {}
    for value, chance in zip(values, chances[1:].tolist(), strict=True):
        votes[value] = votes.get(value, 0.0) + chance
    best = max(votes, key=lambda value: votes[value])
    fitting = [place for place, value in enumerate(values) if value == best]
    place = max(fitting, key=lambda place: float(chances[1 + place]))
    time, value = told[place], values[place]
    if value is None and time.expression.follows_event:
        return None
    sentence = asked.questions.table.sentence
    here = sentence[times.words[rows[place]]] == sentence[asked.questions.cue_at[row]]
    least = _SURE if attached[place] else _SURE_UNATTACHED if here else _SURE_OF_CONTEXT
    if votes[best] < least:
        return None
    return StatementDate(
        time.span,
        value.date if value else None,
        value.granularity if value else time.expression.granularity,
        DateBasis.CUE if here else DateBasis.CONTEXT,
        votes[best],
    )
