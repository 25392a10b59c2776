"""Options in groups become the options of a command."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import pytest
import typer
from typer.testing import CliRunner

from quoth_cli.parameters import flattened


@dataclass(frozen=True, slots=True, kw_only=True)
class Inner:
    depth: Annotated[int, typer.Option("--depth", min=1)] = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    source: Annotated[str, typer.Argument()]
    loud: Annotated[bool, typer.Option("--loud")] = False
    inner: Inner


@dataclass(frozen=True, slots=True, kw_only=True)
class Deeper(Inner):
    depth: Annotated[int, typer.Option("--depth")] = 7


def command(group: Group, *, last: Annotated[str, typer.Option("--last")] = "z") -> None:
    """What it does."""
    print(group, last)


def deeper(inner: Deeper) -> None:
    print(inner)


def ran(function: object, *arguments: str) -> str:
    app = typer.Typer(pretty_exceptions_enable=False)
    app.command()(flattened(function))  # type: ignore[arg-type]
    result = CliRunner().invoke(app, list(arguments))
    return result.output


@pytest.mark.parametrize(
    ("arguments", "printed"),
    [
        (["a"], "Group(source='a', loud=False, inner=Inner(depth=3)) z\n"),
        (
            ["a", "--loud", "--depth", "4", "--last", "y"],
            "Group(source='a', loud=True, inner=Inner(depth=4)) y\n",
        ),
    ],
)
def test_nested_groups_are_filled_from_options(arguments: list[str], printed: str) -> None:
    assert ran(command, *arguments) == printed


def test_group_may_have_other_defaults_than_its_parent() -> None:
    assert ran(deeper) == "Deeper(depth=7)\n"


def test_bounds_and_required_arguments_hold() -> None:
    assert "--depth" in ran(command, "a", "--depth", "0")
    assert "Missing argument" in ran(command)


def test_help_is_the_docstring() -> None:
    assert "What it does." in ran(command, "--help")
