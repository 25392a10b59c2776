"""Gold and predictions in few words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from quoth_cli.evaluation.documents import Span
from quoth_cli.evaluation.reading import read_gold, read_predictions
from quoth_cli.evaluation.scoring import Score, score

TEXT = "Ana Ruiz, the mayor, said the bridge was safe. Critics called it “a toy made of rust”."
SAFE = "the bridge was safe"
RUST = "it “a toy made of rust”"


def span(words: str, text: str = TEXT) -> Span:
    """Where the words stand in the text."""
    start = text.index(words)
    return start, start + len(words)


def record(words: str = SAFE, /, **more: Any) -> dict[str, Any]:
    """A record of gold."""
    usual = {
        "content": [span(words)],
        "kind": "INDIRECT",
        "speaker": {"names": ["Ana Ruiz"], "kind": "PERSON"},
        "roles": ["mayor"],
    }
    return usual | more


def statement(words: str = SAFE, /, **more: Any) -> dict[str, Any]:
    """A predicted statement."""
    usual = {
        "content": [span(words)],
        "kind": "INDIRECT",
        "speaker": {"name": "Ana Ruiz", "kind": "PERSON"},
        "roles": ["mayor"],
    }
    return usual | more


def written(path: Path, *documents: Mapping[str, Any]) -> Path:
    """The documents in a file, one a line."""
    path.write_text("".join(json.dumps(each) + "\n" for each in documents), encoding="utf-8")
    return path


def scored(folder: Path, gold: Mapping[str, Any], found: Mapping[str, Any]) -> Score:
    """How good the prediction is for one document of gold."""
    gold_file = written(folder / "gold.jsonl", {"id": "a", "text": TEXT, **gold})
    found_file = written(folder / "found.jsonl", {"id": "a", **found})
    return score(read_gold(gold_file), read_predictions(found_file))


__all__ = ["RUST", "SAFE", "TEXT", "record", "scored", "span", "statement", "written"]
