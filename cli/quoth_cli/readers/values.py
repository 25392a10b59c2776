"""Values of MongoDB's extended JSON."""

from __future__ import annotations

from typing import Any

from quoth_cli.dates import since_1970

__all__ = ["plain"]

# https://www.mongodb.com/docs/manual/reference/mongodb-extended-json/
_TEXTS = frozenset({"$oid", "$uuid", "$numberDecimal", "$symbol"})
_WHOLE = frozenset({"$numberLong", "$numberInt"})
_LONGEST_NUMBER = 20


def plain(value: Any) -> Any:
    """A value of MongoDB's extended JSON as what it stands for; any other as it is."""
    if not isinstance(value, dict) or len(value) != 1:
        return value
    ((kind, inner),) = value.items()
    if kind == "$date":
        inner = plain(inner)
        if isinstance(inner, int) and not isinstance(inner, bool):
            return since_1970(inner / 1000) or value  # of milliseconds always
        return inner
    if kind in _TEXTS and isinstance(inner, str):
        return inner
    if kind in _WHOLE and isinstance(inner, str) and len(inner) <= _LONGEST_NUMBER:
        try:
            return int(inner)
        except ValueError:
            return value
    return value
