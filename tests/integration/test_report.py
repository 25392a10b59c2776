"""`quoth attribute --format html`: one page of all the files that could be read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from quoth_cli.exits import Exit
from tests.integration.test_command import quoth, running


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with running() as (address, _):
        yield address


@pytest.fixture
def stories(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / "a.txt", tmp_path / "b.txt"]
    for path in paths:
        path.write_text(f"“Żółw </script> {path.name},” she said.\n", encoding="utf-8")
    return paths


def data(page: str) -> list[dict[str, Any]]:
    found = re.findall(r'<script type="application/json"[^>]*>(.*?)</script>', page, re.DOTALL)
    return [json.loads(each) for each in found]


def test_all_files_are_on_one_page(server: str, stories: list[Path], tmp_path: Path) -> None:
    report = tmp_path / "report.html"
    done = quoth("attribute", *stories, "-f", "html", "-o", report, "--server", server)
    assert done.code == Exit.OK
    assert done.out == ""
    page = report.read_text(encoding="utf-8")
    assert page.count("<!DOCTYPE html>") == 1
    first, second = data(page)
    assert first["article"]["body"] == stories[0].read_text(encoding="utf-8")
    assert (first["name"], second["name"]) == tuple(map(str, stories))
    assert first["response"]["statements"]


def test_a_file_that_cannot_be_read_leaves_the_others(
    server: str, stories: list[Path], tmp_path: Path
) -> None:
    done = quoth("attribute", stories[0], tmp_path / "none.txt", "-f", "html", "--server", server)
    assert done.code == Exit.INPUT
    assert len(data(done.out)) == 1


def test_standard_input_has_its_name(server: str) -> None:
    done = quoth("attribute", "-", "-f", "html", "--server", server, stdin="“Yes,” she said.")
    assert done.code == Exit.OK
    assert [each["name"] for each in data(done.out)] == ["standard input"]
