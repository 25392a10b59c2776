"""The engine's word lists: `data/en/*.txt`, one entry a line, `#` starts a comment.

In some each entry tells what it is, after a colon: `tweet: SOCIAL_MEDIA`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from enum import Enum
from functools import cache
from importlib import resources
from typing import Any, TypeVar

__all__ = ["digest", "meanings", "pairs", "words"]

Meaning = TypeVar("Meaning", bound=Enum)

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
def pairs(name: str) -> Mapping[str, str]:
    """The entries of a list of the form `entry: what it is`, read once in a process.

    Raises:
        FileNotFoundError: There is no such list; lists are part of the package, so this is a bug.
    """
    return dict(entry.split(": ", maxsplit=1) for entry in words(name))


def meanings(name: str, kind: type[Meaning]) -> Mapping[str, Meaning]:
    """The same, with each meaning as a member of an enumeration.

    Raises:
        FileNotFoundError: There is no such list.
        KeyError: A meaning is not a member; this too is a bug.
    """
    found: Mapping[str, Meaning] = _members(name, kind)
    return found


@cache
def _members(name: str, kind: type[Enum]) -> Mapping[str, Any]:
    return {entry: kind[meaning] for entry, meaning in pairs(name).items()}


def digest() -> str:
    """Eight hexadecimal digits that change with any word list or weight that an answer rests on.

    The attribution model is left out: it has its own version.
    """
    files = sorted(_FOLDER.iterdir(), key=lambda file: file.name)
    kept = (f for f in files if f.name.endswith((".txt", ".json")) and "attribution" not in f.name)
    return hashlib.sha256(b"".join(file.read_bytes() for file in kept)).hexdigest()[:8]
