"""Scores cases: short texts, each of which shows one phenomenon and passes or fails as a whole.

A case passes when every expected statement has a predicted one (the best by IoU of words, at least
0.6) with each tested field right, and no asserted statement has 60 % of its words inside something
forbidden. Names and roles are compared as in `records`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final

from msgspec import UNSET

from quoth_cli.evaluation.documents import (
    Case,
    Expected,
    Prediction,
    Span,
    Speaker,
    SpeakerKind,
    Statement,
)
from quoth_cli.evaluation.judgment import Counts, Figures, Judgment, Row, percent
from quoth_cli.evaluation.names import has_role, is_speaker
from quoth_cli.evaluation.overlap import iou, words_in

__all__ = ["HEADLINES", "figures", "judge"]

HEADLINES: Final = ("passed.percent",)
_MATCH = _INSIDE = 0.6
_SOMEBODY_ELSES = 0.7
_GROUPS = {
    "cues": range(1, 16),
    "shape": range(16, 33),
    "false friends": range(33, 41),
    "sources": range(41, 56),
    "role": range(56, 69),
    "second-hand": range(69, 75),
    "place": range(75, 80),
    "dates": range(80, 93),
    "reports": range(100, 125),
}
_NO_GROUP = "other"


def judge(case: Case, prediction: Prediction) -> Judgment:
    """Scores the statements of one case."""
    found = [words_in(case.text, each.content) for each in prediction.statements]
    rows = [
        *_expectations(case, prediction.statements, found),
        *_prohibitions(case, prediction.statements, found),
    ]
    wrong = {field for row in rows for field in row.wrong}
    group = next((name for name, of in _GROUPS.items() if case.phenomenon in of), _NO_GROUP)
    counts: Counts = Counter({("cases", group): 1, ("passed", group): int(not wrong)})
    if not all(each.optional for each in case.expect):
        counts["expecting"] = 1
        counts["expecting passed"] = int(not wrong)
    counts.update(("wrong", group, field) for field in wrong)
    return Judgment(counts, tuple(rows))


def figures(counts: Counts) -> Figures:
    """How many cases pass, all and by group, and on what the others fail."""
    groups = [name for name in (*_GROUPS, _NO_GROUP) if counts["cases", name]]
    passed = sum(counts["passed", name] for name in groups)
    return {
        "passed": _passed(passed, sum(counts["cases", name] for name in groups)),
        # What saying nothing cannot earn.
        "expecting": _passed(counts["expecting passed"], counts["expecting"]),
        "groups": {
            name: {
                **_passed(counts["passed", name], counts["cases", name]),
                "failing_on": _failing_on(counts, name),
            }
            for name in groups
        },
    }


def _passed(count: int, of: int) -> dict[str, Any]:
    return {"count": count, "of": of, "percent": percent(count, of)}


def _failing_on(counts: Counts, group: str) -> dict[str, int]:
    found = {
        key[2]: number
        for key, number in counts.items()
        if isinstance(key, tuple) and key[:2] == ("wrong", group) and number
    }
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def _expectations(
    case: Case, statements: Sequence[Statement], found: Sequence[frozenset[int]]
) -> Iterator[Row]:
    for expected in case.expect:
        spans = [_spans(case.text, parts) for parts in expected.wordings]
        wanted = [words_in(case.text, each) for each in spans]
        overlaps = [max(iou(words, own) for words in wanted) for own in found]
        best = max(overlaps, default=0.0)
        gold = _described(expected)
        if best < _MATCH:
            if not expected.optional:
                yield Row(gold, "", spans[0], (), ("missed",))
            continue
        # Of equally good ones, the one that is most right.
        chosen, wrong = min(
            (
                (each, tuple(_wrong_fields(expected, each)))
                for each, overlap in zip(statements, overlaps, strict=True)
                if overlap == best
            ),
            key=lambda one: len(one[1]),
        )
        yield Row(gold, chosen.summary, spans[0], chosen.content, wrong)


def _prohibitions(
    case: Case, statements: Sequence[Statement], found: Sequence[frozenset[int]]
) -> Iterator[Row]:
    forbidden = [words_in(case.text, _spans(case.text, (each,))) for each in case.forbid]
    for statement, own in zip(statements, found, strict=True):
        if not own or not statement.is_asserted:
            continue
        if any(len(own & words) >= _INSIDE * len(own) for words in forbidden):
            yield Row("", statement.summary, (), statement.content, ("forbidden",))
        said = " ".join(case.text[s:e] for s, e in statement.content).lower()
        if any(word in said for word in case.never):
            yield Row("", statement.summary, (), statement.content, ("taken in",))


def _wrong_fields(expected: Expected, statement: Statement) -> Iterator[str]:
    if expected.kind is not UNSET and statement.kind not in _listed(expected.kind):
        yield "kind"
    if expected.speaker is not UNSET and not _is_speaker_right(expected, statement.name):
        yield "speaker"
    kinds = _listed(expected.speaker_kind)
    if statement.speaker and statement.name and kinds and statement.speaker.kind not in kinds:
        yield "speaker_kind"
    roles = [role for role in statement.roles or () if role]
    if expected.roles is not UNSET and not (
        has_role(expected.roles, roles) if expected.roles else not roles
    ):
        yield "roles"
    for role in roles:
        if has_role(expected.not_roles, [role], _SOMEBODY_ELSES):
            yield "roles"
    if expected.date is not UNSET and (statement.date or None) not in _listed(expected.date):
        yield "date"


def _is_speaker_right(expected: Expected, name: str) -> bool:
    accepted = _listed(expected.speaker)
    if not name:
        return None in accepted
    names = tuple(each for each in accepted if each is not None)
    kinds: tuple[SpeakerKind, ...] = _listed(expected.speaker_kind) or ("PERSON",)
    return bool(names) and any(is_speaker(Speaker(names, kind), name) for kind in kinds)


def _listed(value: Any) -> tuple[Any, ...]:
    if value is UNSET:
        return ()
    return value if isinstance(value, tuple) else (value,)


def _spans(text: str, parts: Sequence[str]) -> tuple[Span, ...]:
    """Where the parts stand; the reader has seen to it that they do."""
    return tuple((text.index(part), text.index(part) + len(part)) for part in parts)


def _described(expected: Expected) -> str:
    tested = ("speaker", "speaker_kind", "roles", "not_roles", "date", "kind")
    values = {name: getattr(expected, name) for name in tested}
    return " · ".join(
        f"{name}: {' / '.join(str(each or 'none') for each in _listed(value)) or 'none'}"
        for name, value in values.items()
        if value is not UNSET and (value or name != "not_roles")
    )
