"""What people read is written as an English editor would leave it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
READ_BY_PEOPLE = (
    "*.md",
    "docs/**/*.md",
    "proto/**/*.proto",
    "client/quoth/**/*.py",
    "cli/quoth_cli/**/*.py",
    "cli/quoth_cli/**/*.html",
    "server/quoth_server/**/*.py",
)
FILES = sorted({path for pattern in READ_BY_PEOPLE for path in ROOT.glob(pattern)})


@pytest.mark.parametrize(
    "phrase",
    [
        pytest.param(r"(?<![Tt]here) is no (?!longer|more|less)", id="is no: is not a"),
        pytest.param(r"\banew\b", id="anew: again"),
        pytest.param(r"\bgoes on with\b", id="goes on with: continues"),
        pytest.param(r"\bso many\b", id="so many: this many"),
        pytest.param(r"\bwhose one\b", id="whose one: one of which"),
    ],
)
def test_a_phrase_that_reads_as_if_translated_is_gone(phrase: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in FILES
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if re.search(phrase, line)
    ]
    assert found == []


def test_there_are_files_to_look_at() -> None:
    assert len(FILES) > 200
