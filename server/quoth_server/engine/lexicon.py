"""The engine's word lists: `data/en/*.txt`, one entry a line, `#` starts a comment.

In some each entry tells what it is, after a colon: `tweet: SOCIAL_MEDIA`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib import resources

__all__ = ["digest", "meanings", "words"]

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


@cache
def meanings(name: str) -> Mapping[str, str]:
    """The entries of a list that tells what each is, `entry: meaning`, read once in a process.

    Raises:
        FileNotFoundError: There is no such list; lists are part of the package, so this is a bug.
    """
    return dict(entry.split(": ", maxsplit=1) for entry in words(name))


def digest() -> str:
    """Eight hexadecimal digits that change with any word list or weight that an answer rests on.

    The attribution model is left out: it has its own version.
    """
    files = sorted(_FOLDER.iterdir(), key=lambda file: file.name)
    kept = (f for f in files if f.name.endswith((".txt", ".json")) and "attribution" not in f.name)
    return hashlib.sha256(b"".join(file.read_bytes() for file in kept)).hexdigest()[:8]
