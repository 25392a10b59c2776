"""Where a page or a stream goes on, as texts that callers hand back."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from quoth_server.service import errors
from quoth_server.service.errors import Violation

__all__ = ["cursor", "offset_of", "position_of", "token"]

_TOKEN = re.compile(r"([0-9a-f]+)\.(\d{1,9})\.([0-9a-f]{16})", re.ASCII)
_CURSOR = re.compile(r"([0-9a-f]+)\.(\d{1,9})", re.ASCII)


def token(generation: str, offset: int, total: int, request: Any) -> str:
    """Where the next page of a request begins; empty if there is no more."""
    return f"{generation}.{offset}.{_digest(request)}" if offset < total else ""


def offset_of(request: Any, generation: str) -> int:
    """Where the page that a request asks for begins; 0 without a token.

    Raises:
        ServiceError: The token is not of this archive and this request.
    """
    if not request.page_token:
        return 0
    found = _TOKEN.fullmatch(request.page_token)
    if not found or found[1] != generation or found[3] != _digest(request):
        description = "it is not from this server for this request; start at the first page"
        raise errors.invalid([Violation("page_token", description, "INVALID_PAGE_TOKEN")])
    return int(found[2])


def cursor(generation: str, position: int) -> str:
    """Behind which statement a stream goes on: how many there were."""
    return f"{generation}.{position}"


def position_of(given: str, generation: str, statements: int) -> int:
    """How many statements there were at a cursor; all there are for an empty one.

    Raises:
        ServiceError: It is not a cursor, or of an archive that is no longer there.
    """
    if not given:
        return statements
    found = _CURSOR.fullmatch(given)
    if not found:
        description = "it is not from this server; send none"
        raise errors.invalid([Violation("cursor", description, "INVALID_CURSOR")])
    if found[1] != generation or int(found[2]) > statements:
        raise errors.archive_replaced()
    return int(found[2])


def _digest(request: Any) -> str:
    """What a request asks, whichever page."""
    same = type(request)()
    same.CopyFrom(request)
    for field in ("page_token", "page_size"):
        same.ClearField(field)
    return hashlib.sha256(same.SerializeToString(deterministic=True)).hexdigest()[:16]
