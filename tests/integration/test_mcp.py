"""`quoth mcp` as an assistant starts it: over stdio, with an archive and its own engine."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.server import python_path
from tests.unit.archive.made import archive

mcp = pytest.importorskip("mcp", reason="needs the package mcp")


def test_an_assistant_asks_over_stdio(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.parquet")

    async def asked() -> list[str]:
        started = mcp.StdioServerParameters(
            command=sys.executable,
            args=["-m", "quoth_cli", "mcp", str(path)],
            env={
                **os.environ,
                "PYTHONPATH": python_path(),
                "QUOTH_ENGINE": "tests.fake_engine:load",
            },
        )
        async with mcp.Client(started) as client:
            answers = [
                await client.call_tool("search", {"contains": "bridge"}),
                await client.call_tool("person", {"name": "olsen"}),
                await client.call_tool("verify", {"quotation": "the bridge is unsafe"}),
                await client.call_tool("attribute", {"text": "Hello there."}),
            ]
        return ["\n".join(part.text for part in each.content) for each in answers]

    search, person, verify, attribute = asyncio.run(asked())
    assert "Mara Olsen (the chief engineer): The bridge is safe," in search
    assert "article a1" in search
    assert "characters 1-20" in search
    assert "person mara-olsen" in search  # in the first answer too
    assert "the chief engineer · 2026-05-14" in person
    assert verify.startswith("ALTERED")
    assert "quotation: “unsafe”, article: “safe”" in verify
    assert "characters 0-12" in attribute


def test_a_missing_archive_is_told_at_once(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "quoth_cli", "mcp", str(tmp_path / "none.parquet")],
        env={**os.environ, "PYTHONPATH": python_path()},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 3
    assert done.stderr.strip().endswith("none.parquet: no such file; check the path")
