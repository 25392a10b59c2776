"""Which distribution may import which, so that client and server can be had alone."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = {
    "client/quoth": "quoth",
    "cli/quoth_cli": "quoth_cli",
    "server/quoth_server": "quoth_server",
}
# The command asks a server; these run the engine that is installed beside it.
RUN_THE_ENGINE = {"attributor.py", "cluster/actor.py", "cluster/engine.py"}


def imported(folder: Path) -> Iterator[tuple[str, str]]:
    """Each module of a package, and what it imports, as a dotted name."""
    for path in sorted(folder.rglob("*.py")):
        module = path.relative_to(folder).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from ((module, each.name) for each in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield from ((module, f"{node.module}.{each.name}") for each in node.names)


def importers(folder: str, package: str) -> set[str]:
    return {module for module, name in imported(ROOT / folder) if name.partition(".")[0] == package}


@pytest.mark.parametrize("package", ["quoth_cli", "quoth_server"])
def test_client_imports_no_other_distribution(package: str) -> None:
    assert importers("client/quoth", package) == set()


def test_server_imports_no_command() -> None:
    assert importers("server/quoth_server", "quoth_cli") == set()


def test_command_imports_engine_in_few_modules() -> None:
    assert importers("cli/quoth_cli", "quoth_server") <= RUN_THE_ENGINE
