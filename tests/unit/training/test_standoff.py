"""Records that are kept apart from the texts of a corpus."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from training import standoff

TEXT = "Rain will come, the mayor said on Monday. Ida Holm was right."
DOCUMENT = {"id": "a", "title": "Mayor Holm on rain", "published": "2024-05-07", "text": TEXT}
RECORD = {
    "content": [[0, 14]],
    "kind": "INDIRECT",
    "speaker": {"kind": "PERSON", "names": [["text", 42, 50], ["title", 6, 10]]},
    "roles": [["title", 0, 5]],
    "date": "2024-05-06",
    "date_scope": "cue",
    "date_span": [31, 40],
    "factuality": "ASSERTED",
    "source": [16, 25],
    "cue": [26, 30],
}
ANNOTATED = {
    "id": "a",
    "sha256": hashlib.sha256(TEXT.encode()).hexdigest(),
    "records": [RECORD],
    "other": [[[51, 60]]],
}


def test_names_and_roles_are_words_again() -> None:
    told = standoff.whole(DOCUMENT, ANNOTATED)
    (record,) = told["records"]
    assert record["speaker"] == {"kind": "PERSON", "names": ["Ida Holm", "Holm"]}
    assert record["roles"] == ["Mayor"]
    assert {name: told[name] for name in DOCUMENT} == DOCUMENT
    assert told["other"] == ANNOTATED["other"]


def test_a_speaker_that_nobody_can_name_stays_unknown() -> None:
    annotated = {**ANNOTATED, "records": [{**RECORD, "speaker": None, "roles": []}]}
    (record,) = standoff.whole(DOCUMENT, annotated)["records"]
    assert record["speaker"] is None


def test_another_text_is_refused() -> None:
    with pytest.raises(ValueError, match="the text of a is not the one that was annotated"):
        standoff.whole({**DOCUMENT, "text": TEXT + " "}, ANNOTATED)


@pytest.mark.parametrize("corpus", standoff.CORPORA)
def test_no_words_of_a_corpus_are_kept(corpus: str) -> None:
    allowed = {"text", "title", "cue", "context"}
    allowed |= {"DIRECT", "MIXED", "INDIRECT", "ASSERTED", "DENIED", "NEGATED", "FUTURE", "ASKED"}
    allowed |= {"HYPOTHETICAL", "PERSON", "UNNAMED", "GROUP", "ORGANIZATION", "PLACE", "DOCUMENT"}

    def words(value: object, key: str = "") -> list[str]:
        if isinstance(value, dict):
            return [word for name, each in value.items() for word in words(each, name)]
        if isinstance(value, list):
            return [word for each in value for word in words(each, key)]
        return [value] if isinstance(value, str) and key not in {"id", "sha256", "date"} else []

    file = Path(standoff.__file__).parent / "annotated" / f"{corpus}.jsonl"
    told = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    assert len(told) >= 80
    assert set(words(told)) <= allowed
