"""Gold and predictions that cannot be meant are refused by file, line and field."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from quoth_cli.evaluation.documents import GoldError
from quoth_cli.evaluation.reading import check_spans, read_gold, read_predictions
from quoth_cli.evaluation.scoring import unseen_first
from tests.unit.evaluation.build import TEXT, record, statement, written


def document(key: str = "a", **more: Any) -> dict[str, Any]:
    return {"id": key, "text": TEXT, "records": [record()], **more}


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("{", "gold.jsonl:1: Input data was truncated"),
        (b"\xff\xfe", "gold.jsonl:1: "),
        ("[]", "gold.jsonl:1: Expected `object`, got `array`"),
        ('{"id": "a"}', "gold.jsonl:1: has none of records, attributions, expect"),
        ("", "gold.jsonl: has no gold documents"),
        ([document(), document()], "gold.jsonl:2: id 'a' occurs twice"),
        (
            [document(), {"id": "b", "text": "", "attributions": []}],
            "has attributions and records; put each kind in a separate file",
        ),
        ([document(title=5)], "gold.jsonl:1: Expected `str | null`, got `int` - at `$.title`"),
        (
            [document(records=[record(kind="SPOKEN")])],
            "gold.jsonl:1: Invalid enum value 'SPOKEN' - at `$.records[0].kind`",
        ),
        ([document(records=[record(content=[[0, 900]])])], "span [0, 900] is outside"),
        ([document(records=[record(content=[[5, 2]])])], "span [5, 2] is outside"),
        ([document(records=[record(content=[[1.5, 2]])])], "`$.records[0].content[0][0]`"),
        ([document(other=[[[-1, 2]]])], "span [-1, 2] is outside"),
        (
            [document(records=[record(speaker={"names": [], "kind": "PERSON"})])],
            "`$.records[0].speaker.names`",
        ),
        (
            [{"id": "a", "text": "yes yes", "expect": [{"content": ["yes"]}]}],
            "gold.jsonl:1: 'yes' occurs 2 times in the text",
        ),
        (
            [{"id": "a", "text": "yes", "expect": [], "forbid": ["no"]}],
            "gold.jsonl:1: 'no' occurs 0 times in the text",
        ),
    ],
)
def test_mistakes_are_named(tmp_path: Path, lines: Any, message: str) -> None:
    path = tmp_path / "gold.jsonl"
    if isinstance(lines, bytes):
        path.write_bytes(lines)
    else:
        path.write_text(
            lines if isinstance(lines, str) else "\n".join(map(json.dumps, lines)),
            encoding="utf-8",
        )
    with pytest.raises(GoldError, match=re.escape(message)):
        read_gold(path)


def test_missing_files_are_named(tmp_path: Path) -> None:
    for read in (read_gold, read_predictions):
        with pytest.raises(GoldError, match=r"nowhere.jsonl: cannot be read: No such file"):
            read(tmp_path / "nowhere.jsonl")
    with pytest.raises(GoldError, match="has no gold documents"):
        read_gold(tmp_path)


@pytest.mark.parametrize(
    ("prediction", "message"),
    [
        ({"statements": [statement(content=[[0, 900]])]}, "span [0, 900]"),
        ({"attributions": [{"content": [[0, 1]], "cue": [[3, 900]]}]}, "span [3, 900]"),
        ({"rejected": [{"span": [0, 900]}]}, "span [0, 900]"),
        ({"text": "another"}, "a: its text differs from the gold's"),
    ],
)
def test_predictions_must_be_of_the_text(
    tmp_path: Path, prediction: dict[str, Any], message: str
) -> None:
    (gold,) = read_gold(written(tmp_path / "gold.jsonl", document())).documents
    found = read_predictions(written(tmp_path / "found.jsonl", {"id": "a", **prediction}))
    with pytest.raises(GoldError, match=re.escape(message)):
        check_spans("found.jsonl", gold, found["a"])


def test_toml_and_jsonl_of_a_folder_are_read_together(tmp_path: Path) -> None:
    written(tmp_path / "one.jsonl", document("one"))
    (tmp_path / "two.toml").write_text(
        'hold_out_one_in = 1\n[[text]]\nid = "two"\ntext = "Lund said it rained."\n'
        '[[text.records]]\ncontent = "it rained"\nkind = "INDIRECT"\n',
        encoding="utf-8",
    )
    gold = read_gold(tmp_path)
    assert [each.id for each in gold.documents] == ["one", "two"]
    assert [(each.title, len(each.documents)) for each in unseen_first([gold])] == [
        (f"{tmp_path.name}, held out", 1),
        (f"{tmp_path.name}, in sight", 1),
    ]


def test_what_is_held_out_comes_first(tmp_path: Path) -> None:
    files = {
        "seen": [document("a")],
        "both": [document("b"), document("c", held_out=True)],
        "unseen": [document("d", held_out=True)],
    }
    sets = [read_gold(written(tmp_path / f"{name}.jsonl", *of)) for name, of in files.items()]
    assert [each.title for each in unseen_first(sets)] == [
        "both.jsonl, held out",
        "unseen.jsonl, held out",
        "seen.jsonl",
        "both.jsonl, in sight",
    ]
