"""What the pages of the documentation show comes out as they show it, from the real engine."""

from __future__ import annotations

import doctest
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from quoth_server.engine.config import EngineConfig
from quoth_server.engine.types import Article
from tests.integration.server import ROOT, Server

pytestmark = [pytest.mark.model, pytest.mark.slow]

ADDRESS = "127.0.0.1:50051"
PYTHON = ("quickstart", "concepts", "python")
SHELL = ("quickstart", "languages", "searching")


@pytest.fixture(scope="module")
def real() -> Iterator[Server]:
    with Server("--workers", "1", engine="quoth_server.engine.pipeline:load") as server:
        yield server


def blocks(page: str, kind: str) -> str:
    """The code blocks of a kind, one after the other."""
    text = (ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8")
    found = re.findall(rf"^```{kind}\n(.*?)^```$", text, re.M | re.S)
    assert found, page
    return "\n".join(found)


@pytest.mark.parametrize("page", PYTHON)
def test_python_answers_as_the_page_says(page: str, real: Server) -> None:
    text = blocks(page, "pycon").replace(ADDRESS, real.address)
    test = doctest.DocTestParser().get_doctest(text, {}, page, f"docs/{page}.md", 0)
    told: list[str] = []
    doctest.DocTestRunner().run(test, out=told.append)
    assert not told, "".join(told)
    assert len(test.examples) > 5


def test_the_shortest_engine_of_another_language_answers() -> None:
    names: dict[str, Any] = {}
    exec(blocks("new-language", "python"), names)
    body = "Sie sagte: „Wir gehen.“ « Moi aussi », dit-il."
    reading = names["load"](EngineConfig()).attribute(Article(body))
    assert [each.content_of(body).strip() for each in reading.statements] == [
        "Wir gehen.",
        "Moi aussi",
    ]


def commands(text: str) -> Iterator[tuple[str, str]]:
    """Each command after a `$`, with the lines that it prints."""
    for part in re.split(r"^\$ ", text, flags=re.M)[1:]:
        lines = part.splitlines(keepends=True)
        end = 1
        while lines[end - 1].endswith("\\\n"):
            end += 1
        here = re.search(r"<<(\w+)", lines[0])
        if here:
            end = lines.index(f"{here[1]}\n") + 1
        yield "".join(lines[:end]), "".join(lines[end:]).strip("\n")


def programs(folder: Path) -> Path:
    """A folder with the project's commands and buf, as an environment has them."""
    folder.mkdir()
    for name, module in (("quoth-server", "quoth_server"), ("quoth", "quoth_cli")):
        program = folder / name
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m {module} "$@"\n')
        program.chmod(0o755)
    (folder / "buf").symlink_to(Path(sys.executable).with_name("buf"))
    return folder


@pytest.mark.parametrize("page", SHELL)
def test_the_shell_prints_what_the_page_says(page: str, real: Server, tmp_path: Path) -> None:
    # One shell runs all, as a reader does; a separate line stands between two commands.
    shown = list(commands(blocks(page, "console").replace(ADDRESS, real.address)))
    # The server of the page is the one that runs already.
    mine = [(line, out) for line, out in shown if not line.startswith("quoth-server ")]
    script = "".join(f"{line}\necho ======\n" for line, _ in mine)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("QUOTH_")}
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=tmp_path,
        env=kept | {"PATH": f"{programs(tmp_path / 'bin')}:{kept['PATH']}", "COLUMNS": "100"},
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    printed = [out.strip("\n") for out in done.stdout.split("======\n")[:-1]]
    assert printed == [out for _, out in mine], done.stderr
