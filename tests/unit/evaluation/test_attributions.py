"""Attributions: gold and answer, and what is right about it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from quoth_cli.evaluation.quoted import Text
from tests.unit.evaluation.build import RUST, SAFE, scored, span


def attribution(content: str = SAFE, source: str = "Ana Ruiz, the mayor", cue: str = "said") -> Any:
    return {
        "content": [span(content)] if content else [],
        "source": [span(source)] if source else [],
        "cue": [span(cue)] if cue else [],
    }


GOLD = {"attributions": [attribution()]}


@pytest.mark.parametrize(
    ("answer", "content", "source"),
    [
        (attribution(), 100, 100),
        (attribution(source="Ana Ruiz"), 100, 100),  # one contains the other
        (attribution(source="the mayor, said the bridge"), 100, 0),
        (attribution(source="Critics"), 100, 0),
        (attribution(source=""), 100, 0),
        (attribution(cue=""), 100, 100),
        (attribution("said the bridge was safe. Critics"), 100, 100),
        (attribution("bridge"), 0, 0),
        (attribution(RUST), 0, 0),
    ],
)
def test_content_and_source(tmp_path: Path, answer: Any, content: int, source: int) -> None:
    every = scored(tmp_path, GOLD, {"attributions": [answer]}).figures["ALL"]
    assert every["content"]["f1"] == content
    assert every["attribution"]["f1"] == source
    assert every["source_accuracy"] == source


def test_no_source_is_right_where_gold_has_none(tmp_path: Path) -> None:
    gold = {"attributions": [attribution(source="")]}
    for source, right in (("", 100), ("Critics", 0)):
        answer = {"attributions": [attribution(source=source)]}
        assert scored(tmp_path, gold, answer).figures["ALL"]["attribution"]["f1"] == right


def test_what_has_no_content_is_left_out(tmp_path: Path) -> None:
    answer = {"attributions": [attribution(), attribution("")]}
    assert scored(tmp_path, GOLD, answer).figures["ALL"]["predicted"] == 1


def test_exact_spans_set_marks_and_punctuation_aside(tmp_path: Path) -> None:
    gold = {"attributions": [attribution("“a toy made of rust”", "Critics", "called")]}
    answer = {"attributions": [attribution("a toy made of rust", "Critics", "called it")]}
    exact = scored(tmp_path, gold, answer).figures["exact"]
    assert [exact[role]["f1"] for role in ("source", "cue", "content")] == [100, 0, 100]


@pytest.mark.parametrize(
    ("text", "content", "kind"),
    [
        ("He said “go home now”.", "“go home now”", "DIRECT"),
        ("He said “go home now”.", "go home now", "DIRECT"),
        ("He said to “go home now”.", "to “go home now”", "DIRECT"),
        ("He said that they all must “go”.", "that they all must “go”", "MIXED"),
        ("He said that they must go.", "that they must go", "INDIRECT"),
        ('He said "go" loudly.', "go", "DIRECT"),
        ("He said ''go home''.", "''go home''", "DIRECT"),
        ("He said “she said I must go home”.", "I must go", "INDIRECT"),
        ("“Go home.\n\n“And stay,” he said.", "Go home", "DIRECT"),
        ("“Go home.\n\nAnd stay, he said.", "Go home", "INDIRECT"),
        # “ always opens, as it does in English.
        ("„Go home“, he said.", "Go home", "INDIRECT"),
        ("5' 10\" tall, he said.", "5' 10\" tall", "INDIRECT"),
    ],
)
def test_kind_of_content(text: str, content: str, kind: str) -> None:
    assert Text(text).kind((span(content, text),)) == kind


def test_recall_goes_by_the_kind_of_gold_and_precision_by_that_of_the_answer(
    tmp_path: Path,
) -> None:
    gold = {"attributions": [attribution(RUST, "Critics", "called")]}
    answer = {"attributions": [attribution("a toy made of rust", "Critics", "called")]}
    figures = scored(tmp_path, gold, answer).figures
    assert figures["DIRECT"]["attribution"]["precision"] == 100
    assert figures["DIRECT"]["gold"] + figures["MIXED"]["gold"] == 1
