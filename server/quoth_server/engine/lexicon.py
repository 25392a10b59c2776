"""The engine's word lists: `data/en/*.txt`, one entry a line, `#` starts a comment."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import resources

__all__ = ["digest", "words"]

_FOLDER = resources.files("quoth_server.engine") / "data" / "en"


@cache
def words(name: str) -> frozenset[str]:
    """The entries of the list `data/en/<name>.txt`, read once in a process.

    Raises:
        FileNotFoundError: There is no such list; lists are part of the package, so this is a bug.
    """
    text = (_FOLDER / f"{name}.txt").read_text("utf-8")
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    return frozenset(line for line in lines if line)


def digest() -> str:
    """Eight hexadecimal digits that change with any word list or weight that an answer rests on.

    The attribution model is left out: it has its own version.
    """
    files = sorted(_FOLDER.iterdir(), key=lambda file: file.name)
    kept = (f for f in files if f.name.endswith((".txt", ".json")) and "attribution" not in f.name)
    return hashlib.sha256(b"".join(file.read_bytes() for file in kept)).hexdigest()[:8]
