from __future__ import annotations

import contextlib
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from quoth.v1 import GetServerInfoResponse
from quoth_cli.app import application
from quoth_cli.commands import info
from quoth_cli.exits import Exit
from quoth_cli.formats import Format

WRITTEN = {"text", "json", "jsonl"}


@pytest.fixture(autouse=True)
def server(monkeypatch: pytest.MonkeyPatch) -> None:
    @contextlib.contextmanager
    def attributor(_connection: object) -> Iterator[SimpleNamespace]:
        yield SimpleNamespace(server_info=lambda: GetServerInfoResponse(server_version="7.1"))

    monkeypatch.setattr(info, "attributor", attributor)


@pytest.mark.parametrize("form", sorted({*Format, "parquet", "yaml"} - WRITTEN))
def test_a_format_that_is_not_written_is_refused_with_those_that_are(form: str) -> None:
    ended = CliRunner().invoke(application(), ["info", "--format", form])
    assert ended.exit_code == Exit.USAGE
    assert f"'{form}'" in ended.stderr
    assert all(f"'{each}'" in ended.stderr for each in WRITTEN)


@pytest.mark.parametrize("form", sorted(WRITTEN))
def test_every_format_that_is_offered_is_written(form: str) -> None:
    ended = CliRunner().invoke(application(), ["info", "--format", form])
    assert ended.exit_code == Exit.OK
    assert "7.1" in ended.stdout
