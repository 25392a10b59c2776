"""Scores as tables for people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from quoth_cli.evaluation.attributions import KINDS, ROLES
from quoth_cli.evaluation.judgment import Figures
from quoth_cli.evaluation.scoring import Score, value_of

__all__ = ["table"]

_THREE = {"precision": "P", "recall": "R", "f1": "F1"}
_RECORDS = {
    "whole record (of all)": "record",
    "found": "found",
    "spurious (of predicted)": "spurious",
    "kind": "kind",
    "speaker (of found)": "speaker",
    "speaker, surname enough": "surname",
    "kind of speaker": "speaker_kind",
    "role, F1": "role.f1",
    "role, precision": "role.precision",
    "role, recall": "role.recall",
    "date, F1": "date.f1",
    "date, precision": "date.precision",
    "date, recall": "date.recall",
    "dates of a cue found": "cue_dates_found",
    "dates of context found": "context_dates_found",
}
_COUNTED = {
    "not a statement, kept out": "not_statements_kept_out",
    "… for the right reason": "reason_right",
    "not said, recognized": "unsaid_seen_as_unsaid",
    "said, taken as not said": "said_taken_as_unsaid",
}


def table(score: Score) -> Iterator[str]:
    """Yields the lines of a score, all figures in percent."""
    articles = len(score.gold.documents)
    missing = f", {score.unanswered} without an answer" if score.unanswered else ""
    yield f"{score.gold.title}: {articles} article{'s' if articles != 1 else ''}{missing}"
    match score.kind:
        case "attributions":
            yield from _attributions(score)
        case "cases":
            yield from _cases(score)
        case _:
            yield from _records(score)


def _records(score: Score) -> Iterator[str]:
    figures = score.figures
    yield f"  {figures['records']} records, {figures['predicted']} statements given"
    for label, name in _RECORDS.items():
        yield f"  {label:<26}{value_of(figures, name):>7.1f}{_interval(score, name)}"
    for label, name in _COUNTED.items():
        if name in figures:
            yield _counted(label, figures[name])


def _attributions(score: Score) -> Iterator[str]:
    figures = score.figures
    yield _row("role", *_THREE.values(), *(f"exact {short}" for short in _THREE.values()))
    for role in ROLES:
        yield _row(role, *_shown(figures["tokens"][role]), *_shown(figures["exact"][role]))
    heads = [f"{of} {short}" for of in ("content", "attr.") for short in _THREE.values()]
    yield _row("attributions", "gold", "given", *heads, "source", "exact")
    for kind in KINDS:
        of = figures[kind]
        source = f"{of['source_accuracy']:.1f}", f"{of['source_exact']:.1f}"
        both = *_shown(of["content"]), *_shown(of["attribution"])
        yield _row(kind, str(of["gold"]), str(of["predicted"]), *both, *source)
    every = figures["ALL"]
    yield (
        f"  without a source: {every['gold_without_source']} in gold, "
        f"{every['predicted_without_source']} given"
    )
    yield "  95 % confidence intervals"
    for name in score.intervals:
        yield f"  {name:<26}{value_of(figures, name):>7.1f}{_interval(score, name)}"


def _cases(score: Score) -> Iterator[str]:
    figures = score.figures
    yield _counted("pass", figures["passed"]) + _interval(score, "passed.percent")
    yield _counted("… that expect something", figures["expecting"])
    for name, group in figures["groups"].items():
        failing = ", ".join(f"{field} {count}" for field, count in group["failing_on"].items())
        yield f"{_counted(name, group)}  {failing}".rstrip()


def _row(name: str, *cells: str) -> str:
    return f"  {name:<14}" + "".join(f"{cell:>11}" for cell in cells)


def _shown(figures: dict[str, float]) -> tuple[str, ...]:
    return tuple(f"{figures[name]:.1f}" for name in _THREE)


def _counted(label: str, figures: Figures | dict[str, Any]) -> str:
    counts = f"{figures['count']} of {figures['of']}"
    return f"  {label:<26}{figures['percent']:>7.1f}  {counts}"


def _interval(score: Score, name: str) -> str:
    if name not in score.intervals:
        return ""
    low, high = score.intervals[name]
    return f"  [{low:.1f}–{high:.1f}]"
