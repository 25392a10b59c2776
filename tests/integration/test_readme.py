"""What the README shows works as it stands there."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.server import ROOT, Server


def test_the_script_of_the_readme(server: Server, tmp_path: Path) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.+?)```", readme, re.DOTALL)
    assert len(blocks) == 1
    (tmp_path / "article.txt").write_text("We are full.", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", blocks[0].replace("127.0.0.1:50051", server.address)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "We are full." in done.stdout


@pytest.mark.skipif(not shutil.which("curl"), reason="needs curl")
def test_curl_as_the_readme_has_it() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = [
        block
        for block in re.findall(r"```sh\n(.+?)```", readme, re.DOTALL)
        if block.startswith("curl ")
    ]
    assert len(commands) == 1
    with Server("--workers", "1", "--http", "0") as server:
        command = commands[0].replace("http://127.0.0.1:8080", server.url)
        done = subprocess.run(command, shell=True, capture_output=True, text=True, check=True)
    answer = json.loads(done.stdout)
    assert "Lena Holt" in answer["statements"][0]["contentSpans"][0]["text"]


def test_the_readme_is_read_in_a_few_minutes() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 120


def test_the_files_that_the_readme_names_exist() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for path in re.findall(r"\]\((?!https?:)([^)#]+)\)", readme):
        assert (ROOT / path).exists(), path
