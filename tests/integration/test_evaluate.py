"""`quoth evaluate` as its users run it, with the fake engine, which echoes the whole body."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from quoth_cli.exits import Exit
from tests.integration.test_command import quoth, running

BODY = "Rain <b>fell</b> on Lisbon, the mayor said."
SPEAKER = {"names": ["Ana Ruiz"], "kind": "PERSON"}


def gold(key: str, text: str = BODY, **more: Any) -> dict[str, Any]:
    content = [[0, len(text)]]
    record = {"content": content, "kind": "DIRECT", "speaker": SPEAKER, "roles": ["mayor"]}
    return {"id": key, "text": text, "published": "2024-05-07", "records": [record], **more}


def lines(path: Path, *documents: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(each) + "\n" for each in documents), encoding="utf-8")
    return path


@pytest.mark.timeout(180)
def test_a_server_is_scored_on_gold_what_is_held_out_first(tmp_path: Path) -> None:
    file = lines(tmp_path / "gold.jsonl", gold("seen"), gold("kept", BODY + " So.", held_out=True))
    html, kept = tmp_path / "worst.html", tmp_path / "kept.jsonl"
    options = ("--html", html, "--keep", kept, "--format", "json")
    with running("--engine", "tests.fake_engine:load") as (address, _):
        done = quoth("evaluate", file, "--server", address, *options)
    assert (done.code, done.told) == (Exit.OK, [])
    answer = json.loads(done.out)
    assert answer["engine"] == "fake-1"
    assert [(each["gold"], each["part"]) for each in answer["scores"]] == [
        ("gold.jsonl", "held out"),
        ("gold.jsonl", "in sight"),
    ]
    for each in answer["scores"]:
        assert each["figures"]["found"] == 100
        assert each["figures"]["record"] == 0
        assert each["intervals"]["found"] == [100, 100]
    page = html.read_text(encoding="utf-8")
    assert "Rain &lt;b&gt;fell" in page
    assert "<b>" not in page
    again = quoth("evaluate", file, "--predictions", kept, "--format", "json")
    assert json.loads(again.out)["scores"] == answer["scores"]


@pytest.mark.timeout(180)
def test_the_engine_here_is_scored_and_articles_without_an_answer_count(tmp_path: Path) -> None:
    file = lines(
        tmp_path / "gold.jsonl",
        gold("good"),
        gold("crashed", "crash\n" + BODY),
        gold("undated", published="yesterday"),
    )
    done = quoth("evaluate", file)
    assert done.code == Exit.SOME_FAILED
    assert [line.split(":")[1].strip() for line in done.told] == ["crashed", "undated"]
    assert "gold.jsonl: 3 articles, 2 without an answer" in done.out
    assert "  found                        33.3" in done.out


def test_tables_of_attributions_and_cases(tmp_path: Path) -> None:
    spans = {"source": [[28, 37]], "cue": [[38, 42]], "content": [[0, 26]]}
    attributions = {"id": "a", "text": BODY, "attributions": [spans]}
    case = {
        "id": "b",
        "text": BODY,
        "phenomenon": 53,
        "expect": [{"content": ["Rain <b>fell</b> on Lisbon"], "speaker": "mayor"}],
    }
    files = [lines(tmp_path / "a.jsonl", attributions), lines(tmp_path / "b.jsonl", case)]
    found = lines(tmp_path / "found.jsonl", {"id": "a", "attributions": [spans]})
    done = quoth("evaluate", *files, "--predictions", found)
    assert done.code == Exit.SOME_FAILED
    assert "INDIRECT" in done.out
    assert "ALL.attribution.f1          100.0  [100.0–100.0]" in done.out
    assert "sources                       0.0  0 of 1  missed 1" in done.out


@pytest.mark.parametrize(
    ("predictions", "told"),
    [
        ("{", "found.jsonl:1: Input data was truncated"),
        ('{"id": "a", "text": "Another"}', "found.jsonl: a: its text differs from the gold's"),
    ],
)
def test_what_cannot_be_scored_is_refused(tmp_path: Path, predictions: str, told: str) -> None:
    file = lines(tmp_path / "gold.jsonl", gold("a"))
    found = tmp_path / "found.jsonl"
    found.write_text(predictions, encoding="utf-8")
    done = quoth("evaluate", file, "--predictions", found)
    assert (done.code, done.out) == (Exit.INPUT, "")
    (line,) = done.told
    assert told in line


def test_predictions_of_other_documents_are_named_and_left_out(tmp_path: Path) -> None:
    file = lines(tmp_path / "gold.jsonl", gold("a"))
    found = lines(tmp_path / "found.jsonl", {"id": "a"}, {"id": "b"}, {"id": "c"})
    done = quoth("evaluate", file, "--predictions", found)
    assert done.code == Exit.OK
    assert done.told == [f"quoth: {found}: b and 1 more: not in the gold, so not scored"]


def test_gold_that_cannot_be_read_is_refused_before_anything_is_asked(tmp_path: Path) -> None:
    done = quoth("evaluate", tmp_path / "nowhere.jsonl")
    assert done.code == Exit.INPUT
    assert done.told == [
        f"quoth: {tmp_path}/nowhere.jsonl: cannot be read: No such file or directory; "
        "check the path"
    ]


def test_a_page_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    file = lines(tmp_path / "gold.jsonl", gold("a"))
    found = lines(tmp_path / "found.jsonl", {"id": "a"})
    done = quoth("evaluate", file, "--predictions", found, "--html", tmp_path)
    assert done.code == Exit.OUTPUT
    assert done.told == [f"quoth: {tmp_path}: cannot be written: Is a directory"]
