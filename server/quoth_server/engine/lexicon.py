"""The engine's word lists: `data/en/*.txt`, one entry a line, `#` starts a comment."""

from __future__ import annotations

from functools import cache
from importlib import resources

__all__ = ["words"]


@cache
def words(name: str) -> frozenset[str]:
    """The entries of the list `data/en/<name>.txt`, read once in a process.

    Raises:
        FileNotFoundError: There is no such list; lists are part of the package, so this is a bug.
    """
    file = resources.files("quoth_server.engine") / "data" / "en" / f"{name}.txt"
    lines = (line.partition("#")[0].strip() for line in file.read_text("utf-8").splitlines())
    return frozenset(line for line in lines if line)
