"""Which archive the commands ask where the environment names a server too."""

from __future__ import annotations

import contextlib
import importlib
from collections.abc import Iterator
from typing import Any

import pytest
from typer.testing import CliRunner

from quoth_cli.app import application
from quoth_cli.connection import ConnectionOptions
from quoth_cli.exits import Exit, Failure

SERVER = "127.0.0.1:1"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[ConnectionOptions]:
    """The connections that commands look for an archive with; each ends the command."""
    connections: list[ConnectionOptions] = []

    @contextlib.contextmanager
    def looking(connection: ConnectionOptions, *_: Any) -> Iterator[Any]:
        connections.append(connection)
        raise Failure(Exit.INPUT, "enough")
        yield

    for command, function in (
        ("verify", "own_archive"),
        ("verify", "connect"),
        ("repeats", "own_archive"),
        ("repeats", "connect"),
        ("serve", "archive_server"),
        ("mcp", "archive_server"),
    ):
        module = importlib.import_module(f"quoth_cli.commands.{command}")
        monkeypatch.setattr(module, function, looking)
    return connections


def ended(*arguments: str, **environment: str) -> int:
    return CliRunner().invoke(application(arguments), arguments, env=environment).exit_code


COMMANDS = [("verify", "some words"), ("repeats",), ("serve",), ("mcp",)]


@pytest.mark.parametrize("command", COMMANDS)
def test_an_archive_wins_over_the_server_of_the_environment(
    asked: list[ConnectionOptions], command: tuple[str, ...]
) -> None:
    assert ended(*command, "statements.parquet", QUOTH_SERVER=SERVER) == Exit.INPUT
    assert ended(*command, QUOTH_SERVER=SERVER) == Exit.INPUT
    assert [each.server for each in asked] == ["", SERVER]


@pytest.mark.parametrize("command", COMMANDS)
def test_an_archive_does_not_win_over_a_server_that_is_given(
    asked: list[ConnectionOptions], command: tuple[str, ...]
) -> None:
    given = (*command, "statements.parquet", "--server", SERVER)
    assert ended(*given, QUOTH_SERVER="127.0.0.1:2") == Exit.INPUT
    assert [each.server for each in asked] == [SERVER]
