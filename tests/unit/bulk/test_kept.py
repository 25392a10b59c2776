from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import spacy
from spacy.tokens import DocBin

from quoth_cli.bulk import kept
from quoth_cli.bulk.kept import kept_row, write_brat, write_docbins
from quoth_cli.formats.brat import standoff
from quoth_cli.reading import Item
from tests.unit.cli import example


def rows(count: int) -> list[dict[str, Any]]:
    """Rows as they come back from a journal."""
    return [
        json.loads(
            json.dumps(
                kept_row(
                    Item("here", "a", example.article(), meta=example.META, position=position),
                    example.answer(),
                )
            )
        )
        for position in range(count)
    ]


def test_brat_has_two_files_an_article(tmp_path: Path) -> None:
    write_brat(tmp_path, 0, iter(rows(2)))
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "000000-quay.ann",
        "000000-quay.txt",
        "000001-quay.ann",
        "000001-quay.txt",
        "annotation.conf",
    ]
    assert (tmp_path / "000001-quay.txt").read_bytes().decode() == example.BODY
    expected = standoff(example.article(), example.answer())
    assert (tmp_path / "000001-quay.ann").read_bytes().decode() == expected


def test_docbin_has_a_file_for_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "_DOCS_A_FILE", 2)
    write_docbins(tmp_path, 3, iter(rows(3)))
    paths = sorted(tmp_path.iterdir())
    assert [path.name for path in paths] == ["003-00000.spacy", "003-00001.spacy"]
    vocab = spacy.blank("en").vocab
    docs = [
        doc
        for path in paths
        for doc in DocBin(store_user_data=True).from_disk(path).get_docs(vocab)
    ]
    assert [doc.text for doc in docs] == [example.BODY] * 3
    assert [span.id_ for span in docs[2].spans["quoth.cue"]][:2] == ["s1", "s2"]
    assert docs[0].user_data["quoth"]["article"]["author"] == "A. Reed"
