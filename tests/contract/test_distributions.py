"""Which distribution may import which, so that client and server can be had alone."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
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


@pytest.mark.parametrize("folder", ["cli/quoth_cli", "server/quoth_server"])
def test_no_insides_of_the_client_are_imported(folder: str) -> None:
    assert not [name for _, name in imported(ROOT / folder) if re.match(r"quoth\._", name)]


# What only extras bring, by the names that are imported; the image has those of `IN_THE_IMAGE`.
IN_THE_IMAGE = ["connectrpc", "h11", "opentelemetry", "prometheus_client", "uvicorn"]
EXTRAS = [
    *("docx", "duckdb", "htmldate", "lxml", "matplotlib", "mcp", "pandas", "pyarrow", "pypdf"),
    *("rapidfuzz", "ray", "tantivy", "trafilatura", "warcio"),
]
IMPORT = """
import importlib, sys
for name in sys.argv[1].split():
    sys.modules[name] = None
for name in sys.argv[2].split():
    importlib.import_module(name)
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("missing", "modules"),
    [
        ([*EXTRAS, *IN_THE_IMAGE], "quoth_server.service.app quoth_server.service.assembly"),
        ([*EXTRAS, *IN_THE_IMAGE], "quoth_server.engine quoth_server.embedded"),
        ([*EXTRAS, *IN_THE_IMAGE], "quoth_cli.app quoth_cli.attributor quoth_cli.commands.bulk"),
        (EXTRAS, "quoth_server.http.door quoth_server.service.prometheus"),
    ],
)
def test_what_needs_no_extra_imports_none(missing: list[str], modules: str) -> None:
    command = [sys.executable, "-c", IMPORT, " ".join(missing), modules]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert not done.returncode, done.stderr
