"""Scores records: who said it, in which role, on which day.

A predicted statement is paired with the record whose words it shares most of (IoU at least 0.5),
one to one; of equally good pairs the last is taken. Of what is paired:

* speaker: one of the acceptable names. For people, `surname` is content with the last word.
* role: shares half of the words with an acceptable one. A missing role is neither right nor wrong
  where the speaker is not a named person, whose description stands for it; a wrong one is wrong.
* date: a "cue" date is wanted, a "context" date may be left out, and where gold has none there must
  be none. It must be as fine as gold's. A wrong date is an error in precision and in recall.

`record` is the share of all records that are found with speaker, role and date right.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from quoth_cli.evaluation.documents import Prediction, Record, Records, Statement
from quoth_cli.evaluation.judgment import Counts, Figures, Judgment, Row, percent, three
from quoth_cli.evaluation.names import has_role, is_speaker
from quoth_cli.evaluation.overlap import iou, one_to_one, words_in

__all__ = ["HEADLINES", "figures", "judge"]

HEADLINES: Final = ("record", "found", "spurious", "speaker", "role.f1", "date.f1")
_PAIRED = 0.5
_NEAR = 0.2
"""What overlaps a record by more than this is not spurious: its content is off."""
_UNSAID = frozenset(("NEGATED", "FUTURE", "HYPOTHETICAL"))


def judge(document: Records, prediction: Prediction) -> Judgment:
    """Scores the statements of one document."""
    text = document.text
    gold = [words_in(text, record.content) for record in document.records]
    found = [words_in(text, each.content) for each in prediction.statements]
    other = [words_in(text, content) for content in document.other]
    overlaps = [(iou(g, p), i, j) for i, g in enumerate(gold) for j, p in enumerate(found)]
    pairs = one_to_one(
        (i, j) for overlap, i, j in sorted(overlaps, reverse=True) if overlap >= _PAIRED
    )
    counts: Counts = Counter({"records": len(gold), "predicted": len(found)})
    rows = []
    for number, record in enumerate(document.records):
        if number not in pairs:
            rows.append(Row(record.summary, "", record.content, (), ("missed",)))
            continue
        statement = prediction.statements[pairs[number]]
        verdict = _Verdict.of(record, statement)
        verdict.count(counts, record, statement)
        wrong = verdict.wrong
        contents = record.content, statement.content
        rows.append(Row(record.summary, statement.summary, *contents, wrong))
    for number in sorted(set(range(len(found))) - set(pairs.values())):
        own = found[number]
        if any(own & words for words in other) or any(iou(own, g) > _NEAR for g in gold):
            continue
        counts["spurious"] += 1
        statement = prediction.statements[number]
        rows.append(Row("", statement.summary, (), statement.content, ("spurious",)))
    _count_not_statements(counts, document, prediction, found)
    _count_unsaid(counts, document, prediction, found, gold)
    return Judgment(counts, tuple(rows))


def figures(counts: Counts) -> Figures:
    """Every figure, in percent, of the summed counts of some documents."""
    found = counts["found"]
    made: Figures = {
        "records": counts["records"],
        "predicted": counts["predicted"],
        "record": percent(counts["record"], counts["records"]),
        "found": percent(found, counts["records"]),
        "spurious": percent(counts["spurious"], counts["predicted"]),
        "kind": percent(counts["kind"], found),
        "speaker": percent(counts["speaker"], found),
        "surname": percent(counts["surname"], found),
        "speaker_kind": percent(counts["speaker_kind"], found),
        "role": _of_errors(counts, "role"),
        "date": _of_errors(counts, "date"),
        "cue_dates_found": percent(counts["date", "cue"], counts["dates", "cue"]),
        "context_dates_found": percent(counts["date", "context"], counts["dates", "context"]),
    }
    # Not every gold says what is not a statement, or was not said.
    for name, of, annotated in (
        ("not_statements_kept_out", "not_statements", "not_statements"),
        ("reason_right", "reasons", "reasons"),
        ("unsaid_seen_as_unsaid", "unsaid", "unsaid"),
        ("said_taken_as_unsaid", "said", "unsaid"),
    ):
        if counts[annotated]:
            share = percent(counts[name], counts[of])
            made[name] = {"count": counts[name], "of": counts[of], "percent": share}
    return made


def _of_errors(counts: Counts, what: str) -> dict[str, float]:
    right, wrong, missing = (counts[what, each] for each in ("right", "wrong", "missing"))
    return three(percent(right, right + wrong), percent(right, right + missing))


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What is right about a record that was found."""

    speaker: bool
    role: bool
    date: bool

    @classmethod
    def of(cls, record: Record, statement: Statement) -> _Verdict:
        roles = statement.roles or ()
        may_lack = not record.roles or (not roles and not _is_person(record))
        if record.date is not None and record.date == statement.date:
            date = True
        else:
            date = not statement.date and record.date_scope != "cue"
        return cls(
            speaker=is_speaker(record.speaker, statement.name),
            role=may_lack or has_role(record.roles, roles),
            date=date,
        )

    @property
    def wrong(self) -> tuple[str, ...]:
        return tuple(name for name in ("speaker", "role", "date") if not getattr(self, name))

    def count(self, counts: Counts, record: Record, statement: Statement) -> None:
        """Adds the verdict to the counts."""
        counts["found"] += 1
        counts["record"] += not self.wrong
        counts["kind"] += statement.kind == record.kind
        counts["speaker"] += self.speaker
        counts["surname"] += is_speaker(record.speaker, statement.name, surname=True)
        counts["speaker_kind"] += bool(
            record.speaker and statement.speaker and record.speaker.kind == statement.speaker.kind
        )
        self._count_role(counts, record, statement)
        right = bool(record.date) and record.date == statement.date
        counts["date", "right"] += right
        counts["date", "wrong"] += bool(statement.date) and not right
        counts["date", "missing"] += record.date_scope == "cue" and not right
        counts["date", record.date_scope] += right
        counts["dates", record.date_scope] += 1

    def _count_role(self, counts: Counts, record: Record, statement: Statement) -> None:
        is_given = bool(statement.roles)
        right = has_role(record.roles, statement.roles or ())
        counts["role", "right"] += right
        counts["role", "wrong"] += is_given and not right
        counts["role", "missing"] += bool(
            record.roles and not right and (is_given or _is_person(record))
        )


def _is_person(record: Record) -> bool:
    return record.speaker is not None and record.speaker.kind == "PERSON"


# ---- what was not said ------------------------------------------------------------------


def _count_not_statements(
    counts: Counts, document: Records, prediction: Prediction, found: Sequence[frozenset[int]]
) -> None:
    for trap in document.not_statements:
        words = words_in(document.text, [trap.span])
        counts["not_statements"] += 1
        counts["not_statements_kept_out"] += not any(
            own and 2 * len(own & words) >= len(own) for own in found
        )
        if trap.reasons:
            counts["reasons"] += 1
            counts["reason_right"] += any(
                each.reason in trap.reasons and words_in(document.text, [each.span]) & words
                for each in prediction.rejected
            )


def _count_unsaid(
    counts: Counts,
    document: Records,
    prediction: Prediction,
    found: Sequence[frozenset[int]],
    gold: Sequence[frozenset[int]],
) -> None:
    unsaid = [(words_in(document.text, u.content), u.factuality) for u in document.unsaid]
    for statement, words in zip(prediction.statements, found, strict=True):
        wanted = next((factuality for other, factuality in unsaid if other & words), None)
        if wanted is not None:
            counts["unsaid"] += 1
            counts["unsaid_seen_as_unsaid"] += statement.factuality in wanted
        elif any(iou(words, record) >= _PAIRED for record in gold):
            counts["said"] += 1
            counts["said_taken_as_unsaid"] += statement.factuality in _UNSAID
