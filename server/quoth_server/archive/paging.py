"""Where a page or a stream goes on, as texts that callers hand back."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from quoth_server.archive.errors import Replaced

__all__ = ["cursor", "offset_of", "position_of", "token"]

_TOKEN = re.compile(r"([0-9a-f]+)\.(\d{1,9})\.([0-9a-f]{16})", re.ASCII)
_CURSOR = re.compile(r"([0-9a-f]+)\.(\d{1,9})", re.ASCII)


def token(generation: str, offset: int, request: Any) -> str:
    """Where the next page of a request begins."""
    return f"{generation}.{offset}.{_digest(request)}"


def offset_of(given: str, generation: str, request: Any) -> int:
    """Where the page of a token begins; 0 for an empty one.

    Raises:
        ValueError: It is not of this archive and this request.
    """
    if not given:
        return 0
    found = _TOKEN.fullmatch(given)
    if not found or found[1] != generation or found[3] != _digest(request):
        raise ValueError("not a token of this request")
    return int(found[2])


def cursor(generation: str, position: int) -> str:
    """Behind which statement a stream goes on: how many there were."""
    return f"{generation}.{position}"


def position_of(given: str, generation: str, statements: int) -> int:
    """How many statements there were at a cursor; all there are for an empty one.

    Raises:
        ValueError: It is not a cursor.
        Replaced: It is of an archive that is no longer there.
    """
    if not given:
        return statements
    found = _CURSOR.fullmatch(given)
    if not found:
        raise ValueError("not a cursor")
    if found[1] != generation or int(found[2]) > statements:
        raise Replaced
    return int(found[2])


def _digest(request: Any) -> str:
    """What a request asks, whichever page."""
    same = type(request)()
    same.CopyFrom(request)
    for field in ("page_token", "page_size"):
        same.ClearField(field)
    return hashlib.sha256(same.SerializeToString(deterministic=True)).hexdigest()[:16]
