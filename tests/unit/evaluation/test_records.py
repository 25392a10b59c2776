"""Records: gold and answer, and what is right about it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.unit.evaluation.build import RUST, SAFE, record, scored, span, statement

NOBODY = {"speaker": None, "roles": []}
CRITICS = {"speaker": {"names": ["Critics"], "kind": "GROUP"}, "roles": ["Critics"]}
DAY = {"date": "2024-05-07", "date_scope": "cue"}
CONTEXT = {"date": "2024-05-07", "date_scope": "context"}


@pytest.mark.parametrize(
    ("gold", "answer", "wrong"),
    [
        ({}, {}, ""),
        # speakers
        ({}, {"speaker": {"name": "ana  RUIZ", "kind": "PERSON"}}, ""),
        ({}, {"speaker": {"name": "Mayor Ruiz", "kind": "PERSON"}}, "speaker"),
        ({}, {"speaker": {"name": "Ruiz", "kind": "PERSON"}}, "speaker"),
        ({}, {"speaker": {"name": "President Ana Ruiz", "kind": "PERSON"}}, ""),
        ({}, {"speaker": {"name": "Ana Ruiz", "kind": "GROUP"}}, ""),
        ({}, {"speaker": None}, "speaker"),
        ({}, {"speaker": {"name": "", "kind": "PERSON"}}, "speaker"),
        (NOBODY, {"speaker": None, "roles": []}, ""),
        (NOBODY, {"roles": []}, "speaker"),
        (CRITICS, {"speaker": {"name": "the critics", "kind": "GROUP"}, "roles": []}, ""),
        (CRITICS, {"speaker": {"name": "loud critics", "kind": "GROUP"}, "roles": []}, ""),
        (CRITICS, {"speaker": {"name": "two loud critics", "kind": "GROUP"}}, "speaker role"),
        # roles
        ({}, {"roles": ["town mayor"]}, ""),
        ({}, {"roles": ["the old town mayor"]}, "role"),
        ({}, {"roles": ["clerk"]}, "role"),
        ({}, {"roles": ["clerk", "mayor"]}, ""),
        ({}, {"roles": []}, "role"),
        ({}, {"roles": None}, "role"),
        ({"roles": []}, {"roles": ["clerk"]}, ""),
        ({"roles": ["clerk", "mayor"]}, {}, ""),
        # dates
        (DAY, {"date": "2024-05-07"}, ""),
        (DAY, {"date": "2024-05"}, "date"),
        (DAY, {"date": "2024-05-08"}, "date"),
        (DAY, {}, "date"),
        (CONTEXT, {"date": "2024-05-07"}, ""),
        (CONTEXT, {}, ""),
        (CONTEXT, {"date": "2024-05-08"}, "date"),
        ({}, {"date": "2024-05-07"}, "date"),
        ({}, {"date": ""}, ""),
    ],
)
def test_fields_of_a_found_record(
    tmp_path: Path, gold: dict[str, Any], answer: dict[str, Any], wrong: str
) -> None:
    got = scored(tmp_path, {"records": [record(**gold)]}, {"statements": [statement(**answer)]})
    (row,) = got.judgments[0].rows
    assert row.wrong == tuple(wrong.split())
    assert got.figures["record"] == (0 if wrong else 100)


@pytest.mark.parametrize(
    ("words", "found", "spurious"),
    [
        (SAFE, True, False),
        ("said the bridge was safe", True, False),
        ("the bridge", True, False),
        ("bridge", False, False),
        ("safe. Critics called it", False, True),
        ("Critics called it", False, True),
    ],
)
def test_half_of_the_words_find_and_a_fifth_is_near(
    tmp_path: Path, words: str, found: bool, spurious: bool
) -> None:
    figures = scored(tmp_path, {"records": [record()]}, {"statements": [statement(words)]}).figures
    assert figures["found"] == 100 * found
    assert figures["spurious"] == 100 * spurious


def test_other_contents_are_neither_required_nor_spurious(tmp_path: Path) -> None:
    gold = {"records": [record()], "other": [[span(RUST)]]}
    for found in ([statement()], [statement(), statement(RUST)]):
        figures = scored(tmp_path, gold, {"statements": found}).figures
        assert (figures["record"], figures["spurious"]) == (100, 0)


def test_a_statement_is_paired_once(tmp_path: Path) -> None:
    gold = {"records": [record()]}
    figures = scored(tmp_path, gold, {"statements": [statement(), statement()]}).figures
    assert (figures["found"], figures["predicted"], figures["spurious"]) == (100, 2, 0)


@pytest.mark.parametrize(
    ("gold", "answer", "expected"),
    [
        ({}, {}, (100, 100)),
        ({}, {"roles": ["clerk"]}, (0, 0)),
        ({}, {"roles": []}, (0, 0)),
        ({"roles": []}, {"roles": ["clerk"]}, (0, 0)),
        (CRITICS, {"roles": []}, (0, 0)),
        (CRITICS, {"roles": ["critics"]}, (100, 100)),
    ],
)
def test_precision_and_recall_of_roles(
    tmp_path: Path, gold: dict[str, Any], answer: dict[str, Any], expected: tuple[int, int]
) -> None:
    role = scored(
        tmp_path, {"records": [record(**gold)]}, {"statements": [statement(**answer)]}
    ).figures["role"]
    assert (role["precision"], role["recall"]) == expected


def test_surname_is_enough_for_a_person_alone(tmp_path: Path) -> None:
    answer = statement(speaker={"name": "Ruiz", "kind": "PERSON"})
    figures = scored(tmp_path, {"records": [record()]}, {"statements": [answer]}).figures
    assert (figures["speaker"], figures["surname"]) == (0, 100)
    gold = record(speaker={"names": ["Ruiz Steel Works"], "kind": "ORGANIZATION"})
    answer = statement(speaker={"name": "Works", "kind": "ORGANIZATION"})
    assert scored(tmp_path, {"records": [gold]}, {"statements": [answer]}).figures["surname"] == 0


def test_not_statements_are_kept_out_for_the_right_reason(tmp_path: Path) -> None:
    trap = {"span": span("“a toy made of rust”"), "reason": ["SCARE_QUOTES", "TERM"]}
    gold = {"records": [record()], "not_statements": [trap]}
    rejected = [{"span": span("a toy made of rust"), "reason": "TERM"}]
    figures = scored(tmp_path, gold, {"statements": [statement()], "rejected": rejected}).figures
    assert figures["not_statements_kept_out"] == {"count": 1, "of": 1, "percent": 100}
    assert figures["reason_right"]["count"] == 1
    figures = scored(tmp_path, gold, {"statements": [statement(RUST)]}).figures
    assert figures["not_statements_kept_out"]["count"] == 0
    assert figures["reason_right"]["count"] == 0


def test_what_was_not_said_is_seen_so(tmp_path: Path) -> None:
    unsaid = {"content": [span(RUST)], "factuality": ["NEGATED"]}
    gold = {"records": [record()], "other": [[span(RUST)]], "unsaid": [unsaid]}
    found = [statement(factuality="FUTURE"), statement(RUST, factuality="NEGATED")]
    figures = scored(tmp_path, gold, {"statements": found}).figures
    assert figures["unsaid_seen_as_unsaid"]["percent"] == 100
    assert figures["said_taken_as_unsaid"]["percent"] == 100


def test_what_gold_does_not_annotate_has_no_figure(tmp_path: Path) -> None:
    figures = scored(tmp_path, {"records": [record()]}, {"statements": [statement()]}).figures
    assert not {"not_statements_kept_out", "unsaid_seen_as_unsaid"} & set(figures)


def test_an_article_without_an_answer_counts_as_one_without_statements(tmp_path: Path) -> None:
    empty = scored(tmp_path, {"records": [record()]}, {})
    assert empty.judgments[0].rows[0].wrong == ("missed",)
    assert (empty.figures["found"], empty.figures["spurious"]) == (0, 0)
