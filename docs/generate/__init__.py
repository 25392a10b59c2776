"""What Sphinx does to the pages of the documentation before it reads them.

A page may hold lines that stand for other text, so that nothing is written in two places:

    <!-- include README.md -->                   a file of the repository
    <!-- include README.md#how-good-it-is -->    what stands under one of its headings
    <!-- generate contract -->                   generated: `contract`, `command`, `nav`

Links are those of the repository, as its readers on the web follow them; here they are led to the
pages of the site.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util import logging

from docs.generate import contract, nav
from docs.generate.links import Links
from docs.generate.markdown import INCLUDE, part
from quoth_server.engine import errors

__all__ = ["setup"]

ROOT = Path(__file__).parents[2]
_GENERATE = re.compile(r"^<!-- generate (\S+) -->$", re.M)
_FLAG = re.compile(r"(?P<code>```.*?```|`[^`\n]*`)|(?<!\w)(?P<flag>--[a-z][\w-]*)", re.S)
_LOG = logging.getLogger(__name__)


def _command() -> str:
    """The reference of the `quoth` command, by typer's own generator."""
    arguments = ["docs.generate.command", "utils", "docs", "--name", "quoth"]
    done = subprocess.run(
        [sys.executable, "-m", "typer", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    text = done.stdout.partition("\n")[2]
    return _FLAG.sub(lambda match: match["code"] or f"`{match['flag']}`", text)


_GENERATORS: dict[str, Callable[[], str]] = {
    "contract": lambda: contract.reference(contract.descriptors(ROOT)),
    "command": _command,
    "nav": lambda: nav.toctrees(page.stem for page in (ROOT / "docs").glob("*.md")),
}


def _expand(links: Links, app: Sphinx, name: str, source: list[str]) -> None:
    """Puts the page together, and leads its links to where they go on the site."""
    page = f"docs/{name}.md"

    def included(match: re.Match[str]) -> str:
        path, _, slug = match[1].partition("#")
        app.env.note_dependency(str(ROOT / path))
        return links.lead(part((ROOT / path).read_text(encoding="utf-8"), slug), path, page)

    text = links.lead(source[0], page, page)
    text = INCLUDE.sub(included, text)
    source[0] = _GENERATE.sub(lambda match: _GENERATORS[match[1]](), text)


def _to_contract(app: Sphinx, _env: Any, node: Any, contnode: nodes.Node) -> nodes.Node | None:
    """Leads a type of the contract, in a docstring, to its place in the reference."""
    name = node.get("reftarget", "").removesuffix(".ValueType").rpartition(".")[2]
    if name not in contract.names(ROOT):
        return None
    uri = app.builder.get_relative_uri(node["refdoc"], "contract")
    return nodes.reference("", "", contnode, internal=True, refuri=f"{uri}#{name.lower()}")


# The engine's errors have namesakes in the client.
_ENGINE = "quoth_server.engine"
_ERRORS = {name: f"{_ENGINE}.errors.{name}" for name in errors.__all__}


def _qualify(_: Sphinx, doctree: nodes.document) -> None:
    """Leads the errors that the engine's docstrings name to the engine's."""
    for node in doctree.findall(addnodes.pending_xref):
        if (node.get("py:module") or "").startswith(_ENGINE):
            node["reftarget"] = _ERRORS.get(node["reftarget"], node["reftarget"])


# What axe-core misses in the theme: the level of a heading, and a table's place among the keys.
_ACCESSIBLE = {
    'role="heading"': 'role="heading" aria-level="2"',
    '<div class="table-wrapper ': '<div tabindex="0" class="table-wrapper ',
}


def _for_everybody(
    _app: Sphinx, _page: str, _template: str, context: dict[str, Any], _doctree: Any
) -> None:
    for part_ in ("body", "furo_navigation_tree"):
        for given, wanted in _ACCESSIBLE.items():
            context[part_] = context.get(part_, "").replace(given, wanted)


def setup(app: Sphinx) -> dict[str, Any]:
    """Hooks into Sphinx."""
    links = Links.of(ROOT, "docs", _LOG.warning)
    app.connect("source-read", partial(_expand, links))
    app.connect("doctree-read", _qualify)
    app.connect("missing-reference", _to_contract)
    app.connect("html-page-context", _for_everybody, priority=900)  # the theme has done its part
    return {"parallel_read_safe": True, "parallel_write_safe": True}
