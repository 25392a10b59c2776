"""The corpora beside the clone are those that the figures were measured on."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
SUMS = [line.split() for line in (ROOT / "evaluation/corpora.sha256").read_text().splitlines()]


@pytest.mark.parametrize(("digest", "name"), SUMS, ids=[name for _, name in SUMS])
def test_checksum(digest: str, name: str) -> None:
    path = SHARED / name
    if not path.exists():
        pytest.skip("not beside the clone")
    assert hashlib.sha256(path.read_bytes()).hexdigest() == digest
