"""The order of the pages on the site."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["toctrees"]

_ROOT = "index"
_SECTIONS = {
    "First steps": ("quickstart", "concepts"),
    "Using it": (
        *("command", "view", "formats", "bulk", "searching", "verifying", "people"),
        *("explore", "assistants"),
        *("python", "notebook", "cluster", "languages"),
    ),
    "Running it": ("operating", "settings"),
    "How good it is": (
        *("accuracy", "comparison", "evaluation"),
        *("gold", "speed", "model-card", "training"),
    ),
    "Reference": ("contract",),
    "The project": ("new-language", "contributing", "changelog"),
}
_OTHERS = "Using it"  # where a page goes that is not listed


def toctrees(pages: Iterable[str]) -> str:
    """The navigation, with those of the listed pages that there are, and the others."""
    there = set(pages) - {_ROOT}
    others = there.difference(*_SECTIONS.values())
    blocks = []
    for caption, listed in _SECTIONS.items():
        names = [name for name in listed if name in there]
        names += sorted(others) if caption == _OTHERS else []
        lines = [f":caption: {caption}", ":hidden:", "", *names]
        blocks.append("\n".join(["```{toctree}", *lines, "```"]))
    return "\n\n".join(blocks)
