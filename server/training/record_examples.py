"""From gold records to examples for the record network: what the engine sees, and what is right.

An article is read as serving reads it. Statements that the finder found are asked about, and those
it missed too, by the gold's own words for source and cue.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from spacy.tokens import Doc

from quoth_server.engine import anchors, factuality, marks, paragraphs, roles, statements
from quoth_server.engine.attributions import AttributionModel
from quoth_server.engine.attributions.reading import KINDS
from quoth_server.engine.dates import of_statements
from quoth_server.engine.parse import Parser
from quoth_server.engine.records import questions
from quoth_server.engine.records.questions import Questions
from quoth_server.engine.records.table import WordTable, read_table
from quoth_server.engine.speakers import nouns, referents, role_tags
from quoth_server.engine.speakers.candidates import Describer, Said
from quoth_server.engine.statements import Draft
from quoth_server.engine.types import (
    Article,
    DateBasis,
    Factuality,
    Span,
    SpeakerType,
    StatementDate,
    StatementKind,
)
from training.gold_records import Gold, iso, same_role, same_speaker, spans
from training.heads import NAMES

__all__ = ["Pairs", "RecordExample", "Statements", "example"]

UNKNOWN = -1
_UNSAID = frozenset({Factuality.FUTURE, Factuality.HYPOTHETICAL})
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Candidates of one statement: their words, features, and which of them are right.

    `none_right` tells that "none of them" is. Where nothing is right the pairs teach nothing.
    `mentions` are the words by which the speaker is named nearest to each, where roles are asked.
    """

    words: npt.NDArray[np.int64]
    features: npt.NDArray[np.float32]
    right: BoolArray
    none_right: bool = False
    mentions: npt.NDArray[np.int64] | None = None

    @property
    def teaches(self) -> bool:
        """Whether anything is right."""
        return self.none_right or bool(self.right.any())


@dataclass(frozen=True, slots=True)
class Statements:
    """Statements asked about together; lists are parallel, UNKNOWN where gold says nothing.

    `is_statement` are 0 and 1, or chances.
    """

    questions: Questions
    is_statement: Sequence[float]
    speakers: list[Pairs | None]
    times: list[Pairs | None]
    roles: list[Pairs | None]
    kinds: list[int]


@dataclass(frozen=True, slots=True)
class RecordExample:
    """One article: its words, what they are tagged, and the statements to ask about."""

    key: str
    table: WordTable
    names: npt.NDArray[np.int64]
    roles: npt.NDArray[np.int64]
    statements: list[Statements] = field(default_factory=list)


def example(document: Mapping[str, Any], parser: Parser, finder: AttributionModel) -> RecordExample:
    """Reads a gold document."""
    body, published = paragraphs.plain_spaces(document["text"]), document.get("published")
    day = datetime.date.fromisoformat(published[:10]) if published else None
    article = Article(body, document.get("title") or "", day)
    layout = paragraphs.divide(body, article.title)
    anchor = anchors.find(article, layout)
    quotations = marks.pair(body, layout)
    gold = Gold.of(document)
    with parser.memory():
        doc = parser.tokens(body)
        found = finder.read(doc, layout, quotations)
        parser.parse(doc, found.words, found.seen.parse)
        nouns.learn(doc, found)
        table = read_table(
            doc, found.words, found.seen.vectors.astype(np.float16), layout, found.attributions
        )
        made = RecordExample(document["id"], table, *_tags(document, table))
        tagged = role_tags.find(doc, table, found.seen.roles)
        candidates = statements.candidates(doc, layout, quotations, found.attributions)
        records = [gold.record(draft.content) for draft in candidates]
        touched = [gold.touches(draft.content) for draft in candidates]
        made.statements.append(_asked_whether(doc, table, candidates, records, touched))
        kept = [
            (draft, record)
            for draft, record, near in zip(candidates, records, touched, strict=True)
            if record is not None or near
        ]
        missed = [(_draft(record), record) for _, record in gold.records if record.get("source")]
        for told in (kept, missed):
            drafts = [draft for draft, _ in told]
            phrases = referents.find(doc, table, layout, quotations, article.title, tagged)
            times = of_statements.Times(doc, table, layout, drafts, anchor)
            asked = questions.ask(doc, table, drafts)
            said = factuality.find(doc, drafts)
            describer = Describer(doc, phrases, asked, drafts)
            could = roles.find(doc, table, phrases, drafts)
            made.statements.append(
                Statements(
                    asked,
                    [UNKNOWN] * len(drafts),
                    _speakers(describer, phrases, asked, told),
                    _times(doc, asked, times, told, said, "beat" in document),
                    _roles(could, phrases, asked, told),
                    [_kind(record) for _, record in told],
                )
            )
    return made


def _asked_whether(
    doc: Doc,
    table: WordTable,
    drafts: Sequence[Draft],
    records: Sequence[Mapping[str, Any] | None],
    touched: Sequence[bool],
) -> Statements:
    """Whether each candidate is a statement; unknown where it touches what gold leaves open."""
    said = [
        1 if record is not None else UNKNOWN if near else 0
        for record, near in zip(records, touched, strict=True)
    ]
    nothing: list[Pairs | None] = [None] * len(drafts)
    asked = questions.ask(doc, table, drafts)
    return Statements(asked, said, nothing, nothing, nothing, [UNKNOWN] * len(drafts))


def _draft(record: Mapping[str, Any]) -> Draft:
    """A statement as the gold has it."""
    source, cue = spans(record["source"]), spans(record.get("cue"))
    return Draft(
        content=tuple(spans(record["content"])),
        kind=StatementKind[record["kind"]],
        source=source[0] if source else None,
        cue=cue[0] if cue else None,
    )


Told = Sequence[tuple[Draft, Mapping[str, Any] | None]]
"""Statements, each with its record."""


def _speakers(
    describer: Describer, phrases: referents.Referents, asked: Questions, told: Told
) -> list[Pairs | None]:
    """The candidates of each, given who really spoke before."""
    pairs: list[Pairs | None] = [None] * len(told)
    spoken: list[Said] = []
    for row in np.argsort(asked.at, kind="stable").tolist():
        draft, record = told[row]
        if record is None or record["speaker"] is None:
            continue
        found = describer.candidates(row, draft, spoken)
        right = [same_speaker(record["speaker"], phrases.names[at]) for at in found.phrases]
        pairs[row] = Pairs(
            phrases.heads[found.phrases], found.features, np.array(right, dtype=bool)
        )
        names = [name for name in phrases.names if same_speaker(record["speaker"], name)]
        keys = frozenset(name.casefold() for name in names)
        paragraph = int(asked.table.words.paragraph[asked.at[row]])
        spoken.append(Said(keys, paragraph))
    return pairs


def _roles(
    could: roles.RolePhrases, phrases: referents.Referents, asked: Questions, told: Told
) -> list[Pairs | None]:
    """The phrases that can be the role of each, given who really speaks."""
    body = could.doc.text
    speaking: list[tuple[int, ...]] = []
    own: list[int | None] = []
    for row, (_, record) in enumerate(told):
        head = int(asked.heads[row])
        own.append(phrases.at(head) if head >= 0 else None)
        speaker = record["speaker"] if record is not None else None
        named = {at for at, n in enumerate(phrases.names) if speaker and same_speaker(speaker, n)}
        speaking.append(phrases.meaning(named | _only(own[-1]) if speaker else ()))
    sources = frozenset(at for at in own if at is not None)
    pairs: list[Pairs | None] = []
    for (draft, record), mentions in zip(told, speaking, strict=True):
        if record is None or not record["speaker"] or not mentions or not could.roles:
            pairs.append(None)
            continue
        kind = SpeakerType[record["speaker"]["kind"]]
        near = could.near(mentions)
        words, features = near.describe(mentions, sources, kind, draft)
        right = [same_role(record, role.span.of(body)) for role in near.roles]
        none = not record["roles"]
        pairs.append(Pairs(near.words, features, np.array(right), none, words))
    return pairs


def _only(at: int | None) -> set[int]:
    return set() if at is None else {at}


def _times(
    doc: Doc,
    asked: Questions,
    times: of_statements.Times,
    told: Told,
    said: Sequence[Factuality],
    written: bool,
) -> list[Pairs | None]:
    """The time expressions of each, given when those before were really made, and by whom.

    Which statements the day of an event belongs to our own, `written` texts do not teach: with them
    the network gave more of such days on real news, and more wrong ones.
    """
    pairs: list[Pairs | None] = [None] * len(told)
    before: list[of_statements.Dated] = []
    for row in np.argsort(asked.cue_at, kind="stable").tolist():
        draft, record = told[row]
        if record is None:
            continue
        speaker = record["speaker"]["names"][0] if record["speaker"] else ""
        rows, features = of_statements.describe(doc, asked, times, row, draft, before, speaker)
        chosen: frozenset[int] = frozenset()
        if len(rows):
            right = _right_times(times, rows, record, said[row])
            none = record["date"] is None
            if not (written and record.get("date_scope") == "context"):
                pairs[row] = Pairs(times.words[rows], features, np.array(right), none_right=none)
            chosen = frozenset(np.flatnonzero(right).tolist() and rows[np.array(right)].tolist())
        before.append(of_statements.Dated(chosen, speaker))
    return pairs


def _right_times(
    times: of_statements.Times,
    rows: npt.NDArray[np.int64],
    record: Mapping[str, Any],
    said: Factuality,
) -> list[bool]:
    """Which expressions mean the record's day: those that gold names, else all that do."""
    told = [times.told[at] for at in rows]
    words = [*spans(record.get("date_span")), *spans(record.get("when"))]
    values = [times.chronicle.resolve(time, future=said in _UNSAID) for time in told]
    same = [
        value is not None
        and record["date"] is not None
        and iso(StatementDate(None, value.date, value.granularity, DateBasis.CUE)) == record["date"]
        for value in values
    ]
    there = [any(span.overlaps(time.span) for span in words) for time in told]
    exact = [one and other for one, other in zip(same, there, strict=True)]
    return exact if any(exact) else same


def _kind(record: Mapping[str, Any] | None) -> int:
    if record is None or record["speaker"] is None:
        return UNKNOWN
    return [kind.name for kind in KINDS].index(record["speaker"]["kind"])


def _tags(
    document: Mapping[str, Any], table: WordTable
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Tags of the words: names of those who speak, and roles of theirs."""
    body = document["text"]
    names, roles = (np.zeros(len(table), dtype=np.int64) for _ in range(2))
    told = [record for record in document["records"] if record["speaker"]]
    for record in told:
        kind = f"B-{record['speaker']['kind']}"
        if kind in NAMES:
            for name in sorted(record["speaker"]["names"], key=len):
                for first, last in _places(body, name, table):
                    names[first:last] = NAMES.index(kind) + 1
                    names[first] = NAMES.index(kind)
    for record in told:
        for role in sorted(record["roles"], key=len):
            for first, last in _places(body, role, table):
                roles[first:last] = 2
                roles[first] = 1
    return names, roles


def _places(body: str, words: str, table: WordTable) -> list[tuple[int, int]]:
    """The ranges of words at which some words stand, as whole words."""
    pattern = rf"(?<!\w){re.escape(words)}(?!\w)"
    return [
        table.range_of(Span(*match.span()))
        for match in re.finditer(pattern, body, re.IGNORECASE)
        if match.end() > match.start()
    ]
