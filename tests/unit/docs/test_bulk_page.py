"""What docs/bulk.md lists is what there is."""

from __future__ import annotations

from pathlib import Path

import pytest

from quoth_cli.exits import MEANINGS
from quoth_cli.readers.mapping import ALIASES
from quoth_cli.readers.sources import SUFFIXES
from quoth_cli.table.schema import Rows, fields_of_rows, markdown_table

PAGE = (Path(__file__).parents[3] / "docs" / "bulk.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("rows", Rows)
def test_the_fields_of_rows(rows: Rows) -> None:
    expected = markdown_table(fields_of_rows(rows, with_text=True))
    assert expected in PAGE, f"docs/bulk.md must have this table:\n{expected}"


@pytest.mark.parametrize("what", ALIASES)
def test_the_names_of_fields(what: str) -> None:
    names = ", ".join(f"`{name}`" for name in ALIASES[what])
    assert f"| {what.replace('_', ' ')} | {names} |" in PAGE


def test_the_kinds_of_files() -> None:
    assert [suffix for suffix in SUFFIXES if f"`{suffix}`" not in PAGE] == []


def test_the_exit_codes() -> None:
    codes = [f"| {int(code)} | {meaning} |" for code, meaning in MEANINGS.items()]
    # One article alone is what REFUSED is of; here it is one of those that failed.
    assert [line for line in codes if line not in PAGE] == [codes[4]]
